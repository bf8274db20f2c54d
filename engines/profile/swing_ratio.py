"""Measure how a take swings, so that its ratio can be told apart from the rest of its timing.

Letters: N notes.
"""

import numpy as np

from engines.features import Features
from engines.swing import PAIR_BEATS, swing_shift

FULL = 0.75
"""The ratio at which the share of swing that each note takes is measured."""

LEAST = 51.5
"""Less swing than this, in percent, is not told apart from how late off-beats happen to be."""

FEWEST = 8
"""So many notes must swing before a ratio is believed."""

CERTAIN = 4.0
"""A ratio must differ from straight by so many standard errors."""


def measured(page: Features, late: np.ndarray) -> tuple[float, str, np.ndarray]:
    """Return the ratio in percent, its grid, and what it adds to each note in beats, (N,).

    Args:
        page: the N notes as written; triplets are written as such, and swing no more.
        late: (N,) how late each was played, in beats.
    """
    best, most = (50.0, "8th", np.zeros(len(late))), 0.0
    for grid in PAIR_BEATS:
        delay = swing_shift(page, FULL, grid) / (FULL - 0.5)
        slope, explained = _slope(delay, late)
        ratio = round(50.0 + 100.0 * min(slope, FULL - 0.5), 1)
        if ratio >= LEAST and explained > most:
            most, best = explained, (ratio, grid, (ratio / 100.0 - 0.5) * delay)
    return best


def _slope(delay: np.ndarray, late: np.ndarray) -> tuple[float, float]:
    """Return how much later notes are for each unit of delay, 0 if that is not certain.

    The second number is how much of the square of their lateness that explains.
    """
    if np.count_nonzero(delay) < FEWEST or np.ptp(delay) == 0:
        return 0.0, 0.0
    about, away = delay - delay.mean(), late - late.mean()
    power = float((about**2).sum())
    slope = float((about * away).sum()) / power
    rest = float(((away - slope * about) ** 2).sum())
    error = float(np.sqrt(rest / max(len(late) - 2, 1) / power))
    return (slope, slope**2 * power) if slope > CERTAIN * error else (0.0, 0.0)


def added(features: Features, ratio: float, grid: str) -> np.ndarray:
    """Return what a ratio in percent adds to each note in beats: (N,)."""
    if ratio == 50.0:
        return np.zeros(len(features.notes))
    return swing_shift(features, ratio / 100.0, grid)
