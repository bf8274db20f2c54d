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
    return _figure(combine(pieces), combine(pieces[_drawn(len(pieces))]))


def figure_of_sums(pieces: np.ndarray, combine: Combine, *, centred: bool = False) -> Figure:
    """Return what a metric makes of the sum of what was counted of P pieces, (P, K).

    Args:
        pieces: what was counted of each piece.
        combine: makes figures of sums, any shape of figures of (..., K).
        centred: move the interval so that its median is the value, for figures that drawing pieces
            with repetition moves by itself. Source: Efron and Tibshirani (1993), ch. 10.
    """
    offset = np.arange(RESAMPLES)[:, None] * len(pieces)
    flat = (_drawn(len(pieces)) + offset).ravel()
    times = np.bincount(flat, minlength=RESAMPLES * len(pieces)).reshape(RESAMPLES, -1)
    whole, values = combine(pieces.sum(axis=0)), combine(times @ pieces)
    if centred and not np.isnan(values).all():
        values = values + whole - np.nanmedian(values)
    return _figure(whole, values)


def _drawn(pieces: int) -> np.ndarray:
    """Return which pieces each resample has: (R, P) int."""
    return np.random.default_rng(SEED).integers(0, pieces, (RESAMPLES, pieces))


def _figure(whole: np.ndarray, values: np.ndarray) -> Figure:
    """Return the figure of all pieces with the interval of those of R resamples, (R,)."""
    values = values[~np.isnan(values)]
    if not len(values):
        return Figure(np.nan, np.nan, np.nan)
    tail = (100.0 - CONFIDENCE) / 2
    low, high = np.percentile(values, [tail, 100.0 - tail])
    return Figure(float(whole), float(low), float(high))


def mean_row(rows: list[np.ndarray]) -> np.ndarray:
    """Return the mean of rows, (K,) each, what is NaN left out: (K,)."""
    values = np.stack(rows)
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.where(known.any(axis=0), total / np.maximum(known.sum(axis=0), 1), np.nan)
