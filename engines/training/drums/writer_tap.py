"""Take from a drum part the rhythm that somebody who meant it might have tapped.

Letters: S steps, V voices.

Source: Gillick et al. (2019), "Learning to Groove with Inverse Sequence Transformations", ICML,
section 4.2 (Tap2Drum): all onsets of a part as one. Here the rhythm may be that of one voice, of
the kick and what a bass adds to it, or of the loud strokes too, for that is what users have.
"""

from collections.abc import Callable

import numpy as np

from engines.kit import CLOSED_HAT, HIGH_TOM, KICK, LOW_TOM, OPEN_HAT, RIDE, SNARE
from engines.writer.view import KINDS

HANDS = ((KICK,), (SNARE,), (KICK, SNARE), (CLOSED_HAT, OPEN_HAT), (RIDE,), (LOW_TOM, HIGH_TOM))
"""Voices whose rhythm may be given alone."""

FLAT = 0.8
"""How loud a rhythm is whose notes are all alike, of 1."""


def all_onsets(velocity: np.ndarray) -> np.ndarray:
    """Return the rhythm of all voices together: (S,) from 0 to 1.

    Args:
        velocity: (S, V) MIDI velocities, 0 where a voice is silent.
    """
    return np.asarray(velocity.max(axis=1) / 127.0)


def drawn_tap(velocity: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """Draw a rhythm from a part: (S,) from 0 to 1, and its kind, index into `KINDS`."""
    kind = int(rng.choice(len(KINDS), p=SHARES))
    tap = WAYS[KINDS[kind]](velocity, rng)
    if rng.random() < 0.35:
        tap = np.where(rng.random(len(tap)) < rng.uniform(0.4, 1.0), tap, 0.0)
    if rng.random() < 0.3:
        stray = rng.random(len(tap)) < rng.uniform(0.0, 0.06)
        tap = np.where(stray, np.maximum(tap, 0.5), tap)
    return (np.where(tap > 0, FLAT, 0.0) if rng.random() < 0.4 else tap), kind


def _every(velocity: np.ndarray, rng: np.random.Generator) -> np.ndarray:  # noqa: ARG001
    return all_onsets(velocity)


def _one_hand(velocity: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the rhythm of one of `HANDS` that plays; of all, if none does."""
    playing = [hand for hand in HANDS if (velocity[:, hand] > 0).any()]
    if not playing:
        return all_onsets(velocity)
    return all_onsets(velocity[:, playing[rng.integers(len(playing))]])


def _bass(velocity: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return most of the kick's rhythm, and some of the other strokes."""
    kick, whole = velocity[:, KICK] / 127.0, all_onsets(velocity)
    more = rng.random(len(whole)) < rng.uniform(0.0, 0.3)
    kept = rng.random(len(whole)) < rng.uniform(0.8, 1.0)
    return np.maximum(np.where(kept, kick, 0.0), np.where(more, whole, 0.0))


def _loud(velocity: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the rhythm of the loudest strokes."""
    whole = all_onsets(velocity)
    sounding = whole[whole > 0]
    if not len(sounding):
        return whole
    return np.where(whole >= np.quantile(sounding, rng.uniform(0.3, 0.8)), whole, 0.0)


WAYS: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "onsets": _every,
    "voices": _one_hand,
    "bass": _bass,
    "accents": _loud,
}
"""How each of `KINDS` is drawn."""

SHARES = (0.3, 0.25, 0.3, 0.15)
"""How often each of `KINDS` is drawn."""
