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
    end, found = max((track.end for track in source.tracks), default=0), {}
    for index, track in enumerate(source.tracks):
        mine = [part for key, part in parts.items() if key[0] == index]
        rank, place = _order(track, mine, end)
        spoken = track.heads[:, 0] < SYSEX
        for channel in np.unique(track.heads[spoken, 0] & 0x0F).tolist():
            rows = np.flatnonzero(spoken & (track.heads[:, 0] & 0x0F == channel))
            endless = _endless(parts.get((index, channel)))
            tick = np.append(track.ticks[rows], np.full(len(endless), end))
            order = np.lexsort((np.append(place[rows], endless + 0.5), tick))
            ranks = np.append(rank[rows], np.where(rank[endless] == AT_ONCE, AT_ONCE, ENDS))
            data = np.concatenate([_plain(track.heads[rows]), _endings(track.heads[endless])])
            beat = tick[order] / source.ticks_per_beat
            found[index, channel] = Messages(beat, ranks[order], data[order])
    return found


def _order(track: Track, parts: Sequence[Part], end: int) -> tuple[np.ndarray, np.ndarray]:
    """Return ranks (E,) and places (E,); a note without length has its end right behind it."""
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


def _endless(part: Part | None) -> np.ndarray:
    """Return the rows of the notes that never end."""
    return np.empty(0, dtype=np.intp) if part is None else part.on[part.off < 0]


def _endings(heads: np.ndarray) -> np.ndarray:
    """Return what ends the notes that begin with heads (R, 3)."""
    ends = heads.copy()
    ends[:, 0] = NOTE_OFF | heads[:, 0] & 0x0F
    ends[:, 2] = DEFAULT_RELEASE
    return ends


def _plain(heads: np.ndarray) -> np.ndarray:
    """Return heads (R, 3) with note offs in place of note ons of velocity 0."""
    silent = (heads[:, 0] & 0xF0 == NOTE_ON) & (heads[:, 2] == 0)
    return np.where(silent[:, None], _endings(heads), heads)
