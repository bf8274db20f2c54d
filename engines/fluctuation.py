"""Draw the slow, lawful fluctuation that this project is named after: 1/f noise as a law of time.

White noise forgets at once; a player's time and touch drift, and what comes now depends on what
came many beats ago. The noise is a sum of sinusoids of random phase, so it is a function of time
alone: it can be read at any note, a note that is added changes nothing elsewhere, two parts that
share a random stream share the drift, and over a loop it closes upon itself.

Letters: K partials.

Source: Hennig et al. (2011), "The nature and perception of fluctuations in human musical rhythms",
PLoS ONE 6(10) e26457: musicians' deviations from the beat have a 1/f^b spectrum, and listeners
prefer it to white noise.
"""

from functools import lru_cache
from math import inf
from typing import NamedTuple

import numpy as np

PARTIALS = 20
"""How many sinusoids make the noise: three an octave, dense enough not to be heard as tones."""


class Waves(NamedTuple):
    """Describe a spectrum.

    `slowest` and `fastest` are the lengths in beats of the longest and the shortest wave; with
    `exponent` 0 the noise is white, with 1 pink, with 2 a random walk. What is `memory` beats ago
    is forgotten: waves much longer than that are no stronger; with exponent 2 what is left of a
    drift falls as e^(-t / memory), as where somebody keeps going back to a click (Uhlenbeck and
    Ornstein (1930), Physical Review 36).
    """

    slowest: float
    fastest: float
    exponent: float = 1.0
    memory: float = inf


def fluctuate(
    rng: np.random.Generator, time: np.ndarray, waves: Waves, *, period: float | None = None
) -> np.ndarray:
    """Return noise of variance 1 at times in beats: float64 of the shape of `time`.

    Args:
        rng: where the phases come from; always `PARTIALS` numbers are drawn.
        time: in beats from where the period begins.
        waves: the spectrum.
        period: the noise repeats after this many beats; its waves are no longer than that.
    """
    speed, amplitude = partials(waves, period)
    phase = rng.uniform(0.0, 2 * np.pi, PARTIALS)[: len(speed)]
    return np.asarray(np.sin(time[..., None] * speed + phase) @ amplitude)


@lru_cache(maxsize=64)
def partials(waves: Waves, period: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Return angular speeds in radians a beat and amplitudes, (K,) both, of variance 1 together.

    A partial stands for a band as wide as it is high.
    """
    frequency = np.geomspace(1.0 / waves.slowest, 1.0 / waves.fastest, PARTIALS)
    knee = 1.0 / (2 * np.pi * waves.memory)
    power = frequency * (frequency**2 + knee**2) ** (-0.5 * waves.exponent)
    if period is not None:
        harmonic = np.maximum(np.rint(frequency * period), 1.0)
        distinct, members = np.unique(harmonic, return_inverse=True)
        frequency, power = distinct / period, np.bincount(members, power).astype(float)
    return 2 * np.pi * frequency, np.sqrt(2.0 * power / power.sum())
