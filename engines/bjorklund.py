"""Spread pulses over steps as evenly as they go.

Letters: S steps.

Source: Toussaint (2005), "The Euclidean algorithm generates traditional musical rhythms",
Proceedings of BRIDGES, pp. 47-56, section 2; the algorithm is Bjorklund's for the timing of
neutron sources.
"""

from functools import cache

import numpy as np


@cache
def bjorklund(pulses: int, steps: int) -> np.ndarray:
    """Return E(pulses, steps) in Toussaint's rotation: (S,) bool, read-only.

    More pulses than steps fill every step.
    """
    pulses = min(pulses, steps)
    heads, tails = [[True]] * pulses, [[False]] * (steps - pulses)
    while heads and tails:
        pairs = min(len(heads), len(tails))
        joined = [head + tail for head, tail in zip(heads, tails, strict=False)]
        heads, tails = joined, heads[pairs:] + tails[pairs:]
        if len(tails) < 2:
            break
    pattern = np.array([step for part in heads + tails for step in part], dtype=bool)
    pattern.flags.writeable = False
    return pattern
