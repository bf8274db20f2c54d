"""Read melodies with phrase labels, as whole songs and as clips cut from them.

Letters: N notes of the clip, O onsets of its melody.

Source: POP909 (Wang et al. 2020) with the phrase labels of Dai, Zhang and Dannenberg (2020),
"Automatic analysis and influence of hierarchical structure on melody, rhythm and harmony in popular
music", CSMT; the Weimar Jazz Database, see `engines.training.weimar`.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.boundary import Line
from engines.clip import Clip, Metre, Tempo
from engines.features import Features
from engines.training.phrase_label import read_melody, read_phrases
from engines.training.weimar import Solo, read_solos

UNSURE = np.nan
"""The label of an onset at which two readings differ."""

READINGS = ("human_label1.txt", "human_label2.txt")
"""Two readings of each song."""

MOST_BARS_LESS, MOST_BARS_MORE = 5, 14
"""How many bars before and after its last phrase's start a song may end; else the labels are those
of another metre."""


class PhraseSong(NamedTuple):
    """Be a melody and where its phrases begin.

    `begins` (N,) float64 is 1 where a phrase begins, 0 where none does, NaN where readings differ;
    it has the order of the clip's notes, which rise.
    """

    corpus: str
    name: str
    split: str
    clip: Clip
    begins: np.ndarray

    def line(self) -> tuple[Line, np.ndarray]:
        """Return what the finder sees of the melody and the labels of its onsets, (O,)."""
        features = Features(self.clip)
        return features.line, self.begins[features.melody_rows]

    def cut(self, start: float, end: float) -> "PhraseSong":
        """Return the clip of the notes that begin in [start, end) beats, the first of them at 0."""
        inside = (self.clip.notes.onset >= start) & (self.clip.notes.onset < end)
        notes = self.clip.notes.take(inside)
        notes = notes.replace(onset=notes.onset - start)
        clip = self.clip.replace(notes=notes, length=end - start, metre=self.clip.metre[:1])
        return self._replace(clip=clip.replace(chords=()), begins=self.begins[inside])

    def held(self, share: float) -> "PhraseSong":
        """Return the song with each note lasting `share` of the way to the next one."""
        notes = self.clip.notes
        slot = np.append(np.diff(notes.onset), notes.duration[-1:])
        held = self.clip.replace(notes=notes.replace(duration=share * slot))
        return self._replace(clip=held)


def read_jazz(folder: Path) -> Iterator[PhraseSong]:
    """Yield the solos of the Weimar Jazz Database."""
    for solo in read_solos(folder):
        yield _of_solo(solo)


def read_pop(folder: Path) -> Iterator[PhraseSong]:
    """Yield the melodies of POP909 whose labels fit them."""
    with (folder / "index.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            song = read_pop_song(folder / "phrases" / row["song_id"], row)
            if song is not None:
                yield song


def read_pop_song(folder: Path, row: dict[str, str]) -> PhraseSong | None:
    """Return one melody from its folder of labels and its row of the index, None if it is amiss."""
    notes = read_melody(folder / "melody.txt")
    bpm = float((folder / "tempo.txt").read_text(encoding="utf-8"))
    beats = 3 if row["num_beats_per_measure"] == "3" else 4
    bars = [_bars(folder / name) for name in READINGS]
    if not -MOST_BARS_LESS < float(notes.end.max()) / beats - bars[0][-1] < MOST_BARS_MORE:
        return None
    readings = [_begins(notes.onset, bar, beats) for bar in bars]
    return PhraseSong(
        corpus="pop",
        name=row["song_id"],
        split=row["split"],
        clip=Clip(
            notes=notes,
            length=float(notes.end.max()),
            tempo=Tempo(time=np.zeros(1), bpm=np.array([bpm])),
            metre=(Metre(0.0, beats, 4),),
            role="lead",
        ),
        begins=np.where(readings[0] == readings[1], readings[0], UNSURE),
    )


def _of_solo(solo: Solo) -> PhraseSong:
    taken = solo.recording
    return PhraseSong("jazz", taken.name, taken.split, taken.clip, solo.begins.astype(np.float64))


def _bars(label: Path) -> np.ndarray:
    """Return the bars, from 0, on which the phrases of a label begin."""
    lengths = read_phrases(label)
    return np.cumsum(lengths) - lengths


def _begins(onset: np.ndarray, bars: np.ndarray, beats: int) -> np.ndarray:
    """Return 1 for each onset that begins a phrase: (N,) float64.

    Labels name bars. The phrase begins with the onset within half a bar of the line that has the
    longest gap before it; if there is none, with the next one.
    """
    begins = np.zeros(len(onset))
    gap = np.diff(onset, prepend=-np.inf)
    for line in beats * bars.astype(np.float64):
        near = np.flatnonzero(np.abs(onset - line) <= beats / 2)
        if len(near):
            gap_near = np.minimum(gap[near], 2.0 * beats)
            begins[near[np.lexsort((np.abs(onset[near] - line), -gap_near))[0]]] = 1.0
        elif line < onset[-1]:
            begins[np.searchsorted(onset, line)] = 1.0
    return begins
