"""Write down what a drummer played: put each stroke where it stands on the page.

A beat is divided into four, or into three where the strokes fit that better; into eight or six
where they follow each other faster. Triplets last: a beat of few strokes is divided as those around
it are.

Letters: N strokes, B beats, D divisions of `DIVISIONS`.

Source: Temperley (2001), The Cognition of Basic Musical Structures, ch. 2: a quantiser that weighs
how near strokes are to a grid against how fine and how unlike its neighbours the grid is.
"""

import numpy as np

DIVISIONS = (4, 3, 8, 6)
"""Parts of a beat that strokes are written on, from the most common one."""

FINEST = DIVISIONS[2:]
"""On these stand the places of all of them."""

FINENESS = np.array([0.0, 0.0, 0.022, 0.02])
"""What each division costs a stroke, in beats of deviation. These figures were chosen by looking at
takes of the Groove MIDI Dataset: shuffles and 12/8 are found, and straight takes stay straight."""

RARITY = np.array([0.0, 0.03, 0.04, 0.06])
"""What each division costs a beat, in beats of deviation."""

CHANGE = 0.08
"""What another division than that of the beat before costs, in beats of deviation."""

EARLY = 0.1
"""Strokes at most so many beats before a beat belong to it."""

SIXTEENTH = 0.25
"""The grid of the published measures of drum timing, in beats."""


def quantised(onset: np.ndarray) -> np.ndarray:
    """Return where strokes played at `onset`, (N,) beats, stand on the page: (N,) beats."""
    if not len(onset):
        return onset
    beat = np.floor(onset + EARLY).astype(np.intp)
    beat -= beat.min()
    division = np.array(DIVISIONS)[_divisions(onset, beat)][beat]
    return np.asarray(np.rint(onset * division) / division)


def to_sixteenths(onset: np.ndarray) -> np.ndarray:
    """Return the nearest sixteenths of onsets in beats, any shape."""
    return np.asarray(np.rint(onset / SIXTEENTH) * SIXTEENTH)


def _divisions(onset: np.ndarray, beat: np.ndarray) -> np.ndarray:
    """Return the cheapest way through the divisions of all beats: (B,) int, rows of D.

    Source: Viterbi (1967), IEEE Transactions on Information Theory 13(2).
    """
    cost = _costs(onset, beat)
    change = CHANGE * (1.0 - np.eye(len(DIVISIONS)))
    best, came_from = cost[0], np.zeros(cost.shape, dtype=np.intp)
    for row in range(1, len(cost)):
        ways = best[:, None] + change
        came_from[row] = ways.argmin(axis=0)
        best = ways.min(axis=0) + cost[row]
    way = np.empty(len(cost), dtype=np.intp)
    way[-1] = best.argmin()
    for row in range(len(cost) - 1, 0, -1):
        way[row - 1] = came_from[row, way[row]]
    return way


def _costs(onset: np.ndarray, beat: np.ndarray) -> np.ndarray:
    """Return what each division of each beat costs: (B, D)."""
    steps = np.array(DIVISIONS)
    away = np.abs(onset[:, None] - np.rint(onset[:, None] * steps) / steps) + FINENESS
    total = [np.bincount(beat, column) for column in away.T]
    return np.stack(total, axis=1) + RARITY
