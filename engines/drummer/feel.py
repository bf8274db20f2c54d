"""Draw the noise that picks one performance of a drummer: what goes together, what lasts.

Every hit's noise is normal of variance 1, so that mapping it through the hit's distribution keeps
that distribution, while hits stray together as drummers' do (a Gaussian copula). It is a sum of

- the kit's clock, or the arms' strength, which wanders and in which all limbs share;
- the moment: hits at one onset come together;
- the voice: what a voice does, it does throughout;
- the habit: what a voice does at a place of the bar, it does there in each bar;
- and what no law explains.

Letters: H hits.

Source: Nelsen (2006), An Introduction to Copulas, ch. 3; the law is that of Wing and Kristofferson
(1973), Perception and Psychophysics 14(1). How much of each there is, and how long drummers
remember, was measured on the Groove MIDI Dataset: they keep going back to the click.
"""

from collections.abc import Callable
from typing import NamedTuple

import msgspec
import numpy as np

from engines.drummer.hits import moments
from engines.fluctuation import Waves, fluctuate
from engines.kit import VOICES

WANDERING = {
    "late": Waves(slowest=64.0, fastest=0.25, exponent=2.0, memory=2.0),
    "velocity": Waves(slowest=64.0, fastest=0.25, exponent=2.0, memory=4.0),
}
"""How the kit's clock and the arms' strength wander: half is forgotten after 1.4 and 2.8 beats."""

PLACES = 12
"""Parts of a beat that habits tell apart."""


Streams = Callable[[str], np.random.Generator]
"""Make a random stream for a purpose."""


class Shares(msgspec.Struct, frozen=True):
    """Be how much of the variance each part of the noise has, 0 to 1; the rest is unexplained.

    `spread` is by how much drummers stray farther than the network foresees, at hits and takes that
    it has not learned from.

    Raises:
        ValueError: they are negative or have a sum above 1, or the spread is not positive.
    """

    clock: float = 0.0
    moment: float = 0.0
    voice: float = 0.0
    habit: float = 0.0
    spread: float = 1.0

    def __post_init__(self) -> None:
        if not (min(self.parts) >= 0 and sum(self.parts) <= 1):  # nor is a NaN
            raise ValueError(f"the shares are {self.parts}, allowed are 0 or more of a sum of 1")
        if not 0 < self.spread < np.inf:
            raise ValueError(f"spread is {self.spread}, allowed are numbers above 0")

    @property
    def parts(self) -> tuple[float, float, float, float]:
        """The shares, in their order."""
        return self.clock, self.moment, self.voice, self.habit


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
    """Return noise of the standard deviation `shares.spread`: (H,).

    Args:
        places: where the hits fall.
        shares: how much there is of each part.
        wandering: one of `WANDERING`.
        stream: makes a random stream for a purpose.
    """
    rest = max(1.0 - sum(shares.parts), 0.0)
    parts: tuple[tuple[float, Callable[[], np.ndarray]], ...] = (
        (shares.clock, lambda: _wandered(places, wandering, stream)),
        (shares.moment, lambda: _moment(places, stream)),
        (shares.voice, lambda: stream("voice").standard_normal(len(VOICES))[places.voice]),
        (shares.habit, lambda: _habit(places, stream)),
        (rest, lambda: stream("rest").standard_normal(len(places.time))),
    )
    drawn = [np.sqrt(share) * draw() for share, draw in parts if share]
    return np.asarray(shares.spread * sum(drawn, np.zeros(len(places.time))))


def _wandered(places: Places, wandering: Waves, stream: Streams) -> np.ndarray:
    return fluctuate(stream("clock"), places.time, wandering, period=places.period)


def _moment(places: Places, stream: Streams) -> np.ndarray:
    moment = moments(places.time)
    return stream("moment").standard_normal(len(moment))[moment]


def _habit(places: Places, stream: Streams) -> np.ndarray:
    """Draw a number for each place of a bar and voice, the same in every bar."""
    place = np.rint(places.beat * PLACES).astype(np.intp)
    table = stream("habit").standard_normal((int(place.max(initial=0)) + 1, len(VOICES)))
    return np.asarray(table[place, places.voice])
