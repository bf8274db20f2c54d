"""Find out how players' noise remembers: from what a trained player did not foresee.

Letters: N notes, O onsets, L lags, Q pairs of onsets.
"""

from itertools import product
from typing import NamedTuple

import numpy as np

from engines.fluctuation import Waves, partials
from engines.performance.scatter import Memory

LAGS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)
"""Onsets between two residuals that are compared."""

PAIRS = 200
"""Pairs of onsets of a recording and a lag, evenly taken, that stand for all."""

SPECTRA = tuple(product((16.0, 64.0), (0.5, 2.0), (0.5, 1.0, 1.5)))
"""Slowest and fastest waves in beats and exponents that are tried."""

MOST = 0.95
"""The shares of the noise that remember sum to at most this."""


class Residual(NamedTuple):
    """Be what was not foreseen in one recording of one parameter, as normal scores.

    `score` (N,), `group` (N,) the onset of each note, `beats` (O,) when the onsets are written;
    notes that do not count are left out.
    """

    score: np.ndarray
    group: np.ndarray
    beats: np.ndarray


class Autocorrelation(NamedTuple):
    """Be how alike residuals are so many onsets apart, and how far apart that is in beats."""

    lag: int
    likeness: float
    gaps: np.ndarray


def memory_of(residuals: list[Residual]) -> Memory:
    """Return the memory whose noise is as alike over time and in chords as the residuals are."""
    found = [_autocorrelation(residuals, lag) for lag in LAGS]
    memory = min(
        (_wandering(found, Memory(0.0, 0.0, *spectrum)) for spectrum in SPECTRA),
        key=lambda tried: _misfit(found, tried),
    )
    expected = memory.wander * _likeness(memory, found[0].gaps)
    bounce = float(np.clip(2.0 * (expected - found[0].likeness), 0.0, MOST - memory.wander))
    shared = _in_chords(residuals) - memory.wander - bounce
    onset = float(np.clip(shared, 0.0, MOST - memory.wander - bounce))
    return memory._replace(onset=round(onset, 3), bounce=round(bounce, 3))


def _wandering(found: list[Autocorrelation], memory: Memory) -> Memory:
    """Return the memory with the share that wanders; the next onset is left to the bounce."""
    likeness = np.array([each.likeness for each in found[1:]])
    shape = np.array([_likeness(memory, each.gaps) for each in found[1:]])
    share = float(likeness @ shape / max(float(shape @ shape), 1e-9))
    return memory._replace(wander=round(float(np.clip(share, 0.0, MOST)), 3))


def _misfit(found: list[Autocorrelation], memory: Memory) -> float:
    return sum(
        (each.likeness - memory.wander * _likeness(memory, each.gaps)) ** 2 for each in found[1:]
    )


def _likeness(memory: Memory, gaps: np.ndarray) -> float:
    """Return the mean correlation of wandering noise over gaps in beats, (Q,)."""
    speed, amplitude = partials(Waves(memory.slowest, memory.fastest, memory.exponent))
    return float((np.cos(np.multiply.outer(gaps, speed)) @ (0.5 * amplitude**2)).mean())


def _autocorrelation(residuals: list[Residual], lag: int) -> Autocorrelation:
    likeness, gaps = [], []
    for residual in residuals:
        mean, beats = _by_onset(residual)
        if len(mean) <= lag:
            continue
        likeness.append(float((mean[lag:] * mean[:-lag]).mean()))
        far = beats[lag:] - beats[:-lag]
        gaps.append(far[:: max(1, len(far) // PAIRS)])
    if not gaps:
        return Autocorrelation(lag, 0.0, np.full(1, float(lag)))
    return Autocorrelation(lag, float(np.mean(likeness)), np.concatenate(gaps))


def _by_onset(residual: Residual) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean score of each onset that has one and its beats: (O,) twice."""
    size = np.bincount(residual.group, minlength=len(residual.beats))
    total = np.bincount(residual.group, residual.score, len(residual.beats))
    has = size > 0
    return total[has] / size[has], residual.beats[has]


def _in_chords(residuals: list[Residual]) -> float:
    """Return how alike the scores of two notes of one chord are."""
    likeness, pairs = 0.0, 0.0
    for residual in residuals:
        size = np.bincount(residual.group)
        total = np.bincount(residual.group, residual.score)
        squares = np.bincount(residual.group, residual.score**2)
        likeness += float((total**2 - squares).sum())
        pairs += float((size * (size - 1)).sum())
    return likeness / pairs if pairs else 0.0
