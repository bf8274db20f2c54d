"""Read the phrase labels of a POP909 song, and place them by their own melody.

Letters: N notes of the melody, P phrases.

Source: the labels of Dai, Zhang and Dannenberg (2020), "Automatic analysis and influence of
hierarchical structure on melody, rhythm and harmony in popular music", CSMT: a letter and a number
of bars a phrase, a capital letter if it is sung, and a melody on a grid of sixteenths.
"""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.clip import Notes

SIXTEENTH = 0.25
"""The step of the labels' melody in beats."""

FOUND = 0.7
"""The phrases stay unplaced if a smaller share of the labels' melody is found in the song's."""

ROUND = 0.1
"""A song whose bars are not of a whole number of beats, give or take this, is labelled wrongly."""


class Phrases(NamedTuple):
    """Say where the phrases of a song are: they begin at beat `start`, with `bar` beats a bar."""

    start: int
    bar: int


def read_melody(path: Path) -> Notes:
    """Return the melody of a song's labels; a line has a pitch, 0 to rest, and sixteenths."""
    lines = [line.split() for line in _lines(path)]
    pitch, length = np.array(lines, dtype=np.int64).reshape(-1, 2).T
    start, sounds = np.cumsum(length) - length, pitch > 0
    return Notes(
        pitch=pitch[sounds], onset=SIXTEENTH * start[sounds], duration=SIXTEENTH * length[sounds]
    )


def read_phrases(path: Path) -> np.ndarray:
    """Return how many bars each phrase of a label such as i4A4B8 has: (P,) int."""
    bars = re.findall(r"[A-Za-z](\d+)", path.read_text(encoding="utf-8"))
    return np.array([int(number) for number in bars], dtype=np.intp)


def place_phrases(folder: Path, onset: np.ndarray, pitch: np.ndarray) -> Phrases | None:
    """Return where a melody's phrases are, None if the labels tell of another melody.

    Args:
        folder: where human_label1.txt, melody.txt and finalized_chord.txt are.
        onset: (N,) beats.
        pitch: (N,) int.
    """
    bars = int(read_phrases(folder / "human_label1.txt").sum())
    beats = sum(float(line.split()[-1]) for line in _lines(folder / "finalized_chord.txt"))
    bar = beats / max(bars, 1)
    start = _start(read_melody(folder / "melody.txt"), onset, pitch)
    if start is None or abs(bar - round(bar)) > ROUND:
        return None
    return Phrases(start, round(bar))


def _start(labelled: Notes, onset: np.ndarray, pitch: np.ndarray) -> int | None:
    """Return the beat at which the labels begin, where most notes of both melodies meet.

    The melody of some labels is a sixteenth off.
    """
    steps = _sixteenths(onset)
    by_pitch = {p: steps[pitch == p].tolist() for p in set(pitch.tolist())}
    melody = zip(_sixteenths(labelled.onset).tolist(), labelled.pitch.tolist(), strict=True)
    votes = Counter(step - at for at, p in melody for step in by_pitch.get(p, ()))
    if not votes or votes.most_common(1)[0][1] < FOUND * len(labelled):
        return None
    return round(votes.most_common(1)[0][0] * SIXTEENTH)


def _sixteenths(beats: np.ndarray) -> np.ndarray:
    return np.rint(beats / SIXTEENTH).astype(int)


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
