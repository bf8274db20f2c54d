"""Turn the messages of a track into cues: which frame each is due on, and where sound is cut.

E messages.
"""

from typing import NamedTuple

import numpy as np

from bridge.sound_protocol import Events

LENGTHS = {0xC0: 2, 0xD0: 2}
"""Bytes of a message by its kind, where they are not three. Source: MIDI 1.0, table 1."""

NOTE_OFF, NOTE_ON, KEY_PRESSURE, CONTROLLER = 0x80, 0x90, 0xA0, 0xB0

ON_THEIR_FRAME = {NOTE_OFF, NOTE_ON, KEY_PRESSURE}
"""The kinds that plug-ins are told with their frame.

All others become parameters: a plug-in hears the last value in what it renders at once, and several
of them before or behind the notes in it. Source: JUCE, VST3PluginInstance; the VST3 SDK,
IMidiMapping; DPF, DistrhoPluginVST3.cpp.
"""


class Cues(NamedTuple):
    """Be what is due, in order: frames (E,) int64 from -1 on, messages, where to cut, rising."""

    frames: np.ndarray
    messages: list[bytes]
    cuts: list[int]


def frames_of(events: Events, sample_rate: int) -> np.ndarray:
    """Return the frame (E,) int64 that each message is nearest to."""
    return np.floor(events.time * sample_rate + 0.5).astype(np.int64)


def messages_of(events: Events) -> list[bytes]:
    """Return the bytes of each message."""
    rows = np.stack([events.status, events.data1, events.data2], axis=1).tobytes()
    kinds = (events.status & 0xF0).tolist()
    return [rows[3 * k : 3 * k + LENGTHS.get(kind, 3)] for k, kind in enumerate(kinds)]


def first_note(events: Events, sample_rate: int) -> int:
    """Return the frame of the first note on, or of the last message if there is none."""
    frames = frames_of(events, sample_rate)
    on = np.flatnonzero(((events.status & 0xF0) == NOTE_ON) & (events.data2 > 0))
    return int(frames[on[0]]) if len(on) else int(frames[-1]) if len(frames) else 0


def cues(events: Events, sample_rate: int) -> Cues:
    """Return the cues of a track; notes are on their frames, controllers may be one beside.

    A plug-in does not know the order of notes and controllers on one frame. So a controller that
    comes before a note is put a frame earlier, one after a note, or after itself, a frame later.
    Where several move on one frame it is rendered alone, so that no later note is among them.
    """
    messages = messages_of(events)
    frames = frames_of(events, sample_rate)
    cut = ~np.isin(events.status & 0xF0, list(ON_THEIR_FRAME))
    if cut.any():
        _put_aside(frames, messages, cut.tolist())
    order = np.argsort(frames, kind="stable")
    moved, times = np.unique(frames[cut], return_counts=True)
    cuts = np.union1d(moved, moved[times > 1] + 1).tolist()
    return Cues(frames[order], [messages[k] for k in order.tolist()], cuts)


def _put_aside(frames: np.ndarray, messages: list[bytes], cut: list[bool]) -> None:
    """Put controllers beside the notes on their frames."""
    due: list[int] = frames.tolist()
    places = [(frame, message[0] & 0x0F) for frame, message in zip(due, messages, strict=True)]
    last_note = {place: row for row, place in enumerate(places) if not cut[row]}
    noted: set[tuple[int, int]] = set()
    last: dict[bytes, int] = {}
    for row, place in enumerate(places):
        if not cut[row]:
            noted.add(place)
            continue
        message, frame = messages[row], due[row]
        key = message[:2] if message[0] & 0xF0 == CONTROLLER else message[:1]
        if place in noted:
            frame += 1
        elif last_note.get(place, -1) > row:
            frame -= 1
        frames[row] = last[key] = max(frame, last.get(key, frame - 1) + 1)
