"""Play what is written, as it is written: what a sequencer does with a score."""

import numpy as np

from engines.performance.pedalling import Gestures
from engines.training.evaluation.case import Case, Guess
from engines.training.recording import FLAT


class Constant:
    """Play every note at one velocity, in time, for its full length, without pedal."""

    name = "constant"
    reads_marks = False

    def fit(self, cases: list[Case]) -> None:
        """Learn nothing."""

    def predict(self, case: Case, marks: bool) -> Guess:  # noqa: ARG002 - it looks at nothing
        """Return the score as it stands."""
        return stiff(case)

    def sample(self, case: Case, seed: int, marks: bool) -> Guess:  # noqa: ARG002
        """Return the score as it stands, for each seed."""
        return stiff(case)


def stiff(case: Case) -> Guess:
    """Return a clip as it is written."""
    notes, onsets = len(case.features.notes), len(case.features.group_onset)
    return Guess(
        velocity=np.full(notes, FLAT),
        stretch=np.zeros(onsets),
        asynchrony_s=np.zeros(notes),
        articulation=np.zeros(notes),
        pedal=pedal_up(),
    )


def pedal_up() -> Gestures:
    """Return a foot that does nothing."""
    none, never = np.zeros(0), np.zeros(0, dtype=np.intp)
    return Gestures(never, none, never, none, none, none)


def pedal_down() -> Gestures:
    """Return a foot that goes down with the first note and stays there."""
    first = np.zeros(1, dtype=np.intp)
    return Gestures(first, np.zeros(1), first, np.full(1, np.inf), np.full(1, 127.0), np.zeros(1))
