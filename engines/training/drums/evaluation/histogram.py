"""Compare how hits of a kind are spread: histograms for each voice at each sixteenth of the bar.

Letters: H hits, S samples, C cells (voices times sixteenths), B bins.

Source: Lin (1991), "Divergence measures based on the Shannon entropy", IEEE Transactions on
Information Theory 37(1): the Jensen-Shannon divergence, whose square root is a distance; to base 2
it is 1 at most.
"""

from collections.abc import Callable

import numpy as np

from engines.kit import VOICES
from engines.training.drums.evaluation.window import STEPS, Window

OFFSET_EDGES = np.arange(-60.0, 60.1, 10.0)
"""Where one bin of offsets ends and the next begins, in ms; both ends are open."""

VELOCITY_EDGES = np.arange(8.5, 121.0, 8.0)
"""Where one bin of velocities ends and the next begins; both ends are open."""

OFFSET_BINS, VELOCITY_BINS = len(OFFSET_EDGES) + 1, len(VELOCITY_EDGES) + 1

CELLS = len(VOICES) * STEPS

ENOUGH = 100
"""A cell with fewer human hits is left out: its histogram is mostly chance."""


def cell_of(window: Window) -> np.ndarray:
    """Return the cell of each hit: (H,) int, 0 to C-1."""
    return np.asarray(window.voice.astype(np.intp) * STEPS + window.position)


def histograms(values: np.ndarray, cell: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return how many of (..., H) values fall in each bin of each of (H,) cells: (C * B,)."""
    bins = len(edges) + 1
    at = np.searchsorted(edges, values) + cell * bins
    return np.bincount(at.ravel(), minlength=CELLS * bins).astype(np.float64)


def distance(bins: int) -> Callable[[np.ndarray], np.ndarray]:
    """Return what makes the mean distance of (..., 2 C B): histograms of humans, then a system's.

    Cells weigh by their human hits. What has no cell with enough of them is NaN.
    """

    def combine(sums: np.ndarray) -> np.ndarray:
        human, ours = (_cells(part, bins) for part in np.split(sums, 2, axis=-1))
        return _mean_distance(human, ours)

    return combine


def ratio_of_distances(bins: int) -> Callable[[np.ndarray], np.ndarray]:
    """Return what makes a ratio of two mean distances of (..., 3 C B).

    The histograms are those of humans, a system, and who it is compared with.
    """

    def combine(sums: np.ndarray) -> np.ndarray:
        human, ours, others = (_cells(part, bins) for part in np.split(sums, 3, axis=-1))
        return _mean_distance(human, ours) / _mean_distance(human, others)

    return combine


def jensen_shannon(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the distance of histograms, (..., B) each, 0 to 1; of an empty one it is NaN."""
    with np.errstate(invalid="ignore"):
        p, q = (counts / counts.sum(axis=-1, keepdims=True) for counts in (one, other))
    middle = (p + q) / 2
    divergence = (_entropy(middle) - (_entropy(p) + _entropy(q)) / 2).clip(min=0.0)
    return np.asarray(np.sqrt(divergence))


def _mean_distance(human: np.ndarray, ours: np.ndarray) -> np.ndarray:
    count = human.sum(axis=-1)
    used = (count >= ENOUGH).reshape(-1, CELLS).any(axis=0)  # most cells never have enough
    human, ours, count = human[..., used, :], ours[..., used, :], count[..., used]
    weight = np.where(count >= ENOUGH, count, 0.0)
    apart = np.where(weight > 0, jensen_shannon(human, ours), 0.0)
    total = weight.sum(axis=-1)
    return np.asarray(
        np.where(total > 0, (weight * apart).sum(axis=-1) / np.maximum(total, 1.0), np.nan)
    )


def _entropy(share: np.ndarray) -> np.ndarray:
    """Return the entropy of (..., B) in bits: (...)."""
    return -(share * np.log2(np.where(share > 0, share, 1.0))).sum(axis=-1)


def _cells(histogram: np.ndarray, bins: int) -> np.ndarray:
    return histogram.reshape(*histogram.shape[:-1], CELLS, bins)
