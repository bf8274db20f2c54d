"""Read all channel messages of a MIDI file, by track and channel.

Letters: E events of a track, R of one channel.

Source: Standard MIDI Files 1.0 (RP-001); MIDI 1.0, table 2.
"""

from collections.abc import Sequence

import numpy as np

from bridge.midi_part import DEFAULT_RELEASE, NOTE_OFF, NOTE_ON, Part, find_parts
from bridge.midi_source import SYSEX, Source, Track
from bridge.sound.messages import AT_ONCE, BEGINS, ENDS, SETS, Messages

Key = tuple[int, int]
"""A track's index and a channel."""


def song_parts(source: Source) -> dict[Key, Part]:
    """Return the parts of a file, each with its notes."""
    parts = (part for index, track in enumerate(source.tracks) for part in find_parts(index, track))
    return {(part.track, part.channel): part for part in parts}


def song_messages(source: Source, parts: dict[Key, Part]) -> dict[Key, Messages]:
    """Return the messages of each channel of each track, notes or not.

    They are in the order of the file; a note that never ends is ended at the end of the song.
    """
    end, seat, found = max((track.end for track in source.tracks), default=0), 0, {}
    for index, track in enumerate(source.tracks):
        mine = [part for key, part in parts.items() if key[0] == index]
        rank, place = _order(track, mine, end)
        spoken = track.heads[:, 0] < SYSEX
        for channel in np.unique(track.heads[spoken, 0] & 0x0F).tolist():
            rows = np.flatnonzero(spoken & (track.heads[:, 0] & 0x0F == channel))
            beat = track.ticks[rows] / source.ticks_per_beat
            piece = Messages(beat, rank[rows], seat + place[rows], _plain(track.heads[rows]))
            ends = _endings(parts.get((index, channel)), rank, seat + place, track)
            ends_beat = np.full(len(ends[0]), end / source.ticks_per_beat)
            found[index, channel] = Messages.joined([piece, Messages(ends_beat, *ends)])
        seat += len(track.events)
    return found


def _order(track: Track, parts: Sequence[Part], end: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ranks (E,) and seats (E,); a note without length has its end right behind it."""
    status, place = track.heads[:, 0] & 0xF0, np.arange(len(track.events), dtype=np.float64)
    begins = (status == NOTE_ON) & (track.heads[:, 2] > 0)
    ends = (status == NOTE_OFF) | (status == NOTE_ON) & ~begins
    rank = np.select([begins, ends], [BEGINS, ENDS], SETS)
    for part in parts:
        endless = part.off < 0
        short = np.where(endless, end, track.ticks[part.off]) == track.ticks[part.on]
        rank[part.on[short]] = AT_ONCE
        on, off = part.on[short & ~endless], part.off[short & ~endless]
        rank[off], place[off] = AT_ONCE, on + 0.5
    return rank, place


def _endings(
    part: Part | None, rank: np.ndarray, place: np.ndarray, track: Track
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return ranks, seats and bytes of what ends the notes that never end."""
    on = np.empty(0, dtype=np.intp) if part is None else part.on[part.off < 0]
    data = track.heads[on].copy()
    data[:, 0] = NOTE_OFF | data[:, 0] & 0x0F
    data[:, 2] = DEFAULT_RELEASE
    ranks = np.where(rank[on] == AT_ONCE, AT_ONCE, ENDS)
    return ranks, place[on] + 0.5, data


def _plain(heads: np.ndarray) -> np.ndarray:
    """Return heads (R, 3) with note offs in place of note ons of velocity 0."""
    plain = heads.copy()
    silent = (heads[:, 0] & 0xF0 == NOTE_ON) & (heads[:, 2] == 0)
    plain[silent, 0] = NOTE_OFF | heads[silent, 0] & 0x0F
    plain[silent, 2] = DEFAULT_RELEASE
    return plain
