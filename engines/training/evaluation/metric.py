"""List what is measured, and how one figure is made of what was measured of many pieces.

Letters: P pieces, K numbers that a metric keeps of each recording, L lags.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

Combine = Callable[[np.ndarray], np.ndarray]
"""Make one figure of the means of P pieces: any shape of figures of (..., P, K)."""


class Metric(NamedTuple):
    """Say what a figure means.

    `better` is what the best value is near: "high", "low", or a number. `decimals` are those of the
    interval's bounds, the value's are one more; None chooses them by size.
    """

    title: str
    better: str
    combine: Combine
    decimals: int | None = None


def mean(pieces: np.ndarray) -> np.ndarray:
    """Return the mean of the first of K numbers; pieces of which it is not known are left out."""
    known = ~np.isnan(pieces[..., 0])
    total = np.where(known, pieces[..., 0], 0.0).sum(axis=-1)
    return np.where(known.any(axis=-1), total / np.maximum(known.sum(axis=-1), 1), np.nan)


def relative_difference(pieces: np.ndarray) -> np.ndarray:
    """Return how far two mean autocorrelations are apart, as a share of the second's size.

    Args:
        pieces: (..., P, 2 L), first the system's, then the human's.
    """
    lags = [mean(pieces[..., lag, None]) for lag in range(pieces.shape[-1])]
    ours, theirs = np.split(np.stack(lags, axis=-1), 2, axis=-1)
    return np.asarray(np.abs(ours - theirs).mean(axis=-1) / np.abs(theirs).mean(axis=-1))


def balanced_accuracy(pieces: np.ndarray) -> np.ndarray:
    """Return the mean share of windows told right of (..., P, 2), human ones and the system's."""
    return mean(pieces.mean(axis=-1, keepdims=True))


METRICS = {
    "velocity r": Metric("velocity", "high", mean),
    "velocity mae": Metric("vel. error", "low", mean),
    "ioi r": Metric("intervals", "high", mean),
    "slow tempo r": Metric("slow tempo", "high", mean),
    "asynchrony r": Metric("asynchrony", "high", mean),
    "articulation r": Metric("articulat.", "high", mean),
    "pedal accuracy": Metric("pedal acc.", "high", mean),
    "pedal f1": Metric("pedal F1", "high", mean),
    "pedal press f1": Metric("press F1", "high", mean),
    "pedal press f1, pedalled": Metric("press F1 +", "high", mean),
    "velocity crps": Metric("CRPS", "low", mean),
    "velocity r, sample": Metric("velocity", "high", mean),
    "ioi r, sample": Metric("intervals", "high", mean),
    "slow tempo r, sample": Metric("slow tempo", "high", mean),
    "asynchrony r, sample": Metric("asynchrony", "high", mean),
    "articulation r, sample": Metric("articulat.", "high", mean),
    "velocity r, two samples": Metric("two alike", "the human's", mean),
    "velocity std ratio": Metric("velocity", "1", mean),
    "ioi std ratio": Metric("intervals", "1", mean),
    "slow tempo std ratio": Metric("slow tempo", "1", mean),
    "asynchrony std ratio": Metric("asynchrony", "1", mean),
    "articulation std ratio": Metric("articulat.", "1", mean),
    "velocity autocorrelation": Metric("acf vel.", "low", relative_difference),
    "ioi autocorrelation": Metric("acf tempo", "low", relative_difference),
    "told from human": Metric("told apart", "0.5", balanced_accuracy),
}
"""Every figure of the report, in its order.

- r, mae: of the mean prediction, see `aspect.Aspects` for what is compared.
- pedal: share of cells of 1/16 s in which it is rightly up or down, F1 of the cells in which it is
  down and of its presses (2 cells either side); "pedalled" leaves out recordings in which the human
  has it down for at most a tenth. F1 of the cells is of the pedalled recordings too.
- sample: of one sample, the mean over all samples that were drawn; two samples with one another.
- std ratio: standard deviation of a sample over the human's.
- autocorrelation: at lags 1 to 8 of a sample's velocity (the highest note of each onset) and
  inter-onset intervals: mean absolute difference to the human's, as a share of the human's.
- told from human: balanced accuracy of boosted trees that tell 32-note windows apart, 0.5 at best.
"""

TABLES = {
    "Mean prediction: correlation with the human; velocity error in MIDI units": (
        "velocity r",
        "velocity mae",
        "velocity crps",
        "ioi r",
        "slow tempo r",
        "asynchrony r",
        "articulation r",
    ),
    "Pedal: share of cells of 1/16 s, F1 of cells, of presses, of presses where it is used": (
        "pedal accuracy",
        "pedal f1",
        "pedal press f1",
        "pedal press f1, pedalled",
    ),
    "One sample: correlation with the human, and of two samples": (
        "velocity r, sample",
        "ioi r, sample",
        "slow tempo r, sample",
        "asynchrony r, sample",
        "articulation r, sample",
        "velocity r, two samples",
    ),
    "One sample: standard deviation over the human's": (
        "velocity std ratio",
        "ioi std ratio",
        "slow tempo std ratio",
        "asynchrony std ratio",
        "articulation std ratio",
    ),
    "One sample: autocorrelation off by, of the human's; share of windows told from human": (
        "velocity autocorrelation",
        "ioi autocorrelation",
        "told from human",
    ),
}
"""How the figures are printed."""
