"""Part a performance's pace into a slow curve of tempo and the fine timing upon it.

Letters: N notes, O onsets, K cells of a grid, T times.

Source: Todd (1985), "A model of expressive timing in tonal music", Music Perception 3(1), and
Desain and Honing (1994), "Does expressive timing in music performance scale proportionally with
tempo?", Psychological Research 56: timing has structure at the phrase and at the note, which do not
follow each other.
"""

from statistics import median_high
from typing import NamedTuple

import numpy as np

from engines.features import Features
from engines.performance.take import Take

LARGEST = 1.0
"""No interval is stretched or shrunk by more octaves than this."""

BARS = (2.0, 6.0)
"""The shortest and the longest stretch in beats that counts as a bar where tempo is smoothed."""

CELL, MOST_CELLS = 0.25, 20_000
"""Length in beats of the cells in which is smoothed, and their largest number."""

SHORTEST = 1e-3
"""What is shorter than this many beats has no curve."""


def drawn_stretch(features: Features, take: Take, variation: float = 1.0) -> np.ndarray:
    """Return one performance's log2 of played over written inter-onset interval: (O,)."""
    total = np.bincount(features.group, take.drawn("stretch", variation))
    return np.clip(total / features.group_size, -LARGEST, LARGEST)


def slow(
    features: Features,
    value: np.ndarray,
    time: np.ndarray,
    within: tuple[float, float] | None = None,
) -> np.ndarray:
    """Return a value that holds from each onset to the next, (O,), smoothed over a bar, (T,).

    A triangle weighs what lies up to a bar before and after each time.

    Args:
        features: of the clip.
        value: (O,), the last does not count.
        time: where the smooth value is wanted, (T,) beats.
        within: start and end in beats of a loop, round which is smoothed.
    """
    if within is None:
        cells = features.once(_cells_of)
    else:
        onset, value = _round(features.group_onset, value, *within)
        cells = _cells(onset, features.once(_bar))
    return cells.smoothed(value, time) if cells else np.zeros(len(time))


def fine_shift(features: Features, stretch: np.ndarray) -> np.ndarray:
    """Return how late each onset comes by the fine timing alone, in beats: (O,).

    The slow curve of the stretch, (O,), is taken out, and what the rest adds up to over a bar.
    """
    onset = features.group_onset
    middle = onset + 0.5 * np.diff(onset, append=onset[-1:])
    rest = stretch - slow(features, stretch, middle)
    late = np.zeros(len(onset))
    late[1:] = np.cumsum(np.diff(onset) * (2.0 ** rest[:-1] - 1.0))
    return late - slow(features, late, onset)


def _round(
    onset: np.ndarray, value: np.ndarray, start: float, end: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return the onsets and values of a loop three times over, as heard from its middle round."""
    inside = (onset >= start) & (onset < end)
    onset, value = onset[inside], value[inside]
    turns = [onset + turn * (end - start) for turn in (-1, 0, 1)]
    return np.concatenate(turns), np.tile(value, 3)


class _Cells(NamedTuple):
    """Be K cells of equal length over the onsets, and what lies within half a bar of each.

    `onset` (O,) and `edge` (K+1,) are in beats; `first` and `end` (K,) are cells.
    """

    onset: np.ndarray
    edge: np.ndarray
    first: np.ndarray
    end: np.ndarray

    def smoothed(self, value: np.ndarray, time: np.ndarray) -> np.ndarray:
        """Return the mean over half a bar of the mean over half a bar of a value: see `slow`."""
        total = np.zeros(len(self.onset))
        np.cumsum((self.onset[1:] - self.onset[:-1]) * value[:-1], out=total[1:])
        total = np.interp(self.edge, self.onset, total)
        span = self.edge[self.end] - self.edge[self.first]
        level = (total[self.end] - total[self.first]) / span
        np.cumsum(level, out=total[1:])
        level = (total[self.end] - total[self.first]) / (self.end - self.first)
        return np.interp(time, 0.5 * (self.edge[1:] + self.edge[:-1]), level)


def _cells_of(features: Features) -> _Cells | None:
    return _cells(features.group_onset, features.once(_bar))


def _cells(onset: np.ndarray, bar: float) -> _Cells | None:
    """Return the cells over onsets, (O,), for bars of so many beats; None where all are at once."""
    length = float(onset[-1] - onset[0]) if len(onset) else 0.0
    if length < SHORTEST:
        return None
    cells = min(max(int(length / CELL), 1), MOST_CELLS)
    reach, cell = round(0.5 * bar * cells / length), np.arange(cells)
    edge = onset[0] + length / cells * np.arange(cells + 1)
    return _Cells(onset, edge, np.maximum(cell - reach, 0), np.minimum(cell + reach + 1, cells))


def _bar(features: Features) -> float:
    return min(max(median_high(np.diff(features.bar_onset).tolist()), BARS[0]), BARS[1])
