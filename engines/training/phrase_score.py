"""Measure how well phrase starts are found, beside what is simpler and what is larger.

    python -m engines.training.phrase_score DATA

Precision, recall and F1 over the onsets of all songs of a corpus that were held out; a song's first
onset and those at which two readings differ do not count. Thresholds are those that serve the songs
for validation best, one for both corpora.

Letters: O onsets of the melody.

Source: the measures are those of Pearce, Muellensiefen and Wiggins (2010), "The role of expectation
and probabilistic learning in auditory boundary perception", Perception 39.
"""

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from engines.boundary import Line, describe, probability
from engines.features import Features
from engines.phrase import local_boundaries
from engines.training.phrase_song import PhraseSong
from engines.training.phrases import clips, examples, read_songs, with_clips

Strength = Callable[[Line], np.ndarray]

THRESHOLDS = np.linspace(0.02, 0.98, 97)

TREES = {"max_iter": 150, "learning_rate": 0.15, "random_state": 0}
"""Settings of the boosted trees; the rest is scikit-learn's own."""


class Case(NamedTuple):
    """Be a song that is scored: what is known, (O,) labels, and (O,) phrase starts as cut."""

    corpus: str
    line: Line
    label: np.ndarray
    cut: np.ndarray


class Score(NamedTuple):
    """Count phrase starts that were found, false ones and those that were missed."""

    found: int
    false: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of the starts told that are labelled."""
        return self.found / max(self.found + self.false, 1)

    @property
    def recall(self) -> float:
        """Share of the labelled starts that are told."""
        return self.found / max(self.found + self.missed, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return 2 * self.found / max(2 * self.found + self.false + self.missed, 1)


def main() -> None:
    """Print a table of scores for whole songs and one for clips."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    songs = list(read_songs(parser.parse_args().data))
    systems = {**SYSTEMS, "boosted trees": grown_trees(songs)}
    valid = cases([song for song in songs if song.split == "valid"])
    limits = {name: best_threshold(valid, strength) for name, strength in systems.items()}
    test = [song for song in songs if song.split == "test"]
    rng = np.random.default_rng(1)
    pieces = [clip for song in test for clip in clips(song, rng)]
    for heading, scored in (("whole", cases(test)), ("clips", cases(pieces))):
        for name, limit in limits.items():
            show(
                f"{heading}: {name}", scored, [systems[name](case.line) > limit for case in scored]
            )
        show(f"{heading}: phrases as cut", scored, [case.cut for case in scored])


def rests(line: Line) -> np.ndarray:
    """Return the rest before each note in beats, up to 1: (O,)."""
    rest = np.zeros(len(line.onset))
    rest[1:] = np.clip(line.onset[1:] - line.end[:-1], 0.0, 1.0)
    return rest


def lbdm(line: Line) -> np.ndarray:
    """Return the strength of local boundaries, 0 to 1: (O,)."""
    return local_boundaries(line.pitch, line.onset, line.end, float(line.bar.max()))


SYSTEMS: dict[str, Strength] = {"rests": rests, "LBDM": lbdm, "net": probability}
"""What is compared, each as a strength that a threshold cuts."""


def grown_trees(songs: Sequence[PhraseSong]) -> Strength:
    """Return boosted trees that learned from what the net learned from."""
    train = [song for song in songs if song.split == "train"]
    seen, begins = examples(with_clips(train, np.random.default_rng(0)))
    trees = HistGradientBoostingClassifier(**TREES).fit(seen, begins)
    return lambda line: np.asarray(trees.predict_proba(describe(line))[:, 1])


def cases(songs: Sequence[PhraseSong]) -> list[Case]:
    """Return what is scored of each song."""
    return [_case(song) for song in songs]


def best_threshold(valid: Sequence[Case], strength: Strength) -> float:
    """Return the threshold whose F1, averaged over the corpora, is best."""
    told = [strength(case.line) for case in valid]
    corpora = {case.corpus for case in valid}
    mean_f1 = [
        sum(score(valid, [each > limit for each in told], corpus).f1 for corpus in corpora)
        for limit in THRESHOLDS
    ]
    return float(THRESHOLDS[int(np.argmax(mean_f1))])


def score(scored: Sequence[Case], told: Sequence[np.ndarray], corpus: str) -> Score:
    """Return the counts of one corpus for (O,) bool of each case."""
    counts = np.zeros(3, dtype=np.intp)
    for case, starts in zip(scored, told, strict=True):
        if case.corpus == corpus:
            yes, no = case.label[1:] == 1, case.label[1:] == 0
            tells = starts[1:]
            counts += [(tells & yes).sum(), (tells & no).sum(), (~tells & yes).sum()]
    return Score(*counts.tolist())


def show(name: str, scored: Sequence[Case], told: Sequence[np.ndarray]) -> None:
    """Print precision, recall and F1 of each corpus in a row."""
    cells = [
        f"{each.precision:.2f} | {each.recall:.2f} | {each.f1:.3f}"
        for each in (score(scored, told, corpus) for corpus in ("jazz", "pop"))
    ]
    print(f"| {name} | {' | '.join(cells)} |", flush=True)  # noqa: T201  # a command's answer


def _case(song: PhraseSong) -> Case:
    features = Features(song.clip)
    cut = np.isin(features.line.onset, features.phrase_onset[:-1])
    return Case(song.corpus, features.line, song.begins[features.melody_rows], cut)


if __name__ == "__main__":
    main()
