"""Say what of a performance is compared with another performance.

All is relative to the performance's own mean, so that nobody is judged by how loud the instrument
was recorded, or how fast the piece was taken.

Letters: N notes, O onsets. What is left out is NaN.
"""

from typing import NamedTuple, Protocol

import numpy as np

from engines.features import Features
from engines.training.recording import ARPEGGIO, GRACE

WIDEST_STRETCH = 1.5
"""Inter-onset intervals count as at most 2 to this power longer or shorter than the mean."""

SLOW_ONSETS = 9
"""The slow tempo is the running median over so many onsets."""

WIDEST_ASYNCHRONY_S = 0.1
"""Notes count as at most so far from the mean of their chord."""

SHORTEST_ARTICULATION, LONGEST_ARTICULATION = -4.0, 3.0
"""Durations count as at most 2 to these powers shorter and longer than written."""


class Performed(Protocol):
    """Be a performance's parameters as in `Expression`."""

    @property
    def velocity(self) -> np.ndarray:
        """Velocities: (N,)."""
        ...

    @property
    def stretch(self) -> np.ndarray:
        """Log2 of the played over the written inter-onset intervals: (O,)."""
        ...

    @property
    def asynchrony_s(self) -> np.ndarray:
        """How late each note is: (N,) seconds."""
        ...

    @property
    def articulation(self) -> np.ndarray:
        """Log2 of the played over the written durations: (N,)."""
        ...


class Aspects(NamedTuple):
    """Be what is compared.

    `velocity` (N,) is centred; `ioi` (O,) is the stretch of each onset but the last, centred, then
    clipped to +-1.5; `slow_tempo` (O,) is its running median over 9 onsets; `asynchrony` (N,) is
    how many seconds a note is later than the mean of its chord, clipped to +-0.1 s, of chords of
    two notes or more, without grace notes and arpeggios; `articulation` (N,) is clipped to -4 to 3,
    without grace notes.
    """

    velocity: np.ndarray
    ioi: np.ndarray
    slow_tempo: np.ndarray
    asynchrony: np.ndarray
    articulation: np.ndarray


def aspects(features: Features, marks: np.ndarray, performed: Performed) -> Aspects:
    """Return what is compared of a performance of a clip whose notes have these marks, (N,)."""
    ioi = _ioi(performed.stretch)
    grace = (marks & GRACE) > 0
    clipped = np.clip(performed.articulation, SHORTEST_ARTICULATION, LONGEST_ARTICULATION)
    left_out = grace | ((marks & ARPEGGIO) > 0) | np.isnan(performed.asynchrony_s)
    return Aspects(
        velocity=centred(performed.velocity),
        ioi=ioi,
        slow_tempo=_running_median(ioi),
        asynchrony=_asynchrony(features.group, performed.asynchrony_s, left_out),
        articulation=np.where(grace, np.nan, clipped),
    )


def centred(values: np.ndarray) -> np.ndarray:
    """Return values less their mean, any shape; what is NaN does not count."""
    known = ~np.isnan(values)
    return values - (values[known].mean() if known.any() else 0.0)


def _ioi(stretch: np.ndarray) -> np.ndarray:
    stretch = np.append(stretch[:-1], np.nan)[: len(stretch)]
    return np.clip(centred(stretch), -WIDEST_STRETCH, WIDEST_STRETCH)


def _running_median(values: np.ndarray) -> np.ndarray:
    """Return the median of the known values among the nearest `SLOW_ONSETS`: (O,)."""
    half = SLOW_ONSETS // 2
    padded = np.pad(values, half, constant_values=np.nan)
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, SLOW_ONSETS), axis=1)
    known = (~np.isnan(windows)).sum(axis=1)  # sorting has put what is NaN last
    rows, middle = np.arange(len(values)), np.maximum(known - 1, 0)
    median = (windows[rows, middle // 2] + windows[rows, (middle + 1) // 2]) / 2
    return np.where(np.isnan(values), np.nan, median)


def _asynchrony(group: np.ndarray, late_s: np.ndarray, left_out: np.ndarray) -> np.ndarray:
    weight = np.where(left_out, 0.0, 1.0)
    count = np.bincount(group, weight)
    total = np.bincount(group, np.where(left_out, 0.0, late_s))
    late_s = late_s - (total / np.maximum(count, 1.0))[group]
    clipped = np.clip(late_s, -WIDEST_ASYNCHRONY_S, WIDEST_ASYNCHRONY_S)
    return np.where(left_out | (count[group] < 2), np.nan, clipped)
