"""Draw batches of windows from lessons, with much of what is heard hidden, as live it is.

Letters: B windows, N notes of a window, F columns of the view.
"""

from typing import NamedTuple

import numpy as np

from engines.touch.hearing import LOUDER, OWN, PLAYED, PULSE
from engines.touch.network import LATENESS, VELOCITY
from engines.training.live.lesson import Lesson

NOTES = 128
"""Length of a window."""

WITHOUT_PULSE, STIFF = 0.5, 0.65
"""Shares of the windows without a pulse, and without velocities that a player played."""

BLUR = 0.4
"""What the hand did before is blurred by up to so much, in units of a standard deviation, that it
does not lean on it: when it plays, it hears itself and not a player. Our choice."""

WRONG = (2.0, 12.0)
"""Velocities that are heard stray so far from those of the players, from calm to wild."""


class Batch(NamedTuple):
    """Hold views and what was played; notes that are not known weigh 0."""

    view: np.ndarray
    """(B, N, F) float32."""
    bins: np.ndarray
    """(B, N, 2) int64, of velocity and of lateness."""
    weight: np.ndarray
    """(B, N, 2) float32."""


class School:
    """Draw batches from packs.

    Args:
        packs: the lessons of each, at least one.
        share: of the windows that each pack gets.
    """

    def __init__(self, packs: list[list[Lesson]], share: list[float]) -> None:
        self._packs = packs
        self._share = np.array(share) / sum(share)
        lengths = [np.array([len(one.view) for one in pack], dtype=float) for pack in packs]
        self._odds = [length / length.sum() for length in lengths]

    def batch(self, draw: np.random.Generator, windows: int) -> Batch:
        """Return a batch; the same for the same state of the generator."""
        return stacked([self._window(draw) for _ in range(windows)])

    def _window(self, draw: np.random.Generator) -> Batch:
        pack = int(draw.choice(len(self._packs), p=self._share))
        one = self._packs[pack][int(draw.choice(len(self._odds[pack]), p=self._odds[pack]))]
        first = int(draw.integers(max(1, len(one.view) - NOTES + 1)))
        cut = cut_out(one, first, first + NOTES)
        return cut._replace(view=hidden(cut.view, draw))


def cut_out(one: Lesson, first: int, end: int) -> Batch:
    """Return some notes of a lesson, without the axis of windows; beyond its end all is 0."""
    rows = slice(first, end)
    bins = np.stack(
        [
            np.searchsorted(edge[1:-1], one.played[rows, column], side="right")
            for column, edge in enumerate((VELOCITY, LATENESS))
        ],
        axis=1,
    )
    missing = ((0, end - first - len(bins)), (0, 0))
    return Batch(
        np.pad(one.view[rows], missing),
        np.pad(bins, missing),
        np.pad(one.known[rows].astype(np.float32), missing),
    )


def hidden(view: np.ndarray, draw: np.random.Generator) -> np.ndarray:
    """Return a window's view (N, F) as it may be heard: without a pulse, stiff, or strayed."""
    heard = view.copy()
    if draw.random() < WITHOUT_PULSE:
        heard[:, PULSE] = 0.0
    if draw.random() < STIFF:
        heard[:, PLAYED] = 0.0
    else:
        stray = draw.uniform(*WRONG) / LOUDER * draw.standard_normal(len(heard))
        heard[:, PLAYED.start] += stray.astype(np.float32)
    heard[:, OWN] += draw.uniform(0.0, BLUR) * draw.standard_normal(heard[:, OWN].shape)
    return heard


def stacked(batches: list[Batch]) -> Batch:
    """Return windows as one batch."""
    return Batch(*(np.stack(each) for each in zip(*batches, strict=True)))
