"""Strike a written kit part as loud as a drummer would.

Letters: N notes, H hits, V voices.
"""

from typing import NamedTuple

import numpy as np

from engines.bounded import bounded
from engines.drummer.take import Take
from engines.kit import SNARE, VOICES

FULL = 0.8
"""The share of a voice's strokes below the one that counts as full. What was written is meant for
those, and ghosts sink from there."""

GHOST = 0.55
"""A snare stroke that comes softer than this share of the full ones is a ghost note. Our choice; in
the Groove MIDI Dataset snare strokes have two heaps, at 30 and at 100 of 127."""

FARTHER = 1_000.0
"""Puts the velocities of a voice above all of the voice before, so that one sort sorts both."""

FEW = 4
"""From so many strokes of a voice on, what was played says more of its level than expectation."""

GRACE = 0.67
"""How loud the grace note of a flam is against the stroke that it leads to: the median of the flams
of 10 to 20 ms in the Groove MIDI Dataset."""


SOFT_STRAY = 0.15
"""How far strokes that were written soft stray, as a share of their velocity: standard deviation.
Our choice; ghost notes of a take of the Groove MIDI Dataset stray by twice that."""


class Touch(NamedTuple):
    """Say how free the drummer is, and what becomes of ghosts and accents; see the dials.

    `replaced` is how much goes of the accents that were written, 0 to 1.
    """

    variation: float = 1.0
    ghosts: float = 1.0
    accents: float = 1.0
    replaced: float = 0.0


class Struck(NamedTuple):
    """Be what a performance makes of velocities: (N,) in velocity.

    `base` is what is left of those that were written, `feel` by how much louder notes are struck.
    """

    base: np.ndarray
    feel: np.ndarray


def struck(take: Take, given: np.ndarray, onset: np.ndarray, touch: Touch) -> Struck:
    """Return how a performance strikes the notes.

    Args:
        take: the performance.
        given: (N,) velocities as written.
        onset: (N,) in beats as written.
        touch: how free.
    """
    hits, expected = take.hits, take.said.velocity.mean()
    played = take.velocity(touch.variation)
    full = _full(np.array((expected, played, given[hits.row])), hits.voice)
    level = hits.of_notes(full[2], given)
    base = given + touch.replaced * (level - given)
    heard = _heard(full[0], full[1], hits.voice)
    feel = _sinking(_feel(hits.voice, played, heard, touch), full[2] / heard)
    stray = touch.variation * hits.of_notes(take.loudness, 0.0)
    feel = _unless_written(hits.of_notes(feel, 0.0), base - level, SOFT_STRAY * base * stray)
    stroke = hits.leader
    return Struck(base, of_stroke(base, onset, stroke) * (base + feel)[stroke] - base)


def of_stroke(written: np.ndarray, onset: np.ndarray, stroke: np.ndarray) -> np.ndarray:
    """Return how loud each note comes against the stroke that it goes with, 1 for strokes: (N,).

    Grace notes that were written as loud as their stroke come softer.

    Args:
        written: (N,) velocities as written.
        onset: (N,) in beats as written.
        stroke: (N,) rows, `Hits.leader`.
    """
    share, leads = written / written[stroke], onset < onset[stroke]
    return np.where(leads & (share >= 1.0), GRACE, np.minimum(share, 1.0))


def _feel(voice: np.ndarray, played: np.ndarray, full: np.ndarray, touch: Touch) -> np.ndarray:
    """Return by how much louder each hit comes than full strokes of its voice: (H,)."""
    is_ghost = (voice == SNARE) & (played < GHOST * full)
    bent = full + touch.accents * (played - full)
    bent = np.where(is_ghost, touch.ghosts * np.maximum(bent, 1.0), bent)
    return np.asarray(bent - full)


def _sinking(feel: np.ndarray, quieter: np.ndarray) -> np.ndarray:
    """Return the feel, (H,), with soft strokes below the written level in proportion: (H,).

    Drummers' full strokes are near the top: as far below a softer level ghosts would be silent.
    `quieter` (H,) is the share of the drummer's level that was written.
    """
    return np.where(feel < 0, feel * np.minimum(quieter, 1.0), feel)


def _full(velocity: np.ndarray, voice: np.ndarray) -> np.ndarray:
    """Return how loud the full strokes of each hit's voice are, in each of R readings: (R, H)."""
    count = np.bincount(voice, minlength=len(VOICES))
    chosen = count.cumsum() - count + (FULL * (count - 1)).astype(np.intp)
    by_voice = np.sort(velocity + FARTHER * voice, axis=1)
    return np.asarray(by_voice[:, chosen[voice]] - FARTHER * voice)


def _heard(expected: np.ndarray, played: np.ndarray, voice: np.ndarray) -> np.ndarray:
    """Return how loud the full strokes of each hit's voice come in this performance: (H,).

    A voice of few strokes says little of that, and what is expected counts instead.
    """
    count = np.bincount(voice, minlength=len(VOICES))[voice]
    heard = count / (count + FEW)
    return np.asarray(heard * played + (1.0 - heard) * expected)


def _unless_written(feel: np.ndarray, written: np.ndarray, stray: np.ndarray) -> np.ndarray:
    """Return the feel, (N,), of sinking strokes without what was `written` softer already: (N,).

    They stray instead, (N,) in velocity, as far as their softness was written.
    """
    soft = bounded(written / np.minimum(feel, -1.0), 0.0, 1.0)
    left = np.minimum(feel - np.minimum(written, 0.0), 0.0) + soft * stray
    return np.where(feel < 0, left, feel)
