"""Show each note what is written around it: the onsets before and after its own.

Letters: N notes, O onsets, F columns of the view, A numbers of the surroundings.
"""

import numpy as np

from engines.bounded import bounded
from engines.performance.view import COLUMNS

NEIGHBOURS = np.array([-4, -2, -1, 1, 2, 4])
"""Which onsets around a note are looked at; beyond the ends the first and the last."""

TOLD = (
    "pitch",
    "over_piece",
    "duration",
    "interval",
    "filled",
    "count",
    "strength",
    "on_bar",
    "boundary",
    "phrase_position",
    "change",
    "melody",
)
"""The columns of the highest note of each of them that are looked at."""

WIDTH = len(NEIGHBOURS) * len(TOLD)
"""How many numbers each note is shown (A)."""

_PITCH = COLUMNS.index("pitch")
_TOLD = np.array([COLUMNS.index(name) for name in TOLD])


def surroundings(view: np.ndarray, beats: np.ndarray) -> np.ndarray:
    """Return what is around each note: (N, A) of the view's dtype.

    Args:
        view: (N, F), N at least 1, rows in the order of their onsets.
        beats: (N,) when each onset is written, the same for notes of one onset, rising.
    """
    last = np.append(beats[1:] > beats[:-1], True)
    highest = np.lexsort((view[:, _PITCH], beats))[last]
    told = view[highest[:, None], _TOLD]
    index = np.arange(len(told))[:, None] + NEIGHBOURS
    around = told[bounded(index, 0, len(told) - 1)].reshape(len(told), WIDTH)
    return np.asarray(around[np.cumsum(last) - last])
