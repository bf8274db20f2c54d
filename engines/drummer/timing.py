"""Let a written kit part fall as early and late as a drummer's strokes do.

Letters: N notes, V voices.
"""

from typing import NamedTuple

import numpy as np

from engines.bounded import bounded
from engines.drummer.hits import read_chords, read_hits
from engines.drummer.take import Take
from engines.features import Features
from engines.placement import ROOM

FARTHEST = 0.5
"""However far in beats the next moment is, no hit has more room than if it were so far."""


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
        hats, toms, cymbals = (self.hat,) * 2, (self.tom,) * 3, (self.cymbal,) * 2
        return np.array((self.kick, self.snare, *hats, *toms, *cymbals))


def lateness_s(take: Take, lean: Lean) -> np.ndarray:
    """Return how late each note wants to come in seconds, 0 for notes of no hit: (N,)."""
    late = (1.0 - lean.tightness) * take.late_ms(lean.variation) + lean.by_voice[take.hits.voice]
    return take.hits.of_notes(late / 1e3, 0.0)


def room(features: Features, band: np.ndarray) -> np.ndarray:
    """Return how far each note may stray and not reach another chord of the kit: (N,) beats.

    All notes of a hit have the same room, for flams go together. Notes of no hit have none.

    Args:
        features: those of the clip.
        band: (N,) in beats, how far notes were moved before they stray.
    """
    chords = features.once(read_chords)
    first, last = chords.span(features.notes.onset + band)
    gap = np.full(len(first) + 1, np.inf)
    gap[1:-1] = first[1:] - last[:-1]
    nearest = bounded(np.minimum(gap[:-1], gap[1:]), 0.0, FARTHEST)
    return features.once(read_hits).of_notes(ROOM * nearest[chords.of_hit], 0.0)


def together(features: Features, shift: np.ndarray) -> np.ndarray:
    """Return shifts, (N,) beats, with each chord of the kit moved as its first hit, and in order.

    Where a chord would reach the next one, that goes later as well. Notes of no hit stay.
    """
    hits, chords = features.once(read_hits), features.once(read_chords)
    first, last = chords.span(features.notes.onset)
    gap = np.zeros(len(first))
    gap[1:] = np.maximum(first[1:] - last[:-1], 0.0).cumsum()
    moved = np.maximum.accumulate(shift[hits.row[chords.first_hit]] + gap) - gap
    return hits.of_notes(moved[chords.of_hit], 0.0)
