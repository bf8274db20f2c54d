"""Ask the learned drummer how a written clip is played.

Letters: H hits, K bins.
"""

from functools import lru_cache
from typing import NamedTuple, Protocol

import msgspec
import numpy as np

from engines.clip import Loop
from engines.drummer.histogram import Histogram
from engines.drummer.hits import Hits, read_hits
from engines.drummer.network import Card
from engines.drummer.page import Sight, Telling, around, said
from engines.features import Features
from engines.grid import is_compound

WINDOW, MARGIN = 24.0, 4.0
"""Beats that are looked at together, and how many more on either side are seen and not answered.
Most of what a hit depends on is nearer, so windows leave no seams."""

CROWD, AROUND = 512, 128
"""So many hits of a window are answered at most, and seen on either side: what a window costs grows
with the square of its hits. Drummers play a third of that."""

TURN = 1024.0
"""Times count from the last of such turns, in beats, for single precision knows late ones less
well. All that a network counts comes round with them: see the periods in `engines.models.drummer`.
"""


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
        sight, loop = _sight(features, features.once(read_hits)), features.clip.loop
        if loop is None:
            return interpret(sight, self.telling, self.player)
        looped = (sight.time >= loop.start) & (sight.time < loop.end)
        seen, own = _round(sight.at(looped), loop)
        found = [each.at(own) for each in interpret(seen, self.telling, self.player)]
        if not looped.all():
            straight = interpret(sight, self.telling, self.player)
            found = [one.replaced(looped, by) for one, by in zip(straight, found, strict=True)]
        return Interpretation(*found)


def interpret(sight: Sight, telling: Telling, player: Player) -> Interpretation:
    """Return how hits, in order of time, are played."""
    table, struck = said(sight, telling), around(sight)
    velocity = np.empty((len(sight.time), len(player.card.velocity_edge) - 1))
    late = np.empty((len(sight.time), len(player.card.late_edge) - 1))
    for seen, answered in _windows(sight.time):
        beats = sight.time[seen] - TURN * np.trunc(sight.time[answered.start] / TURN)
        found = player.run(table[seen], struck[seen], beats)
        within = slice(answered.start - seen.start, answered.stop - seen.start)
        velocity[answered], late[answered] = (shares[within] for shares in found)
    return Interpretation(
        Histogram.of(_column(player.card.velocity_edge), velocity),
        Histogram.of(_column(player.card.late_edge), late),
    )


@lru_cache(maxsize=8)
def _column(edges: tuple[float, ...]) -> np.ndarray:
    column = np.array(edges)
    column.flags.writeable = False
    return column


def _windows(time: np.ndarray) -> list[tuple[slice, slice]]:
    """Return which hits are seen together, and which of them are answered then."""
    windows, start = [], 0
    while start < len(time):
        edges = time[start] + np.array([-MARGIN, WINDOW, WINDOW + MARGIN])
        first, end, last = np.searchsorted(time, edges).tolist()
        end = min(end, start + CROWD)
        seen = slice(max(first, start - AROUND), min(last, end + AROUND))
        windows.append((seen, slice(start, end)))
        start = end
    return windows


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


def _round(sight: Sight, loop: Loop) -> tuple[Sight, slice]:
    """Return the hits of a loop among those heard as it comes round, and which are its own."""
    before = np.flatnonzero(sight.time >= loop.end - MARGIN)
    after = np.flatnonzero(sight.time < loop.start + MARGIN)
    hits = len(sight.time)
    turns = np.repeat([-1, 0, 1], [len(before), hits, len(after)])
    seen = sight.at(np.concatenate([before, np.arange(hits), after]))
    time = seen.time + turns * (loop.end - loop.start)
    return seen._replace(time=time), slice(len(before), len(before) + hits)
