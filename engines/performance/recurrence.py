"""Notice what is said again: bars whose notes or rhythms come back.

Letters: B bars.
"""

from itertools import pairwise

import numpy as np

from engines.features import Features

PARTS = 48
"""Notes of two bars are at the same place if they are within half of this part of a beat."""


def recurrence(features: Features) -> np.ndarray:
    """Return how each bar comes back: (B, 4), from 0 to 1.

    The columns: its notes came before, 1 in the bar before and less the longer ago; they come
    again, likewise; its rhythm is that of the bar before; its rhythm is that of the next bar.
    """
    bars, rows = len(features.bar_onset) - 1, features.order
    bar = features.bar[rows]
    place = np.rint(features.beat[rows] * PARTS).astype(np.int64)
    said = _by_bar(place * 128 + features.notes.pitch[rows], bar, bars)
    struck = (np.diff(place, prepend=-1) != 0) | (np.diff(bar, prepend=-1) != 0)
    rhythm = _by_bar(place[struck], bar[struck], bars)
    found = np.zeros((bars, 4))
    found[:, 0], found[:, 1] = _nearness(said), _nearness(said[::-1])[::-1]
    found[1:, 2] = found[:-1, 3] = [bool(now) and now == then for now, then in pairwise(rhythm)]
    return found


def _by_bar(value: np.ndarray, bar: np.ndarray, bars: int) -> list[bytes]:
    """Return the values that belong to each bar: B of them, for rows by rising bars."""
    starts = np.searchsorted(bar, np.arange(bars + 1)).tolist()
    return [value[start:end].tobytes() for start, end in pairwise(starts)]


def _nearness(said: list[bytes]) -> np.ndarray:
    """Return 1 over the bars since the same was said, 0 if it is new or a rest: (B,)."""
    last: dict[bytes, int] = {}
    near = np.zeros(len(said))
    for bar, what in enumerate(said):
        if what and what in last:
            near[bar] = 1.0 / (bar - last[what])
        last[what] = bar
    return near
