"""Choose the track of a MIDI file that a generator goes by, and put what it wrote into the file.

Letters: N notes.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from bridge.error import BridgeError
from bridge.instrument import Instrument, instruments
from bridge.midi_file import Song, read_song
from bridge.tracks import choose_tracks, label
from engines.clip import Clip, Notes, Pad, Role
from engines.features import Features
from engines.role import infer


class Choice(NamedTuple):
    """Say which track is meant, and what it plays; the fields are options of `yuragi generate`."""

    track: str = ""
    role: Role = "auto"
    pads: tuple[Pad, ...] = ()
    until: int | None = None


class Source(NamedTuple):
    """Be a file and the instrument in it that a generator goes by; `clip` is as it is sent."""

    song: Song
    instrument: Instrument
    clip: Clip


def read_source(path: Path, wanted: Role, choice: Choice) -> Source:
    """Return the instrument of a file that is chosen, or the only one of the wanted role.

    It ends with the bar that is chosen, or that of its last note.

    Raises:
        BridgeError: the file cannot be read, or several instruments could be meant, or none.
    """
    song = read_song(path)
    if not song.clips:
        raise BridgeError(f"{path}: it has no notes, allowed are files with one note or more")
    found = instruments(song.clips, _rows(song, wanted, choice))
    if len(found) != 1:
        names = ", ".join(label(song.clips, row) for row in range(len(song.clips)))
        raise BridgeError(
            f"{path}: {len(found)} instruments could be meant, allowed is one of {names}: choose"
            " with --track"
        )
    clip = found[0].clip
    role = choice.role if choice.role != "auto" else infer(song.clips[found[0].rows[0]])
    pads = choice.pads if role == "drums" else ()
    clip = clip.replace(role=role, pads=pads, length=_end(clip, choice.until))
    return Source(song, found[0], clip)


def with_take(source: Source, after: Clip) -> Song:
    """Return the song with what was written: in its track if that is still there, else beside it.

    Notes that were there stay in their tracks; new ones join the track that has their pitch.
    """
    song, before = source.song, source.clip
    if not np.isin(after.notes.note_id, before.notes.note_id).any():
        return song.with_clips((*song.clips, after))
    clips = list(song.clips)
    for row, clip in zip(source.instrument.rows, _parted(source, after), strict=True):
        clips[row] = clip
    return song.with_clips(tuple(clips))


def _rows(song: Song, wanted: Role, choice: Choice) -> list[int]:
    if choice.track:
        return choose_tracks(song.clips, choice.track)
    fits = [row for row, clip in enumerate(song.clips) if wanted in {"auto", infer(clip)}]
    alone = len(instruments(song.clips, range(len(song.clips)))) == 1
    return list(range(len(song.clips))) if alone else fits


def _end(clip: Clip, until: int | None) -> float:
    """Return the time in beats of the line that ends a bar, counted from 1.

    Raises:
        BridgeError: the clip has no such bar.
    """
    lines = Features(clip).bar_onset
    if until is None:
        until = int(np.searchsorted(lines[:-1], float(clip.notes.onset.max()), side="right"))
    if until >= len(lines):
        raise BridgeError(f"until is {until}, allowed are bars from 1 to {len(lines) - 1}")
    return float(lines[until])


def _parted(source: Source, after: Clip) -> list[Clip]:
    """Return the instrument's tracks with the notes that are left and the new ones."""
    parts = [source.song.clips[row] for row in source.instrument.rows]
    ends, notes = np.cumsum([len(part.notes) for part in parts]), after.notes
    old = np.isin(notes.note_id, source.clip.notes.note_id)
    owner = np.where(old, np.searchsorted(ends, notes.note_id, side="right"), 0)
    for row in range(len(parts) - 1, -1, -1):
        owner[~old & np.isin(notes.pitch, parts[row].notes.pitch)] = row
    return [
        part.replace(notes=_renumbered(notes.take(owner == row), int(end), len(part.notes)))
        for row, (part, end) in enumerate(zip(parts, ends, strict=True))
    ]


def _renumbered(notes: Notes, end: int, count: int) -> Notes:
    """Return notes with ids of their track, whose own are the last `count` before `end`."""
    old = notes.note_id < end
    ids = np.where(old, notes.note_id - (end - count), count + np.cumsum(~old))
    return notes.replace(note_id=ids)
