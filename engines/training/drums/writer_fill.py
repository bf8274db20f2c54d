"""Find the fills within a take: beats that leave the groove for toms or snare, before a bar line.

Letters: B beats, S steps, V voices.

The figures below were chosen by looking at takes of the Groove MIDI Dataset; after the fills that
are found a crash is four times as common on the bar line as on others.
"""

import numpy as np

from engines.kit import CLOSED_HAT, HIGH_TOM, LOW_TOM, OPEN_HAT, RIDE, SNARE
from engines.writer.grid import Beats, Grid
from engines.writer.score import NORMAL

AROUND = 8
"""A beat is compared with the same beat of so many bars before and after."""

FEWEST = 3
"""With fewer bars to compare with nothing is a fill."""

LONGEST = 8
"""More beats than this in a row are another groove, or a solo."""


def fills_of(beats: Beats, grid: Grid, hits: np.ndarray) -> np.ndarray:
    """Return which beats are of a fill: (B,) bool.

    Args:
        beats: those of the take.
        grid: their steps.
        hits: (S, V) tiers that were played.
    """
    toms, snare, time = _counts(grid, hits, len(beats.start))
    found = np.zeros(len(beats.start), dtype=bool)
    for row in range(len(found)):
        near = np.abs(beats.bar - beats.bar[row])
        like = (beats.number == beats.number[row]) & (near <= AROUND) & (near > 0)
        if np.count_nonzero(like) < FEWEST:
            continue
        more = toms[row] - np.median(toms[like])
        louder = snare[row] - np.median(snare[like])
        quiet = time[row] < np.median(time[like])
        found[row] = more >= 2 or (quiet and (louder >= 2 or more >= 1))
    return _before_bar_lines(found, beats)


def _counts(grid: Grid, hits: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return on how many steps of each beat toms, snare and what keeps time sound: 3 of (B,)."""
    toms = (hits[:, LOW_TOM : HIGH_TOM + 1] > 0).any(axis=1)
    time = (hits[:, [CLOSED_HAT, OPEN_HAT, RIDE]] > 0).any(axis=1)
    each = [np.bincount(grid.beat, on, count) for on in (toms, hits[:, SNARE] >= NORMAL, time)]
    return each[0], each[1], each[2]


def _before_bar_lines(found: np.ndarray, beats: Beats) -> np.ndarray:
    """Return the beats that are in a row of such to a bar line, no longer than `LONGEST`."""
    fill, row = np.zeros(len(found), dtype=bool), 0
    for beat in range(len(found) - 1, -1, -1):
        row = row + 1 if found[beat] and (row or beats.left[beat] == 0) else 0
        if row:
            fill[beat] = True
        if row > LONGEST:
            fill[beat : beat + row] = False
    return fill
