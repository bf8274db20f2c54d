"""State the rules of loudness: what each says about every note, in decibels.

Each function takes the features of a clip of N notes and returns (N,) float64. The rules are those
of the KTH system at quantity k = 1, fitted to any clip: lines are told apart by `Features.melody`.

Source: Friberg, Bresin and Sundberg (2006), "Overview of the KTH rule system for musical
performance", Advances in Cognitive Psychology 2(2-3), table 1; the formulas are those of Friberg
(1991), "Generative rules for music performance", Computer Music Journal 15(2), and of the authors'
program Director Musices.
"""

import numpy as np

from engines.features import Features

HIGH_LOUD_DB = 0.25
"""dB a semitone: 3 dB an octave. Source: Friberg (1991), rule DPC 1B."""

METRE_DB = 2.0
"""dB from the weakest note to the bar line. Source: Drake and Palmer (1993), "Accent structures in
music performance", Music Perception 10(3), find such accents; the size is ours, between the 1.3 dB
of POP909 and the 2.4 dB of the Vienna 4x22 waltz."""

ARCH_DB = (1.0, 2.0)
"""How far a phrase begins and ends below its top. Source: Friberg (1995), "Matching the rule
parameters of phrase arch to performances of Traumerei", STL-QPSR 36(2-3): k = 1, amplitude 2."""

ARCH_TURN = 0.3
"""Where in the phrase the top lies. Source: as `ARCH_DB`, parameter turn."""

CONTRAST_MS = (30.0, 200.0, 400.0, 600.0)
CONTRAST_DB = (0.0, -0.825, -0.525, 0.0)
"""Short notes are softer, by duration. Source: Friberg (1991), rule DDC 1 (duration contrast)."""

MELODY_DB = 4.0
"""How far the melody lies above the notes under it. Source: Goebl (2001), "Melody lead in piano
performance: expressive device or artifact?", JASA 110(1): pianists play it louder; the size is in
the middle of the 3 to 8 dB in the Vienna 4x22 performances that he measured."""

BASS_DB = 1.0
"""How far the lowest note lies above the inner ones. Our choice: 1 to 2 dB in the same data."""


def metre(features: Features) -> np.ndarray:
    """Stress the notes on strong beats."""
    return METRE_DB * features.strength


def high_loud(features: Features) -> np.ndarray:
    """Play the higher note louder, measured from the mean pitch of its own line."""
    pitch = features.notes.pitch.astype(np.float64)
    line = features.melody
    above, count = float(pitch @ line), int(np.count_nonzero(line))
    below = float(pitch.sum()) - above
    mean = np.where(line, above / max(count, 1), below / max(len(line) - count, 1))
    return np.asarray(HIGH_LOUD_DB * (pitch - mean))


def phrase_arch(features: Features) -> np.ndarray:
    """Swell to the top of the phrase and sink to its end, in two parabolas."""
    place = features.phrase_position
    rise, fall = (ARCH_TURN - place) / ARCH_TURN, (place - ARCH_TURN) / (1.0 - ARCH_TURN)
    return -np.where(place < ARCH_TURN, ARCH_DB[0] * rise**2, ARCH_DB[1] * fall**2)


def duration_contrast(features: Features) -> np.ndarray:
    """Play short notes softer."""
    duration_ms = 60e3 * features.notes.duration / features.clip.tempo.at(features.notes.onset)
    return np.interp(duration_ms, CONTRAST_MS, CONTRAST_DB)


def melody(features: Features) -> np.ndarray:
    """Let the melody sing over its accompaniment, and the bass carry it."""
    under = np.where(features.bottom, BASS_DB, 0.0) - MELODY_DB
    return np.where(features.melody, 0.0, under)
