"""Part a performance's pace into a slow curve of tempo and the fine timing upon it.

Letters: N notes, O onsets, K cells of a grid, T times.

Source: Todd (1985), "A model of expressive timing in tonal music", Music Perception 3(1), and
Desain and Honing (1994), "Does expressive timing in music performance scale proportionally with
tempo?", Psychological Research 56: timing has structure at the phrase and at the note, which do not
follow each other.
"""

import numpy as np

from engines.features import Features
from engines.performance.take import Take

LARGEST = 1.0
"""No interval is stretched or shrunk by more octaves than this."""

BARS = (2.0, 6.0)
"""The shortest and the longest stretch in beats that counts as a bar where tempo is smoothed."""

CELL, MOST_CELLS = 0.25, 20_000
"""Length in beats of the cells in which is smoothed, and their largest number."""


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
    onset = features.group_onset
    if within is not None:
        onset, value = _round(onset, value, *within)
    length = float(onset[-1] - onset[0]) if len(onset) else 0.0
    if length < 1e-3:
        return np.zeros(len(time))
    cells = min(max(int(length / CELL), 1), MOST_CELLS)
    cell = length / cells
    edge = onset[0] + cell * np.arange(cells + 1)
    passed = np.zeros(len(onset))
    np.cumsum((onset[1:] - onset[:-1]) * value[:-1], out=passed[1:])
    total = np.interp(edge, onset, passed)
    width = round(0.5 * features.once(_bar) / cell)
    level = _box(_box((total[1:] - total[:-1]) / cell, width), width)
    return np.interp(time, edge[:-1] + 0.5 * cell, level)


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


def _bar(features: Features) -> float:
    return min(max(float(np.median(np.diff(features.bar_onset))), BARS[0]), BARS[1])


def _box(level: np.ndarray, width: int) -> np.ndarray:
    """Return the mean of so many cells to either side of each, fewer at the ends: (K,)."""
    total = np.zeros(len(level) + 1)
    np.cumsum(level, out=total[1:])
    cell = np.arange(len(level))
    first, last = np.maximum(cell - width, 0), np.minimum(cell + width + 1, len(level))
    return np.asarray((total[last] - total[first]) / (last - first))
