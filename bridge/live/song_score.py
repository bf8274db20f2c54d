"""Make a score of a MIDI file, with every message that it has.

Source: Standard MIDI Files 1.0 (RP-001), sysex events; MIDI 1.0, tables 1 to 5.
"""

from collections.abc import Iterator

import numpy as np

from bridge.live.score import BEGINS, ENDS, ENDS_AT_ONCE, SETS, Moment, Score, lay_out
from bridge.midi_meta import read_metre, read_tempo
from bridge.midi_part import find_parts
from bridge.midi_song import Song, to_source
from bridge.midi_source import DATA_BYTES, PACKET, SYSEX, Track
from engines.live.event import NOTE_OFF, POLY_PRESSURE

SYSTEM_ALONE = {0xF3: 2, 0xF6: 1}
"""System messages, and their sizes, that are no clock: song select and tune request."""


def song_score(song: Song) -> Score:
    """Return all that a song plays; its length is that of its longest track, in whole bars.

    Of what a file may hold, only what a clock would say is left out, for the player has a clock of
    its own, and sysex that is not whole.
    """
    source = to_source(song)
    moments: list[Moment] = []
    for index, track in enumerate(source.tracks):
        moments += _moments(index, track, source.ticks_per_beat, len(moments))
    return lay_out(
        moments,
        end=max((track.end for track in source.tracks), default=0) / source.ticks_per_beat,
        metres=read_metre(source),
        tempo=read_tempo(source),
    )


def _moments(index: int, track: Track, ticks_per_beat: int, before: int) -> list[Moment]:
    """Return what a track plays; `before` moments stand before it."""
    begins = {
        off: on
        for part in find_parts(index, track)
        for on, off in zip(part.on.tolist(), part.off.tolist(), strict=True)
        if off >= 0
    }
    played = sorted([*_channel_messages(track), *_system_messages(track)])
    places = {row: before + place for place, (row, _) in enumerate(played)}
    ticks, beats = track.ticks, track.ticks / ticks_per_beat
    return [
        Moment(
            float(beats[row]),
            _rank(data, at_once=row in begins and ticks[begins[row]] == ticks[row]),
            data,
            places.get(begins.get(row, -1), -1),
        )
        for row, data in played
    ]


def _rank(data: bytes, *, at_once: bool) -> int:
    if data[0] < NOTE_OFF or data[0] >= POLY_PRESSURE:
        return SETS
    if data[0] >= NOTE_OFF + 16 and data[2]:
        return BEGINS
    return ENDS_AT_ONCE if at_once else ENDS


def _channel_messages(track: Track) -> Iterator[tuple[int, bytes]]:
    for row in np.flatnonzero(track.heads[:, 0] < SYSEX).tolist():
        yield row, track.events[row]


def _system_messages(track: Track) -> Iterator[tuple[int, bytes]]:
    """Yield the row and the bytes of each system message; one in packets comes with its last."""
    whole = b""
    for row in np.flatnonzero(np.isin(track.heads[:, 0], (SYSEX, PACKET))).tolist():
        event = track.events[row]
        content = event[next(at for at in range(1, len(event)) if event[at] < 0x80) + 1 :]
        if event[0] == SYSEX:
            whole = bytes([SYSEX]) + content
        elif whole:
            whole += content
        else:
            whole = content if _may_be_escaped(content) else b""
        if whole and (whole[-1] == PACKET or whole[0] != SYSEX):
            if max(whole[1:-1], default=0) < 0x80:
                yield row, whole
            whole = b""


def _may_be_escaped(content: bytes) -> bool:
    """Return whether an escape holds one whole message that is neither a note nor a clock's."""
    if not content:
        return False
    if content[0] >= SYSEX:
        size = SYSTEM_ALONE.get(content[0])
        return content[0] == SYSEX or size == len(content)
    return content[0] >= POLY_PRESSURE and len(content) == DATA_BYTES[content[0]] + 1
