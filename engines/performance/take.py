"""Take one performance of a clip from what a learned player says of it.

All engines of a request take from the same one: who is loud is late there as with real players.

Letters: N notes.
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from engines.engine import Context
from engines.features import Features
from engines.performance.interpreter import SAMPLED, Interpretation, Interpreter, Sampled
from engines.performance.scatter import Mixture
from engines.reading import REMEMBERED_NOTES
from engines.stream import stream

REMEMBERED = 8
"""The noise of so many performances is remembered, for the engines that come next."""


class Take(NamedTuple):
    """Be one performance: what the player says, and the noise (N, 4) that picks it."""

    player: Interpretation
    noise: np.ndarray

    def drawn(self, name: Sampled, variation: float = 1.0) -> np.ndarray:
        """Return one parameter, (N,), with so much of the noise; its medians with none."""
        mixture: Mixture = getattr(self.player, name)
        return mixture.drawn(variation * self.noise[:, SAMPLED.index(name)])


def take(interpreter: Interpreter, context: Context, part: int | None = None) -> Take:
    """Return the performance that a request's seed picks for a part, the context's own if None."""
    part = context.part if part is None else part
    features = context.readings[part]
    if len(features.notes) > REMEMBERED_NOTES:
        noise = interpreter.noise(features, stream(context.seed, "take", part))
    else:
        noise = _noise(interpreter, features, context.seed, part)
    return Take(features.once(interpreter), noise)


@lru_cache(maxsize=REMEMBERED)
def _noise(interpreter: Interpreter, features: Features, seed: int, part: int) -> np.ndarray:
    noise = interpreter.noise(features, stream(seed, "take", part))
    noise.flags.writeable = False
    return noise
