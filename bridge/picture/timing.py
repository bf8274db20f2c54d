"""Measure in milliseconds how far notes lie from where they were, or from the grid.

Letters: N notes, M pairs.
"""

from typing import NamedTuple

import numpy as np

from bridge.picture.pairing import Pairs
from engines.clip import Clip

MOVED_MS = 0.5
"""A shift below this is rounding: a tick at 960 to the quarter is 0.52 ms at 120 bpm."""

FREE = 0.18
"""Music whose notes lie further than this from a grid in steps on average is not played on it.

Notes that fell anywhere would lie a quarter of a step away.
"""


class Grid(NamedTuple):
    """Say which grid a part is played on: its step in beats and its name."""

    step: float
    name: str


GRIDS = (Grid(1 / 4, "sixteenths"), Grid(1 / 3, "eighth-note triplets"))
"""Those that a part may be played on, the more usual one first."""


def shift_ms(before: Clip, after: Clip, pairs: Pairs) -> np.ndarray:
    """Return how much later each pair's note begins after than before: (M,) float64 ms.

    Both onsets are read with the tempo map after, so that a slower tempo does not count as late.
    """
    was, now = before.notes.onset[pairs.before], after.notes.onset[pairs.after]
    return (after.tempo.seconds(now) - after.tempo.seconds(was)) * 1000.0


def grid_of(clip: Clip) -> Grid | None:
    """Return the grid that the onsets lie closest to in parts of its step, None if to no grid."""
    best = min(GRIDS, key=lambda grid: _roughness(clip.notes.onset, grid.step))
    return best if _roughness(clip.notes.onset, best.step) <= FREE else None


def grid_ms(clip: Clip, grid: Grid) -> np.ndarray:
    """Return how late each note begins against the nearest line of the grid: (N,) float64 ms."""
    onset = clip.notes.onset
    nearest = np.round(onset / grid.step) * grid.step
    return (clip.tempo.seconds(onset) - clip.tempo.seconds(nearest)) * 1000.0


def _roughness(onset: np.ndarray, step: float) -> float:
    """Return the mean distance from the grid in steps, rounded so that ties go to the first."""
    if not len(onset):
        return 0.0
    steps = onset / step
    return round(float(np.abs(steps - np.round(steps)).mean()), 6)
