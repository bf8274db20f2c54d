"""End sound where it was asked to, or when silence has come."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from vst_host.sound import SILENCE

QUIET_S = 1.0
"""Silence counts as the end when it has lasted so long: echoes come sooner."""

AFTER_S = 0.1
"""So much of the silence is kept."""

LONGEST_S = 20.0
"""So long after the last message it ends though it still sounds."""


class Slab(NamedTuple):
    """Be what is rendered at once, from frame `start` on: the mix, and each track if it is kept."""

    start: int
    mix: np.ndarray
    stems: tuple[np.ndarray, ...] = ()

    @property
    def end(self) -> int:
        """The frame after it."""
        return self.start + self.mix.shape[1]

    def until(self, end: int) -> "Slab":
        """Return what of it is before a frame."""
        frames = max(0, end - self.start)
        return Slab(
            self.start, self.mix[:, :frames], tuple(stem[:, :frames] for stem in self.stems)
        )


def until(slabs: Iterable[Slab], end: int) -> Iterator[Slab]:
    """Yield sound that has exactly `end` frames."""
    if not end:
        return
    for slab in slabs:
        yield slab.until(end)
        if slab.end >= end:
            return


def until_silent(slabs: Iterable[Slab], last: int, sample_rate: int) -> Iterator[Slab]:
    """Yield sound until silence has come after frame `last`."""
    held: list[Slab] = []
    loud = last
    quiet, after, longest = (round(s * sample_rate) for s in (QUIET_S, AFTER_S, LONGEST_S))
    for whole in slabs:
        slab = whole.until(last + longest)
        held.append(slab)
        if slab.end > last:
            loud = max(loud, _last_loud(slab))
        if slab.end <= loud + after:
            yield from held
            held = []
        if slab.end >= min(loud + quiet, last + longest):
            break
    yield from (part for slab in held if (part := slab.until(loud + after)).mix.size)


def _last_loud(slab: Slab) -> int:
    """Return the frame after the last that is not silent, or 0."""
    loud = np.flatnonzero((np.abs(slab.mix) >= SILENCE).any(axis=0))
    return slab.start + int(loud[-1]) + 1 if len(loud) else 0
