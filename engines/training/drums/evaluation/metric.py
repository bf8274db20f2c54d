"""List what is measured of drummers, and how one figure is made of what was counted of many takes.

Letters: K numbers that a metric counts of a take, C cells, B bins of a histogram.
"""

import numpy as np

from engines.training.drums.evaluation.histogram import (
    OFFSET_BINS,
    VELOCITY_BINS,
    distance,
    ratio_of_distances,
)
from engines.training.evaluation.metric import Metric


def mean(sums: np.ndarray) -> np.ndarray:
    """Return a mean of (..., 2): the sum of what was counted, and how many; NaN of none."""
    return _over(sums[..., 0], sums[..., 1])


def correlation(sums: np.ndarray) -> np.ndarray:
    """Return Pearson's r of (..., 6): n and the sums of x, y, x², y² and xy; 0 where x is still."""
    n, x, y, xx, yy, xy = np.moveaxis(sums, -1, 0)
    together = n * xy - x * y
    apart = np.maximum(n * xx - x**2, 0.0) * np.maximum(n * yy - y**2, 0.0)
    still = apart <= 1e-12 * (n * xx) * (n * yy)
    return np.asarray(np.where(still, 0.0, together / np.sqrt(np.where(still, 1.0, apart))))


def spread_ratio(sums: np.ndarray) -> np.ndarray:
    """Return the ratio of two standard deviations of (..., 2): squares of ours and of theirs."""
    return np.sqrt(mean(sums))


def balanced_accuracy(sums: np.ndarray) -> np.ndarray:
    """Return the share told right of (..., 3): a person's windows, a system's, and of how many."""
    return _over(sums[..., 0] + sums[..., 1], 2.0 * sums[..., 2])


def seam(sums: np.ndarray) -> np.ndarray:
    """Return by how many percent errors are larger at borders than inside, of (..., 4).

    The four are error and hits at borders, then error and hits inside.
    """
    return np.asarray(100.0 * (_over(mean(sums[..., :2]), mean(sums[..., 2:])) - 1.0))


def _over(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    return np.asarray(np.where(other > 0, one / np.where(other > 0, other, 1.0), np.nan))


METRICS = {
    "timing mae": Metric("timing, ms", "low", mean),
    "timing mse": Metric("MSE, 16ths", "low", mean, 3),
    "velocity mae": Metric("velocity", "low", mean),
    "velocity r": Metric("velocity r", "high", correlation),
    "timing crps": Metric("CRPS, ms", "low", mean),
    "velocity crps": Metric("CRPS, vel.", "low", mean),
    "timing std ratio": Metric("timing", "1", spread_ratio),
    "velocity std ratio": Metric("velocity", "1", spread_ratio),
    "timing std ratio, by take": Metric("timing", "1", mean),
    "velocity std ratio, by take": Metric("velocity", "1", mean),
    "timing js": Metric("timing", "low", distance(OFFSET_BINS)),
    "velocity js": Metric("velocity", "low", distance(VELOCITY_BINS)),
    "timing js, of jitter's": Metric("of jitter's", "low", ratio_of_distances(OFFSET_BINS)),
    "velocity js, of jitter's": Metric("of jitter's", "low", ratio_of_distances(VELOCITY_BINS)),
    "told from human": Metric("told apart", "0.5", balanced_accuracy),
    "timing seam": Metric("timing", "0", seam),
    "velocity seam": Metric("velocity", "0", seam),
}
"""Every figure of the report, in its order; all hits of all windows count alike.

- mae, mse, r: of what a system predicts; who only plays by chance is judged by one performance.
  r is over all hits of all takes, pooled.
- crps: of the distribution that 16 samples come from; of who always plays the same, the error.
- std ratio: of samples over the human's; of deviations from a take's mean, pooled over takes; "by
  take" is the ratio of each take, averaged.
- js: Jensen-Shannon distance to base 2 of the histograms of 16 samples and of the human's hits, for
  each voice at each sixteenth of the bar that has enough hits, averaged by how many it has; "of
  jitter's" is that over the distance of DAW jitter.
- told from human: balanced accuracy of boosted trees that tell windows apart, 0.5 at best.
- seam: by how many percent predictions of 32 bars err more within a beat of the bar lines at which
  a system may start anew than of the others.
"""

CENTRED = frozenset(name for name in METRICS if " js" in name)
"""Figures whose intervals are moved: with fewer different takes, histograms are less alike."""

TABLES = {
    "Prediction: error of timing and velocity (of 127), r of velocity over all hits": (
        "timing mae",
        "timing mse",
        "velocity mae",
        "velocity r",
    ),
    "Samples: score of the distribution; standard deviation over the human's, and that by take": (
        "timing crps",
        "velocity crps",
        "timing std ratio",
        "velocity std ratio",
        "timing std ratio, by take",
        "velocity std ratio, by take",
    ),
    "Samples: Jensen-Shannon distance by voice and sixteenth; windows told from human": (
        "timing js",
        "timing js, of jitter's",
        "velocity js",
        "velocity js, of jitter's",
        "told from human",
    ),
    "Seam: by how many percent errors are larger at borders, in clips of 32 bars": (
        "timing seam",
        "velocity seam",
    ),
}
"""How the figures are printed."""
