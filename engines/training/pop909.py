"""Read POP909: pop songs for piano, with the velocities and the pedal of those who made them.

The score comes from the corrected edition, where all notes are on a grid; the performance comes
from the first edition. Both hold the same notes, moved by one distance a song. Onsets of the first
are close to a grid too: they say nothing of a player's timing. Neither edition has the right metre
and downbeat in every song, so they come from the phrase labels and the chords.

Letters: N notes that the editions share, P pedal events.

Source: POP909 (Wang et al., ISMIR 2020); corrected edition POP909-CL (Yao et al., 2025).
"""

import csv
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from symusic.core import ControlChangeTick, ScoreTick

from engines.clip import SUSTAIN_PEDAL, Clip, Metre, Notes, Tempo
from engines.error import EngineError
from engines.performance.expression import Played
from engines.training.downbeat import beat_phase, beats_a_bar, first_downbeat
from engines.training.edition import PER_BEAT, Edition, paired, read_edition, without_unisons
from engines.training.phrase_label import place_phrases
from engines.training.recording import FLAT, Recording

LOG = logging.getLogger(__name__)

Row = dict[str, str]

MELODY, BRIDGE, PIANO = range(3)
"""The tracks: the sung melody, a second one, and the accompaniment."""

BROKEN = {
    "367": "the corrected edition lacks a track",
    "518": "its hands are out of step",
    "620": "its hands are out of step",
    "658": "the corrected edition has no notes",
    "805": "its melody is that of 262, which is in another split",
}
"""Songs that are left out. Source: what the editions say of themselves."""

PAIRED = 0.97
"""A song is left out if a smaller share of its notes is found in both editions."""

LIVELY = 4
"""Nobody has played a track that has fewer different velocities."""

LEAST_LIVELY = 0.5
"""A song is left out if a smaller share of its notes is in tracks that were played."""


class SongError(EngineError):
    """Report a song whose editions do not fit together, or that nobody has played."""


class Song(NamedTuple):
    """Be a recording of a song; its `staff` is 2 for the accompaniment.

    `track` (N,) int says whose each note is: `MELODY`, `BRIDGE` or `PIANO`.
    """

    recording: Recording
    track: np.ndarray


def read_songs(folder: Path) -> Iterator[Song]:
    """Yield the songs of the pack in order; what is of no use is left out, and the log says why."""
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            song = usable_song(folder, row)
            if song is not None:
                yield song


def usable_song(folder: Path, row: Row) -> Song | None:
    """Return one song, or None if it is of no use; the log says why."""
    try:
        return read_song(folder, row)
    except (SongError, OSError) as fault:
        LOG.warning("song %s is left out: %s", row["song_id"], fault)
        return None


def piece_of(row: Row) -> str:
    """Return what is the same for songs of one melody."""
    return f"pop909/{row['same_song_as'] or row['song_id']}"


def read_song(folder: Path, row: Row) -> Song:
    """Return one song; `row` is its line of the index.

    Raises:
        SongError: it is one of the `BROKEN`, its editions differ, or most of it was not played.
    """
    name = row["song_id"]
    if name in BROKEN:
        raise SongError(BROKEN[name])
    first = ScoreTick.from_file(str(folder / "main" / name / f"{name}.mid"))
    corrected = ScoreTick.from_file(str(folder / "cl_cleaned" / f"{name}.mid"))
    played, written, moved = _same_notes(first, corrected)
    melody = played.track == MELODY
    tune = written.onset[melody] / PER_BEAT, written.pitch[melody]
    bar, origin = _bars(_chord_changes(corrected), tune, folder / "phrases" / name)
    later = -round((origin + bar * ((written.onset.min() / PER_BEAT - origin) // bar)) * PER_BEAT)
    tempo = _tempo(first, moved + later)
    return Song(
        recording=Recording(
            name=f"pop909_{name}",
            piece=piece_of(row),
            player="",
            split=row["split"],
            clip=_clip(written, later, bar, tempo),
            played=_played(played, moved + later, tempo),
            marks=np.zeros(len(written.onset), dtype=np.uint16),
            staff=np.where(played.track == PIANO, 2, 1).astype(np.uint8),
            sustain_s=_pedal_s(first, moved + later, tempo),
            sustain=np.array([c.value for c in _pedal(first)], dtype=np.uint8),
        ),
        track=played.track,
    )


def _same_notes(first: ScoreTick, corrected: ScoreTick) -> tuple[Edition, Edition, int]:
    """Return the notes of both editions row by row, and how far in ticks the first is moved."""
    played, written, moved = paired(read_edition(first), read_edition(corrected, tracks=1))
    if len(played.onset) < PAIRED * first.note_num():
        raise SongError(f"its editions share {len(played.onset)} of {first.note_num()} notes")
    played, written = without_unisons(played, written)
    if _lively(played).mean() < LEAST_LIVELY:
        raise SongError("most of its notes are in tracks of one velocity")
    return played, written, moved


def _lively(played: Edition) -> np.ndarray:
    """Return whether the track of each note has different velocities: (N,) bool."""
    values = [len(np.unique(played.velocity[played.track == track])) for track in range(3)]
    return np.array(values)[played.track] >= LIVELY


def _bars(
    change: np.ndarray, tune: tuple[np.ndarray, np.ndarray], labels: Path
) -> tuple[int, float]:
    """Return beats a bar, and a beat that one begins on.

    Args:
        change: beats at which chords change.
        tune: beats and pitches of the melody.
        labels: the folder of the phrase labels.
    """
    phase, bar = beat_phase(change), beats_a_bar(change)
    phrases = place_phrases(labels, tune[0] - phase, tune[1])
    if phrases and phrases.bar != bar:
        phrases = None
    return bar, phase + first_downbeat(change - phase, bar, phrases)


def _chord_changes(corrected: ScoreTick) -> np.ndarray:
    """Return when the chords of the second track begin in beats, rising."""
    chords = {note.time for track in corrected.tracks[1:2] for note in track.notes}
    return np.array(sorted(chords)) / PER_BEAT


def _clip(written: Edition, later: int, bar: int, tempo: Tempo) -> Clip:
    notes = Notes(
        pitch=written.pitch,
        onset=(written.onset + later) / PER_BEAT,
        duration=written.duration / PER_BEAT,
        velocity=np.full(len(written.onset), FLAT),
    )
    metre = (Metre(0.0, bar, 4),)
    return Clip(notes, float(notes.end.max()), tempo=tempo, metre=metre, role="piano")


def _played(played: Edition, later: int, tempo: Tempo) -> Played:
    onset = played.onset + later
    return Played(
        onset_s=tempo.seconds(onset / PER_BEAT),
        release_s=tempo.seconds((onset + played.duration) / PER_BEAT),
        velocity=played.velocity.astype(np.float64),
    )


def _tempo(first: ScoreTick, later: int) -> Tempo:
    """Return the tempo of the first edition, moved by some ticks; the last before 0 holds there."""
    ticks = np.array([t.time for t in first.tempos]) * PER_BEAT / first.ticks_per_quarter
    time = np.maximum((ticks + later) / PER_BEAT, 0.0)
    last = np.append(np.diff(time) > 0, True)[: len(time)]
    return Tempo(time[last], np.array([t.qpm for t in first.tempos])[last])


def _pedal(first: ScoreTick) -> list[ControlChangeTick]:
    """Return the pedal events of the track that has most."""
    tracks = ([c for c in t.controls if c.number == SUSTAIN_PEDAL] for t in first.tracks)
    return max(tracks, key=len)


def _pedal_s(first: ScoreTick, later: int, tempo: Tempo) -> np.ndarray:
    ticks = np.array([c.time for c in _pedal(first)]) * PER_BEAT / first.ticks_per_quarter
    return tempo.seconds((ticks + later) / PER_BEAT)
