"""Find the notes and the controllers among the events of a MIDI track.

Letters: N notes, C controllers, R rows.

Source: Standard MIDI Files 1.0 (RP-001); MIDI 1.0, table 2.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bridge.midi_source import Track
from engines.clip import Controllers, Notes

NOTE_OFF, NOTE_ON, CONTROL_CHANGE = 0x80, 0x90, 0xB0
"""Status bytes on channel 0."""

DEFAULT_RELEASE = 64
"""What a note on of velocity 0 means as a note off. Source: MIDI 1.0, note off."""


@dataclass(frozen=True, eq=False)
class Part:
    """Say which rows of a track are the notes and controllers of one clip.

    `on` and `off` are (N,) int, `off` is -1 for a note that never ends; `orphans` are note offs
    that end no note; `controllers` are (C,) int.
    """

    track: int
    channel: int
    on: np.ndarray
    off: np.ndarray
    orphans: np.ndarray
    controllers: np.ndarray


def find_parts(index: int, track: Track) -> list[Part]:
    """Return a part for each channel that has notes, in the order of their first notes."""
    status, channels = track.heads[:, 0] & 0xF0, track.heads[:, 0] & 0x0F
    begins = (status == NOTE_ON) & (track.heads[:, 2] > 0)
    found, first = np.unique(channels[begins], return_index=True)
    parts = []
    for channel in found[np.argsort(first)].tolist():
        mine = channels == channel
        notes = np.flatnonzero(mine & ((status == NOTE_ON) | (status == NOTE_OFF)))
        controllers = np.flatnonzero(mine & (status == CONTROL_CHANGE))
        parts.append(Part(index, channel, *_pair(track, notes, begins[notes]), controllers))
    return parts


def read_notes(track: Track, part: Part, ticks_per_beat: int) -> Notes:
    """Return the part's notes; one that never ends lasts until the end of the track."""
    on, off = track.heads[part.on], track.heads[part.off]
    begin, ended = track.ticks[part.on], part.off >= 0
    end = np.where(ended, track.ticks[part.off], track.end)
    return Notes(
        pitch=on[:, 1],
        onset=begin / ticks_per_beat,
        duration=(end - begin) / ticks_per_beat,
        velocity=on[:, 2].astype(float),
        release_velocity=np.where(ended, _release(off), DEFAULT_RELEASE).astype(float),
    )


def read_controllers(track: Track, part: Part, ticks_per_beat: int) -> Controllers:
    """Return the part's controllers."""
    rows = part.controllers
    number, value = track.heads[rows, 1], track.heads[rows, 2]
    return Controllers(number=number, time=track.ticks[rows] / ticks_per_beat, value=value)


def _pair(
    track: Track, rows: np.ndarray, begins: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows of note ons, of their note offs or -1, and of note offs that are left."""
    off = np.full(len(rows), -1)
    left = ~begins
    pitches, ticks = track.heads[rows, 1], track.ticks[rows]
    for pitch in np.unique(pitches):
        places = np.flatnonzero(pitches == pitch)
        ends = _ends(begins[places].tolist(), ticks[places].tolist())
        ended = [begin for begin, end in enumerate(ends) if end >= 0]
        closers = places[[ends[begin] for begin in ended]]
        off[places[ended]] = rows[closers]
        left[closers] = False
    return rows[begins], off[begins], rows[left]


def _ends(begins: list[bool], ticks: list[int]) -> list[int]:
    """Return where each beginning among one pitch's beginnings and ends is ended, -1 if nowhere.

    What overlaps ends in the order in which it began. If some end is missing, each end goes to the
    latest beginning instead, lest one fault shift them all.

    Source: MIDI 1.0, appendix, assignment of note on/off commands, leaves the choice open.
    """
    ends = _ends_by(begins, ticks, deque[int].popleft)
    missing = any(begin and end < 0 for begin, end in zip(begins, ends, strict=True))
    return _ends_by(begins, ticks, deque[int].pop) if missing else ends


def _ends_by(begins: list[bool], ticks: list[int], take: Callable[[deque[int]], int]) -> list[int]:
    """Return the ends if `take` chooses among what sounds.

    A note of no ticks may be written end first: an end that ends nothing, then in the same tick a
    beginning that no end follows.
    """
    ends, sounding, loose = [-1] * len(begins), deque[int](), -1
    for place, begin in enumerate(begins):
        if not begin and sounding:
            ends[take(sounding)] = place
        elif not begin:
            loose = place
        elif (
            0 <= loose == place - 1
            and ticks[loose] == ticks[place]
            and all(begins[place + 1 : place + 2])
        ):
            ends[place] = loose
        else:
            sounding.append(place)
    return ends


def _release(heads: np.ndarray) -> np.ndarray:
    """Return the release velocities of note offs in either form: (R,) uint8."""
    return np.where(heads[:, 0] & 0xF0 == NOTE_OFF, heads[:, 2], DEFAULT_RELEASE)
