"""Play every note as notes are played on average, with or without noise of the right size."""

import numpy as np

from engines.training.evaluation.case import Case, Guess
from engines.training.evaluation.systems.constant import pedal_down
from engines.training.recording import FLAT

KINDS = ("velocity", "ioi", "asynchrony", "articulation")
"""The aspects that are averaged."""


class TrainMean:
    """Play all notes alike, as long as notes are on average, the pedal always down."""

    name = "train mean"
    reads_marks = False

    def fit(self, cases: list[Case]) -> None:
        """Learn mean and standard deviation of each parameter over all notes."""
        self.mean, self.deviation = {}, {}
        for kind in KINDS:
            values = np.concatenate([getattr(case.aspects, kind) for case in cases])
            known = values[~np.isnan(values)]
            self.mean[kind] = float(known.mean()) if len(known) else 0.0
            self.deviation[kind] = float(known.std()) if len(known) else 0.0

    def predict(self, case: Case, marks: bool) -> Guess:  # noqa: ARG002 - it looks at nothing
        """Return the mean for every note."""
        notes, onsets = len(case.features.notes), len(case.features.group_onset)
        return Guess(
            velocity=np.full(notes, FLAT + self.mean["velocity"]),
            stretch=np.full(onsets, self.mean["ioi"]),
            asynchrony_s=np.zeros(notes),
            articulation=np.full(notes, self.mean["articulation"]),
            pedal=pedal_down(),
        )

    def sample(self, case: Case, seed: int, marks: bool) -> Guess:  # noqa: ARG002
        """Return the mean for every note, for each seed."""
        return self.predict(case, marks)


class MatchedJitter(TrainMean):
    """Add white noise that is as large as people's deviations are."""

    name = "matched jitter"

    def sample(self, case: Case, seed: int, marks: bool) -> Guess:
        """Return the mean with noise of the standard deviations that were learned."""
        return scattered(case, self.predict(case, marks), self.deviation, seed)


def scattered(case: Case, mean: Guess, scatter: dict[str, float], seed: int) -> Guess:
    """Return a mean performance with white noise of standard deviations by aspect."""
    rng = np.random.default_rng((seed, len(mean.velocity)))
    return Guess(
        velocity=rng.normal(mean.velocity, scatter["velocity"]),
        stretch=rng.normal(mean.stretch, scatter["ioi"]),
        asynchrony_s=rng.normal(mean.asynchrony_s, _in_chords(case, scatter["asynchrony"])),
        articulation=rng.normal(mean.articulation, scatter["articulation"]),
        pedal=mean.pedal,
    )


def _in_chords(case: Case, deviation: float) -> np.ndarray:
    """Return how far notes must stray so that they stray so far from their chord's mean: (N,)."""
    size = case.features.group_size[case.features.group]
    return np.where(size > 1, deviation / np.sqrt(1 - 1 / np.maximum(size, 2)), 0.0)
