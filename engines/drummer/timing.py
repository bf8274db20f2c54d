"""Let a written kit part fall as early and late as a drummer's strokes do.

Letters: N notes, H hits, M moments.
"""

from typing import NamedTuple

import numpy as np

from engines.bounded import bounded
from engines.drummer.take import Take
from engines.features import CHORD_S
from engines.kit import (
    CLOSED_HAT,
    CRASH,
    HIGH_TOM,
    KICK,
    LOW_TOM,
    MID_TOM,
    OPEN_HAT,
    RIDE,
    SNARE,
    VOICES,
)

ROOM = 0.45
"""How much of the way to the next moment a hit may stray, so that none overtakes another."""

FARTHEST_S = 0.25
"""No hit strays farther, however empty the page is."""


class Lean(NamedTuple):
    """Say how free the drummer is and how each part of the kit leans, in ms behind the beat."""

    variation: float = 1.0
    tightness: float = 0.0
    kick: float = 0.0
    snare: float = 0.0
    hat: float = 0.0
    tom: float = 0.0
    cymbal: float = 0.0

    @property
    def by_voice(self) -> np.ndarray:
        """How each voice leans: (V,) ms."""
        lean = np.zeros(len(VOICES))
        lean[[KICK, SNARE]] = self.kick, self.snare
        lean[[CLOSED_HAT, OPEN_HAT]] = self.hat
        lean[[LOW_TOM, MID_TOM, HIGH_TOM]] = self.tom
        lean[[CRASH, RIDE]] = self.cymbal
        return lean


def lateness_s(take: Take, onset_s: np.ndarray, lean: Lean) -> np.ndarray:
    """Return how late each note comes in seconds, 0 for notes of no hit: (N,).

    Args:
        take: the performance.
        onset_s: (N,) onsets as written, in seconds.
        lean: how free, and how each part of the kit leans.
    """
    late = (1.0 - lean.tightness) * take.late_ms(lean.variation)
    late += lean.by_voice[take.hits.voice]
    room = _room(onset_s[take.hits.row])
    return np.append(bounded(late / 1e3, -room, room), 0.0)[take.hits.of_note]


def _room(time_s: np.ndarray) -> np.ndarray:
    """Return how far each hit, at times in order, may stray in seconds: (H,)."""
    gap = np.diff(time_s)
    apart = gap > CHORD_S
    moment = np.concatenate([[0], np.cumsum(apart)]) if len(time_s) else np.zeros(0, dtype=np.intp)
    gaps = np.concatenate([[np.inf], gap[apart], [np.inf]])
    nearest = np.minimum(np.minimum(gaps[:-1], gaps[1:]), FARTHEST_S)
    return np.asarray(ROOM * nearest[moment])
