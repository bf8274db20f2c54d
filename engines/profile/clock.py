"""Keep the slow clock of a take, and let it go on: as it went, or as it might have gone.

Letters: K knots, N notes.
"""

import numpy as np

from engines.fluctuation import Waves, fluctuate
from engines.placement import CLOCK
from engines.profile.profile import MOST_KNOTS, Drift

RIDGE = 1.0
"""A knot is believed as if one more note had been exactly in time."""

BEAT = 1.0
"""How far knots are apart, in quarter notes; twice as far as often as needed."""

SHORTEST_MEMORY, LONGEST_MEMORY = 0.5, 64.0
"""The range of what is measured, in quarter notes."""

FORGOTTEN = float(np.exp(-1.0))

CLOCK_MEMORY = 1.136
"""After so many beats the waves of `CLOCK` have an autocorrelation of 1/e."""


def knots(time: np.ndarray, late: np.ndarray, *, end: float) -> tuple[float, np.ndarray]:
    """Return how far knots are apart in beats, and how late the clock is at each, (K,).

    They are joined by straight lines, and fit what was measured at N times best.

    Args:
        time: (N,) in beats from 0.
        late: (N,) how late each note was, in any unit.
        end: where the last knot is at least.
    """
    step = BEAT
    while end / step + 2 > MOST_KNOTS:
        step *= 2.0
    count = int(np.ceil(end / step)) + 1
    left = np.clip((time / step).astype(np.intp), 0, count - 2) if count > 1 else None
    if left is None:
        return step, np.zeros(count)
    right = np.clip(time / step - left, 0.0, 1.0)
    return step, _solved(count, left, right, late)


def _solved(count: int, left: np.ndarray, right: np.ndarray, late: np.ndarray) -> np.ndarray:
    """Solve the normal equations, which tie each knot to its neighbours alone.

    Source: the tridiagonal matrix algorithm, Thomas (1949).
    """
    own = RIDGE + np.bincount(left, (1 - right) ** 2, count)
    own += np.bincount(left + 1, right**2, count)
    beside = np.bincount(left, right * (1 - right), count).tolist()
    wanted = np.bincount(left, (1 - right) * late, count)
    wanted += np.bincount(left + 1, right * late, count)
    pivot, value = own.tolist(), wanted.tolist()
    for row in range(1, count):
        share = beside[row - 1] / pivot[row - 1]
        pivot[row] -= share * beside[row - 1]
        value[row] -= share * value[row - 1]
    value[-1] /= pivot[-1]
    for row in range(count - 2, -1, -1):
        value[row] = (value[row] - beside[row] * value[row + 1]) / pivot[row]
    return np.array(value)


def at(drift: Drift, time: np.ndarray, *, period: float | None) -> np.ndarray:
    """Return how late the clock of the take is at times in beats from 0, any shape, in ms.

    After its last knot it begins anew, and so it does after a `period` in beats; the last step
    leads over to the beginning.
    """
    clock = np.array(drift.clock)
    length = len(clock) * drift.step_beats
    if period is not None:
        count = max(int(np.floor(period / drift.step_beats)), 1)
        places = np.arange(count) * drift.step_beats
        clock = np.interp(places, np.arange(len(clock)) * drift.step_beats, clock, period=length)
        length = period
    return np.interp(time, np.arange(len(clock)) * drift.step_beats, clock, period=length)


def drawn(
    drift: Drift, rng: np.random.Generator, time: np.ndarray, *, period: float | None
) -> np.ndarray:
    """Return another clock of the same size and memory at times in beats, any shape, in ms."""
    scale = drift.memory_beats / CLOCK_MEMORY
    waves = Waves(CLOCK.slowest * scale, CLOCK.fastest * scale, CLOCK.exponent)
    return drift.size_ms * fluctuate(rng, time, waves, period=period)


def memory(clock: np.ndarray, step: float) -> float:
    """Return after how many beats the autocorrelation of (K,) knots has fallen to 1/e."""
    about = clock - clock.mean()
    power = float((about**2).sum())
    before = 1.0
    for lag in range(1, len(clock)):
        now = float((about[lag:] * about[:-lag]).sum()) / power if power else 0.0
        if now < FORGOTTEN:
            crossed = lag - 1 + (before - FORGOTTEN) / (before - now)
            return float(np.clip(crossed * step, SHORTEST_MEMORY, LONGEST_MEMORY))
        before = now
    return SHORTEST_MEMORY
