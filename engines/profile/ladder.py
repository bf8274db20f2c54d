"""Expect of a note what notes like it were: few like it are believed less than many unlike it.

The notes are looked at rung by rung, from all of them to those that are most like the note. Each
rung moves the expectation towards its own mean, the more notes stand behind that mean.

Letters: C cells, N notes, Q quantities, K names of a rung.

Source: James and Stein (1961), "Estimation with quadratic loss": shrinkage; here from group to
group as in Gelman and Hill (2007), Data Analysis Using Regression and Multilevel Models, ch. 12:
a mean of n notes is believed by n / (n + k).
"""

from typing import NamedTuple

import numpy as np

from engines.profile.place import UNKNOWN, Places

Rung = tuple[str, ...]
"""Names of the columns of `Places` in which notes of one group are alike; "pair" is the bar's
number in a pair."""

RADIX = 2**15
"""More than any column holds, and four columns fit into an int64."""


class Ladder(NamedTuple):
    """Be what was learned: for all notes (Q,), then a rung's names, (K,) rising, and steps."""

    start: np.ndarray
    rungs: tuple[tuple[Rung, np.ndarray, np.ndarray], ...]

    def at(self, places: Places) -> np.ndarray:
        """Return what is expected of N notes: (N, Q). A group that is not known adds nothing."""
        expected = np.repeat(self.start[None], len(places.voice), axis=0)
        for rung, names, steps in self.rungs:
            name = _names(places, rung)
            row = np.minimum(np.searchsorted(names, name), len(names) - 1)
            expected += steps[row] * (names[row] == name)[:, None]
        return expected


def learn(
    places: Places, rungs: tuple[Rung, ...], value: np.ndarray, weight: np.ndarray, k: np.ndarray
) -> Ladder:
    """Return the ladder for C cells, or single notes.

    Args:
        places: what the cells are.
        rungs: from coarse to fine.
        value: (C, Q) means of what is to be expected.
        weight: (C, Q) how many notes stand behind each.
        k: (Q,) how many notes are believed half.
    """
    total = np.maximum(weight.sum(axis=0), 1e-9)
    start = (weight * value).sum(axis=0) / total
    expected = np.repeat(start[None], len(value), axis=0)
    learned = []
    for rung in rungs:
        names, row = np.unique(_names(places, rung), return_inverse=True)
        missing, notes = np.zeros((2, len(names), value.shape[1]))
        np.add.at(missing, row, weight * (value - expected))
        np.add.at(notes, row, weight)
        steps = missing / (notes + k)
        expected = expected + steps[row]
        learned.append((rung, names, steps))
    return Ladder(start, tuple(learned))


def _names(places: Places, rung: Rung) -> np.ndarray:
    """Return a number for the group of each note, (N,) int64, -1 if a part of it is unknown."""
    name, known = np.zeros(len(places.voice), np.int64), np.ones(len(places.voice), bool)
    for part in rung:
        column = _pair(places.bar) if part == "pair" else getattr(places, part)
        known &= column != UNKNOWN
        name = name * RADIX + column
    return np.where(known, name, -1)


def _pair(bar: np.ndarray) -> np.ndarray:
    return np.where(bar == UNKNOWN, UNKNOWN, bar % 2)
