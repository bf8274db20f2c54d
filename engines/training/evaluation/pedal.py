"""Compare presses of the sustain pedal with a pianist's foot.

A guess of the pedal is judged at the human's own onset times, so that the pedal alone is judged and
not the tempo.

Letters: O onsets, G presses, T cells of the grid.
"""

import numpy as np

from engines.performance.pedalling import Gestures

CELL_S = 1 / 16
"""The grid on which the pedal is compared."""

NEAR_CELLS = 2
"""A press is found if one was made at most so many cells away."""

PEDALLED = 0.1
"""Recordings in which the pedal is down for at most this share count as played without it."""


def down_cells(gestures: Gestures, onset_s: np.ndarray, end_s: float) -> np.ndarray:
    """Return in which cells from the first onset to the end the pedal is down: (T,) bool.

    Args:
        gestures: G presses.
        onset_s: when the onsets that they hang on are played, (O,) seconds.
        end_s: when the last key goes up, seconds.
    """
    cells = max(int(np.ceil((end_s - onset_s[0]) / CELL_S)), 1)
    edges = [onset_s[gestures.press] + gestures.press_s]
    edges.append(onset_s[gestures.release] + gestures.release_s)
    first, last = (np.clip((edge - onset_s[0]) / CELL_S, 0, cells) for edge in edges)
    change = np.zeros(cells + 1)
    np.add.at(change, np.rint(first).astype(np.intp), 1)
    np.add.at(change, np.rint(last).astype(np.intp), -1)
    return np.asarray(np.cumsum(change)[:-1] > 0)


def press_scores(guessed: np.ndarray, human: np.ndarray) -> float:
    """Return F1 of the presses of two grids, (T,) bool; NaN if neither has any."""
    ours, theirs = _onsets(guessed), _onsets(human)
    if not len(ours) and not len(theirs):
        return float("nan")
    return 2.0 * _matches(ours, theirs) / (len(ours) + len(theirs))


def frame_f1(guessed: np.ndarray, human: np.ndarray) -> float:
    """Return F1 of the cells in which the pedal is down, of two grids, (T,) bool."""
    return float(2.0 * (guessed & human).sum() / max(guessed.sum() + human.sum(), 1))


def _onsets(down: np.ndarray) -> np.ndarray:
    return np.flatnonzero(down & ~np.append(False, down[:-1]))


def _matches(ours: np.ndarray, theirs: np.ndarray) -> int:
    """Return how many presses can be paired, each with one near it: the earliest first."""
    found = mine = other = 0
    while mine < len(ours) and other < len(theirs):
        apart = int(ours[mine] - theirs[other])
        near = abs(apart) <= NEAR_CELLS
        found += near
        mine += near or apart < 0
        other += near or apart > 0
    return found
