"""Let the notes of a chord fall apart as fingers do.

Letters: N notes, O onsets.

Source: Goebl (2001), "Melody lead in piano performance: expressive device or artifact?", JASA
110(1): the melody comes some 30 ms before its chord, for its hammer is faster.
"""

import numpy as np

from engines.features import Features

LEAD_SPREAD = 0.5
"""Standard deviation of the melody's lead as a share of it; 0.8 in the Vienna 4x22 performances
that Goebl measured, some of it deliberate."""


def chord_spread(features: Features, rng: np.random.Generator) -> np.ndarray:
    """Return how late each note of a chord is, 0 for a note alone: (N,) of variance 1.

    Notes of one pitch stay together; apart they would cut each other off.
    """
    late = rng.standard_normal(len(features.notes))[_first_of_unison(features)]
    return np.where(features.group_size > 1, 1.0, 0.0)[features.group] * late


def melody_lateness(features: Features, rng: np.random.Generator) -> np.ndarray:
    """Return how late each note is through the melody's lead, whose mean is 1: (N,) float64.

    The melody goes half of it ahead of the beat and the notes under it half of it behind; a melody
    note alone is on the beat.
    """
    onsets = len(features.group_onset)
    sung = np.bincount(features.group, features.melody, onsets)
    shared = (sung > 0) & (sung < features.group_size)
    lead = np.clip(1.0 + LEAD_SPREAD * rng.standard_normal(onsets), 0.0, 2.0) * shared
    return lead[features.group] * np.where(features.melody, -0.5, 0.5)


def _first_of_unison(features: Features) -> np.ndarray:
    """Return for each note the first row with its pitch at its onset, mostly itself: (N,) int."""
    key = features.group * 128 + features.notes.pitch
    rising = np.sort(key)
    if not (rising[1:] == rising[:-1]).any():
        return np.arange(len(key))
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return np.asarray(first[inverse])
