"""Average over recordings, then pieces, and say how sure the average is.

Letters: P pieces, R resamples, K numbers that a metric keeps of each recording.

Source: Efron and Tibshirani (1993), An Introduction to the Bootstrap, ch. 13: the percentile
interval. Pieces are drawn, not recordings: those of one piece are no independent witnesses.
"""

from typing import NamedTuple

import numpy as np

from engines.training.evaluation.metric import Combine

RESAMPLES = 1_000
SEED = 20250101
"""The same pieces are drawn for every system, so that their intervals compare."""

CONFIDENCE = 95.0
"""Share of the resamples within the interval, in percent."""


class Figure(NamedTuple):
    """Be a value and the bounds of its 95 % interval over pieces."""

    value: float
    low: float
    high: float


def by_piece(rows: dict[str, list[np.ndarray]]) -> np.ndarray:
    """Return the mean over the recordings, (K,) each, of each piece: (P, K)."""
    return np.stack([mean_row(recordings) for recordings in rows.values()])


def figure(pieces: np.ndarray, combine: Combine) -> Figure:
    """Return what a metric makes of the means of P pieces, (P, K)."""
    rng = np.random.default_rng(SEED)
    drawn = rng.integers(0, len(pieces), (RESAMPLES, len(pieces)))
    values = combine(pieces[drawn])
    values = values[~np.isnan(values)]
    if not len(values):
        return Figure(np.nan, np.nan, np.nan)
    tail = (100.0 - CONFIDENCE) / 2
    low, high = np.percentile(values, [tail, 100.0 - tail])
    return Figure(float(combine(pieces)), float(low), float(high))


def mean_row(rows: list[np.ndarray]) -> np.ndarray:
    """Return the mean of rows, (K,) each, what is NaN left out: (K,)."""
    values = np.stack(rows)
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)
