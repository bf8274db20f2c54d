"""Let a written kit part fall as early and late as a drummer's strokes do.

Letters: N notes, V voices.
"""

from typing import NamedTuple

import numpy as np

from engines.bounded import bounded
from engines.drummer.hits import chords, read_hits
from engines.drummer.take import Take
from engines.features import Features
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
        lean = np.zeros(len(VOICES))
        lean[[KICK, SNARE]] = self.kick, self.snare
        lean[[CLOSED_HAT, OPEN_HAT]] = self.hat
        lean[[LOW_TOM, MID_TOM, HIGH_TOM]] = self.tom
        lean[[CRASH, RIDE]] = self.cymbal
        return lean


def lateness_s(take: Take, lean: Lean) -> np.ndarray:
    """Return how late each note wants to come in seconds, 0 for notes of no hit: (N,)."""
    late = (1.0 - lean.tightness) * take.late_ms(lean.variation) + lean.by_voice[take.hits.voice]
    return np.append(late / 1e3, 0.0)[take.hits.of_note]


def room(features: Features, band: np.ndarray) -> np.ndarray:
    """Return how far each note may stray and not reach another chord of the kit: (N,) beats.

    All notes of a hit have the same room, for flams go together. Notes of no hit have none.

    Args:
        features: those of the clip.
        band: (N,) in beats, how far notes were moved before they stray.
    """
    hits = features.once(read_hits)
    chord = chords(features.onset_s[hits.row])
    first, last = np.full((2, int(chord.max(initial=-1)) + 1), [[np.inf], [-np.inf]])
    struck = (features.notes.onset + band)[hits.mapped]
    np.minimum.at(first, chord[hits.of_note[hits.mapped]], struck)
    np.maximum.at(last, chord[hits.of_note[hits.mapped]], struck)
    gaps = np.concatenate([[np.inf], first[1:] - last[:-1], [np.inf]])
    nearest = bounded(np.minimum(gaps[:-1], gaps[1:]), 0.0, FARTHEST)
    return np.append(ROOM * nearest[chord], 0.0)[hits.of_note]


def together(features: Features, shift: np.ndarray) -> np.ndarray:
    """Return shifts, (N,) beats, with each chord of the kit moved as its first hit, and in order.

    Where a chord would reach the next one, that goes later as well.
    """
    hits = features.once(read_hits)
    if not len(hits.row):
        return shift
    chord, onset = chords(features.onset_s[hits.row]), features.notes.onset
    count = int(chord[-1]) + 1
    first, last = np.full((2, count), [[np.inf], [-np.inf]])
    np.minimum.at(first, chord[hits.of_note[hits.mapped]], onset[hits.mapped])
    np.maximum.at(last, chord[hits.of_note[hits.mapped]], onset[hits.mapped])
    gap = np.concatenate([[0.0], np.cumsum(np.maximum(first[1:] - last[:-1], 0.0))])
    begins = np.searchsorted(chord, np.arange(count))
    moved = np.maximum.accumulate(shift[hits.row[begins]] + gap) - gap
    return np.append(moved[chord], 0.0)[hits.of_note]
