"""Listen for borders: do predictions of long clips err more where parts of them meet?

Clips begin at each bar in turn up to the first border, so each bar line is a border once and inside
otherwise: what drummers do at every fourth bar line of a song is at no border more than elsewhere.

Letters: H hits.
"""

from collections.abc import Iterator

import numpy as np

from engines.training.drums.evaluation.system import System
from engines.training.drums.evaluation.window import (
    STEPS,
    Case,
    Heard,
    Played,
    Window,
    cut,
    cut_window,
    joined,
)

CLIP_BARS = 32
"""Bars of a long clip."""

CHUNK_BARS = 4
"""Bars of a chunk of GrooVAE, as its plug-in plays longer clips."""

NEAR = STEPS // 4
"""Hits fewer sixteenths than this from a bar line are at it: within a beat."""


class Chunked:
    """Play in chunks of four bars, none of which knows of the others, as GrooVAE does."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.name = f"{system.name}, chunks"
        self.border_bars = CHUNK_BARS

    def predict(self, window: Window) -> Played:
        """Return what the system says of each chunk."""
        starts = range(0, window.bars, CHUNK_BARS)
        chunks = [cut_window(window, bar, CHUNK_BARS) for bar in starts]
        return joined(self.system.predict(chunk) for chunk in chunks if len(chunk.step))


def seams(system: System | Chunked, take: Heard) -> dict[str, np.ndarray]:
    """Return errors and hits at borders, then inside, (4,), of timing and of velocity.

    Takes that are too short have none.
    """
    borders = system.border_bars
    counted = [_counted(case, system.predict(case.given), borders) for case in clips(take, borders)]
    if not counted:
        return {}
    timing, velocity = np.sum(counted, axis=0)
    return {"timing seam": timing, "velocity seam": velocity}


def clips(take: Heard, borders: int) -> Iterator[Case]:
    """Yield the clips of a take that begin at each of its first bars, and follow each other.

    Takes that are too short for a clip from each of these bars have none.
    """
    bars = take.whole.given.bars
    if bars < CLIP_BARS + borders - 1:
        return
    for first in range(borders):
        for bar in range(first, bars - CLIP_BARS + 1, CLIP_BARS):
            clip = cut(take.whole, bar, CLIP_BARS)
            if len(clip.given.step):
                yield clip


def _counted(case: Case, guess: Played, borders: int) -> np.ndarray:
    """Return the sums of timing and velocity: (2, 4)."""
    line = np.rint(case.given.step / STEPS).astype(np.intp)
    at_line = np.abs(case.given.step - line * STEPS) < NEAR
    at_line &= (line > 0) & (line < case.given.bars)  # a clip's ends are no borders
    border = line % borders == 0
    errors = (
        np.abs(guess.offset_ms - case.played.offset_ms),
        np.abs(guess.velocity - case.played.velocity),
    )
    where = (at_line & border, at_line & ~border)
    return np.array(
        [[part for rows in where for part in (error[rows].sum(), rows.sum())] for error in errors]
    )
