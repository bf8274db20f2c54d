"""Look up how notes of a kind are played on average.

Letters: N notes, O onsets, B kinds of notes.
"""

import numpy as np

from engines.training.evaluation.case import Case, Guess
from engines.training.evaluation.judgement import melody_rows
from engines.training.evaluation.systems.average import KINDS, scattered
from engines.training.evaluation.systems.constant import pedal_down
from engines.training.recording import FLAT

REGISTERS = np.array([40, 48, 55, 62, 69, 76, 84])
"""Where one band of pitches ends and the next begins."""

STRENGTHS = np.array([0.1, 0.3, 0.55, 0.9])
"""Where one level of metrical strength ends and the next begins."""

SHAPE = (len(REGISTERS) + 1, len(STRENGTHS) + 1, 3)

DOUBT = 50.0
"""The mean over all notes counts as so many notes of each kind."""


class Lookup:
    """Know the mean by register, metrical strength and whether the note is top, bottom or inner.

    An onset is of the kind of its highest note. A sample adds white noise of the size that is
    missing to people's.
    """

    name = "look-up"
    reads_marks = False

    def fit(self, cases: list[Case]) -> None:
        """Learn the mean of each kind, and how far notes stray from it."""
        self.table, self.scatter = {}, {}
        kinds = np.concatenate([kind_of(case) for case in cases])
        tops = np.concatenate([kind_of(case)[melody_rows(case)] for case in cases])
        for name in KINDS:
            values = np.concatenate([getattr(case.aspects, name) for case in cases])
            kind, known = (tops if name == "ioi" else kinds), ~np.isnan(values)
            self.table[name] = _means(kind[known], values[known])
            strayed = values[known] - self.table[name][kind[known]]
            self.scatter[name] = float(strayed.std()) if len(strayed) else 0.0

    def predict(self, case: Case, marks: bool) -> Guess:  # noqa: ARG002 - no marks needed
        """Return the mean of each note's kind."""
        kind = kind_of(case)
        chords = case.features.group_size[case.features.group] > 1
        return Guess(
            velocity=FLAT + self.table["velocity"][kind],
            stretch=self.table["ioi"][kind[melody_rows(case)]],
            asynchrony_s=np.where(chords, self.table["asynchrony"][kind], 0.0),
            articulation=self.table["articulation"][kind],
            pedal=pedal_down(),
        )

    def sample(self, case: Case, seed: int, marks: bool) -> Guess:
        """Return the mean of each note's kind with white noise."""
        return scattered(case, self.predict(case, marks), self.scatter, seed)


def kind_of(case: Case) -> np.ndarray:
    """Return the kind of each note: (N,) int, 0 to B-1."""
    features = case.features
    register = np.searchsorted(REGISTERS, features.notes.pitch, side="right")
    strength = np.searchsorted(STRENGTHS, features.strength, side="right")
    voice = np.where(features.top, 0, np.where(features.bottom, 1, 2))
    return np.asarray(np.ravel_multi_index((register, strength, voice), SHAPE))


def _means(kind: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return the mean of each kind, drawn to the mean of all where there are few: (B,)."""
    size = int(np.prod(SHAPE))
    count = np.bincount(kind, minlength=size)
    total = np.bincount(kind, values, minlength=size)
    mean = values.mean() if len(values) else 0.0
    return np.asarray((total + DOUBT * mean) / (count + DOUBT))
