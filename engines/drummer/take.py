"""Take one performance of a kit's part from what a learned drummer says of it.

Letters: H hits.
"""

from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np

from engines.cycle import band_period
from engines.drummer.drummer import Drummer, Interpretation
from engines.drummer.feel import WANDERING, Places, Shares, feel
from engines.drummer.hits import Hits, read_hits
from engines.engine import Context
from engines.features import Features
from engines.reading import REMEMBERED_NOTES
from engines.stream import stream

LOUDEST = 141.0
"""Drummers' loud strokes stray by some 10 velocities; 127 is where MIDI ends, not their arms."""

REMEMBERED = 8
"""So many performances are remembered, for the engines that come next."""


class Take(NamedTuple):
    """Be one performance: the hits, what the drummer says of them, and the noise that picks one.

    `loudness` and `lateness` (H,) are the noise of velocity and of lateness.
    """

    hits: Hits
    said: Interpretation
    loudness: np.ndarray
    lateness: np.ndarray

    def velocity(self, variation: float) -> np.ndarray:
        """Return how loud each hit is in MIDI units, with so much of the noise: (H,).

        Those at which the drummer's kit stopped counting were as loud or louder, up to `LOUDEST`.
        """
        return self.said.velocity.opened(LOUDEST).drawn(variation * self.loudness)

    def late_ms(self, variation: float) -> np.ndarray:
        """Return how late each hit comes in ms, with so much of the noise: (H,)."""
        return self.said.late.drawn(variation * self.lateness)


def take(drummer: Drummer, context: Context) -> Take:
    """Return the performance that a request's seed picks for a context's part."""
    remembers = len(context.features.notes) <= REMEMBERED_NOTES
    taken = _remembered if remembers else _taken
    period = band_period(context.features.clip, (context.features.clip,))
    return taken(drummer, context.features, period, (context.seed, context.part))


def _taken(
    drummer: Drummer, features: Features, period: float | None, names: tuple[int, int]
) -> Take:
    hits = features.once(read_hits)
    places = Places(
        hits.time - features.clip.region()[0], features.beat[hits.row], hits.voice, period
    )
    loudness, lateness = (
        feel(places, shares, WANDERING[name], partial(_stream, names, name))
        for name in ("velocity", "late")
        for shares in (drummer.player.card.shares.get(name, Shares()),)
    )
    said: Interpretation = features.once(drummer)
    return Take(hits, said, loudness, lateness)


def _stream(names: tuple[int, int], name: str, purpose: str) -> np.random.Generator:
    """Return a random stream; a kit in several parts has one clock."""
    seed, part = names
    return stream(seed, "kit" if purpose == "clock" else part, name, purpose)


_remembered = lru_cache(maxsize=REMEMBERED)(_taken)
