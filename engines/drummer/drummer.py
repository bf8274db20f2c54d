"""Ask the learned drummer how a written clip is played.

Letters: H hits, K bins.
"""

from itertools import pairwise
from typing import NamedTuple, Protocol

import msgspec
import numpy as np

from engines.drummer.histogram import Histogram
from engines.drummer.hits import Hits, read_hits
from engines.drummer.network import Card
from engines.drummer.page import Sight, Telling, around, said
from engines.features import Features
from engines.grid import is_compound

WINDOW, MARGIN = 24.0, 4.0
"""Beats that are looked at together, and how many more on either side are seen and not answered.
Most of what a hit depends on is nearer, so windows leave no seams."""


class Interpretation(NamedTuple):
    """Be the distributions of how H hits are played: velocity in MIDI units and lateness in ms."""

    velocity: Histogram
    late: Histogram


class Player(Protocol):
    """Be a network, as `engines.drummer.network` reads it from a file."""

    card: Card

    def run(
        self, said: np.ndarray, around: np.ndarray, beats: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the shares of the bins of velocity and of lateness, (H, K) each."""
        ...


class Drummer(msgspec.Struct, frozen=True):
    """Be a learned drummer who was told something; for `Features.once`."""

    player: Player
    telling: Telling

    def __call__(self, features: Features) -> Interpretation:
        """Return how the hits of a clip are played; a loop is seen to come round."""
        hits = features.once(read_hits)
        sight = _sight(features, hits)
        if features.clip.loop is None:
            return interpret(sight, self.telling, self.player)
        rows, shift = _round(features, hits)
        order = np.lexsort((hits.voice[rows], hits.time[rows] + shift))
        seen = Sight(*(column[rows][order] for column in sight))
        found = interpret(seen._replace(time=seen.time + shift[order]), self.telling, self.player)
        own = np.argsort(order)[: len(hits.time)]
        return Interpretation(*(histogram.at(own) for histogram in found))


def interpret(sight: Sight, telling: Telling, player: Player) -> Interpretation:
    """Return how hits, in order of time, are played."""
    table, struck = said(sight, telling), around(sight)
    velocity = np.empty((len(sight.time), len(player.card.velocity_edge) - 1))
    late = np.empty((len(sight.time), len(player.card.late_edge) - 1))
    for seen, answered in _windows(sight.time):
        found = player.run(table[seen], struck[seen], sight.time[seen])
        within = slice(answered.start - seen.start, answered.stop - seen.start)
        velocity[answered], late[answered] = (shares[within] for shares in found)
    return Interpretation(
        Histogram.of(np.array(player.card.velocity_edge), velocity),
        Histogram.of(np.array(player.card.late_edge), late),
    )


def _windows(time: np.ndarray) -> list[tuple[slice, slice]]:
    """Return which hits are seen together, and which of them are answered then."""
    if not len(time):
        return []
    starts = np.arange(time[0], time[-1] + 1e-9, WINDOW)
    edges = [*starts.tolist(), np.inf]
    bounds = [(start - MARGIN, start, end, end + MARGIN) for start, end in pairwise(edges)]
    found = [np.searchsorted(time, bound).tolist() for bound in bounds]
    return [(slice(a, d), slice(b, c)) for a, b, c, d in found if b < c]


def _sight(features: Features, hits: Hits) -> Sight:
    """Return what is seen of the hits of a clip."""
    metres = [(metre.bar, float(is_compound(metre))) for metre in features.metres]
    bar, compound = np.array(metres)[features.metre_index[hits.row]].T
    return Sight(
        time=hits.time,
        voice=hits.voice,
        stroke=hits.stroke,
        beat=features.beat[hits.row],
        bar=bar,
        compound=compound,
        bpm=features.clip.tempo.at(hits.time),
    )


def _round(features: Features, hits: Hits) -> tuple[np.ndarray, np.ndarray]:
    """Return all hits, and again those that are heard before and after them as a loop comes round.

    The first are the hits themselves, shifted by nothing; the others by the length of the loop.
    """
    start, end = features.clip.region()
    inside = (hits.time >= start) & (hits.time < end)
    before = np.flatnonzero(inside & (hits.time >= end - MARGIN))
    after = np.flatnonzero(inside & (hits.time < start + MARGIN))
    rows = np.concatenate([np.arange(len(hits.time)), before, after])
    turns = np.repeat([0, -1, 1], [len(hits.time), len(before), len(after)])
    return rows, turns * (end - start)
