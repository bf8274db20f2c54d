"""Play all hits alike: on the grid, or as late as hits are on average; with or without noise.

Letters: H hits.
"""

from collections.abc import Sequence

import numpy as np

from engines.stream import stream
from engines.training.drums.evaluation.window import Case, Played, Window, joined

JITTER_MS, JITTER_VELOCITY = 10.0, 10.0
"""Standard deviations of the usual setting of a DAW's humanize command."""

JUDGED_SEED = 1_000
"""Who plays by chance alone is judged by the performance of this seed."""


class Quantised:
    """Play on the grid, at the mean velocity of what was learned from."""

    name = "quantised"
    border_bars = 0

    def fit(self, lessons: Sequence[Case]) -> None:
        """Learn mean and standard deviation over all hits, which must be some."""
        hits = joined(case.played for case in lessons)
        self.velocity, self.velocity_std = float(hits.velocity.mean()), float(hits.velocity.std())
        self.offset_ms, self.offset_std_ms = (
            float(hits.offset_ms.mean()),
            float(hits.offset_ms.std()),
        )

    def predict(self, window: Window) -> Played:
        """Return the grid."""
        return even(window, self.velocity, 0.0)

    def sample(self, window: Window, seed: int) -> Played:  # noqa: ARG002 - it leaves no choice
        """Return the grid, for each seed."""
        return self.predict(window)


class TrainMean(Quantised):
    """Play as late as hits are on average, at their mean velocity."""

    name = "train mean"

    def predict(self, window: Window) -> Played:
        """Return the mean for every hit."""
        return even(window, self.velocity, self.offset_ms)


class Jitter(Quantised):
    """Shake every hit by 10 ms and by 10 of velocity, as the humanize command of a DAW does."""

    name = "DAW jitter"

    def predict(self, window: Window) -> Played:
        """Return one performance: nobody hears its mean."""
        return self.sample(window, JUDGED_SEED)

    def sample(self, window: Window, seed: int) -> Played:
        """Return the grid, shaken."""
        still = even(window, self.velocity, 0.0)
        return scattered(window, still, (JITTER_VELOCITY, JITTER_MS), seed)


class MatchedJitter(Quantised):
    """Shake every hit as far as drummers stray, from their mean."""

    name = "matched jitter"

    def predict(self, window: Window) -> Played:
        """Return one performance."""
        return self.sample(window, JUDGED_SEED)

    def sample(self, window: Window, seed: int) -> Played:
        """Return the mean with noise of the standard deviations that were learned."""
        still = even(window, self.velocity, self.offset_ms)
        return scattered(window, still, (self.velocity_std, self.offset_std_ms), seed)


def even(window: Window, velocity: float, offset_ms: float) -> Played:
    """Return all hits played alike."""
    hits = len(window.step)
    return Played(np.full(hits, velocity), np.full(hits, offset_ms))


def scattered(window: Window, mean: Played, deviation: tuple[float, float], seed: int) -> Played:
    """Return white noise around a mean, of standard deviations of velocity and of ms."""
    rng = stream("scatter", seed, window.take, window.bar)
    velocity = rng.normal(mean.velocity, deviation[0])
    return Played(velocity.clip(1.0, 127.0), rng.normal(mean.offset_ms, deviation[1]))
