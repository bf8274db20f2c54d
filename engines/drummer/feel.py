"""Draw the noise that picks one performance of a drummer: what goes together, what lasts.

Every hit's noise is normal of variance 1, so that mapping it through the hit's distribution keeps
that distribution, while hits stray together as drummers' do (a Gaussian copula). It is a sum of

- the kit's clock, which wanders and in which all limbs share;
- the whole: what all hits do throughout;
- the voice: what a voice does, it does throughout;
- the beat and the bar: what a voice does at a place of these it does there again;
- and what no law explains.

One drummer has more of one part, another of another: how strong each part is differs by clip.

Letters: H hits.

Source: Nelsen (2006), An Introduction to Copulas, ch. 3; the law is that of Wing and Kristofferson
(1973), Perception and Psychophysics 14(1). How much of each there is, and how long drummers
remember, was measured on the Groove MIDI Dataset: they keep going back to the click.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import numpy as np

from engines.fluctuation import Waves, fluctuate
from engines.kit import VOICES

WANDERING = {
    "late": Waves(slowest=64.0, fastest=0.25, exponent=2.0, memory=2.0),
    "velocity": Waves(slowest=64.0, fastest=0.25, exponent=2.0, memory=4.0),
}
"""How the kit's clock and the arms' strength wander: half is forgotten after 1.4 and 2.8 beats."""

DIFFER = 0.45
"""How much the parts' strength differs from clip to clip: standard deviation of its logarithm. With
it, windows of two bars are hardest to tell from those of drummers; with 0.3 or none they are easy
to tell."""

PLACES = 12
"""Parts of a beat that habits tell apart."""


Streams = Callable[[str], np.random.Generator]
"""Make a random stream for a purpose."""


class Shares(msgspec.Struct, frozen=True):
    """Be how much of the variance each part of the noise has, 0 to 1; the rest is unexplained.

    Raises:
        ValueError: they are negative or have a sum above 1.
    """

    clock: float = 0.0
    whole: float = 0.0
    voice: float = 0.0
    beat: float = 0.0
    bar: float = 0.0

    def __post_init__(self) -> None:
        if not (min(self.parts) >= 0 and sum(self.parts) <= 1):  # nor is a NaN
            raise ValueError(f"the shares are {self.parts}, allowed are 0 or more of a sum of 1")

    @property
    def parts(self) -> tuple[float, float, float, float, float]:
        """The shares, in their order."""
        return self.clock, self.whole, self.voice, self.beat, self.bar


class Places(NamedTuple):
    """Be where H hits fall.

    `time` from where the clip or loop begins and `beat` in the bar, in beats, and the voice: (H,)
    each. Noise repeats after `period` beats if there is one.
    """

    time: np.ndarray
    beat: np.ndarray
    voice: np.ndarray
    period: float | None


def feel(places: Places, shares: Shares, wandering: Waves, stream: Streams) -> np.ndarray:
    """Return noise of variance 1 over many seeds: (H,).

    Args:
        places: where the hits fall.
        shares: how much there is of each part.
        wandering: one of `WANDERING`.
        stream: makes a random stream for a purpose.
    """
    habits, place = stream("habits"), in_bar(places.beat)
    clock, whole, voice, beat, bar, rest = _strength(shares, habits)
    noise = fluctuate(stream("clock"), places.time, wandering, period=places.period) * clock
    by_voice = whole * habits.standard_normal() + voice * habits.standard_normal(len(VOICES))
    by_beat = by_voice + beat * habits.standard_normal((PLACES, len(VOICES)))
    by_bar = bar * habits.standard_normal((int(place.max(initial=0)) + 1, len(VOICES)))
    noise += by_beat[in_beat(places.beat), places.voice] + by_bar[place, places.voice]
    return np.asarray(noise + rest * stream("rest").standard_normal(len(place)))


def _strength(shares: Shares, rng: np.random.Generator) -> list[float]:
    """Draw how strong each part is in this clip, and what no law explains."""
    rest = max(1.0 - sum(shares.parts), 0.0)
    share = np.array((*shares.parts, rest))
    drawn = np.exp(DIFFER * rng.standard_normal(len(share)) - DIFFER**2)
    strength: list[float] = (drawn * np.sqrt(share)).tolist()
    return strength


def in_bar(beat: np.ndarray) -> np.ndarray:
    """Return at which place of the bar from 0 hits are by their beats, which may err: (H,) int."""
    return np.rint(beat * PLACES).astype(np.intp)


def in_beat(beat: np.ndarray) -> np.ndarray:
    """Return at which place of the beat from 0 hits are by their beats, which may err: (H,) int."""
    return in_bar(beat) % PLACES
