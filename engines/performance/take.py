"""Take one performance of a clip from what a learned player says of it.

All engines of a request take from the same one: who is loud is late there as with real players.

Letters: N notes.
"""

from functools import lru_cache

import numpy as np

from engines.engine import Context
from engines.features import Features
from engines.performance.interpreter import SAMPLED, Interpretation, Interpreter, Sampled
from engines.reading import REMEMBERED_NOTES
from engines.stream import stream

REMEMBERED = 8
"""So many performances are remembered, for the engines that come next."""

KEPT = 8
"""At most so many parameters, each with one variation, are kept of a performance."""


class Take:
    """Be one performance: what the player says, and the noise (N, 4) that picks it."""

    def __init__(self, player: Interpretation, noise: np.ndarray) -> None:
        self.player = player
        self.noise = noise
        self.noise.flags.writeable = False
        self._drawn: dict[tuple[Sampled, float], np.ndarray] = {}

    def drawn(self, name: Sampled, variation: float = 1.0) -> np.ndarray:
        """Return one parameter, (N,) read-only, with so much of the noise; its medians with none.

        At first all are drawn together, for the engines that come next. Later draws are of a dial
        that turns, which wants one parameter.
        """
        if (name, variation) not in self._drawn:
            self._draw((name,) if self._drawn else SAMPLED, variation)
        self._drawn[name, variation] = found = self._drawn.pop((name, variation))
        return found

    def _draw(self, names: tuple[Sampled, ...], variation: float) -> None:
        """Draw some parameters, and forget those that were asked for least lately."""
        rows = [SAMPLED.index(name) for name in names]
        drawn = self.player.mixture.at(rows).drawn(variation * self.noise.T[rows])
        drawn.flags.writeable = False
        self._drawn.update(zip([(name, variation) for name in names], drawn, strict=True))
        for key in list(self._drawn)[:-KEPT]:
            del self._drawn[key]


def take(interpreter: Interpreter, context: Context, part: int | None = None) -> Take:
    """Return the performance that a request's seed picks for a part, the context's own if None."""
    part = context.part if part is None else part
    features = context.readings[part]
    if len(features.notes) > REMEMBERED_NOTES:
        return _taken(interpreter, features, context.seed, part)
    return _remembered(interpreter, features, context.seed, part)


def _taken(interpreter: Interpreter, features: Features, seed: int, part: int) -> Take:
    noise = interpreter.noise(features, stream(seed, "take", part))
    return Take(features.once(interpreter), noise)


_remembered = lru_cache(maxsize=REMEMBERED)(_taken)
