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


STRUMMED = 3
"""Notes that begin together and are strummed; fewer are plucked."""

SIXTEENTH_SHARE = 0.1
"""With this share of the chords on odd sixteenths the hand goes in sixteenths, else in eighths."""

STROKE_SPREAD, STRING_SPREAD = 0.15, 0.3
"""Standard deviation of a stroke's time as a share of it, and the widest that a string strays as a
share of the way to the next, so that the strings keep their order. Our choice."""


def strum_lateness(features: Features, rng: np.random.Generator) -> np.ndarray:
    """Return how late each string is, -0.5 to 0.5 of a stroke of mean 1: (N,), NaN if not strummed.

    The stroke has its middle on the beat. It goes down, from low to high, on the beat and up, from
    high to low, off it, as the strumming hand swings with the subdivision.

    Source: the Strum tool of Ableton Live 12, which spreads a chord in the order of pitch.
    """
    onsets = len(features.group_onset)
    length = 1.0 + STROKE_SPREAD * rng.standard_normal(onsets).clip(-2, 2)
    stray = STRING_SPREAD * rng.uniform(-0.5, 0.5, len(features.notes))
    strings = features.group_size - 1
    rank = _string(features) + stray
    place = rank / np.maximum(strings, 1)[features.group] - 0.5
    late = np.where(_is_upstroke(features), -place, place) * length[features.group]
    late = late[first_of_unison(features)]
    return np.where((features.group_size >= STRUMMED)[features.group], late, np.nan)


def _string(features: Features) -> np.ndarray:
    """Return the place of each note in its chord, the lowest 0: (N,) int."""
    order = np.lexsort((features.notes.pitch, features.group))
    first = np.cumsum(features.group_size) - features.group_size
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order)) - first[features.group[order]]
    return place


def _is_upstroke(features: Features) -> np.ndarray:
    """Return which notes lie on odd eighths of their beat, or odd sixteenths: (N,) bool."""
    chord = features.group_size[features.group] >= STRUMMED
    sixteenth = features.beat / 0.25
    odd = (np.abs(sixteenth - np.rint(sixteenth)) < 0.2) & (np.rint(sixteenth) % 2 == 1)
    fine = np.count_nonzero(odd & chord) > SIXTEENTH_SHARE * np.count_nonzero(chord)
    stroke = 0.25 if fine else 0.5
    count = np.rint(features.beat / stroke) % np.rint(features.beat_length / stroke).clip(1)
    return np.asarray(count % 2 == 1)


def chord_spread(features: Features, rng: np.random.Generator) -> np.ndarray:
    """Return how late each note of a chord is, 0 for a note alone: (N,) of variance 1.

    Notes of one pitch stay together; apart they would cut each other off.
    """
    late = rng.standard_normal(len(features.notes))[first_of_unison(features)]
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


def first_of_unison(features: Features) -> np.ndarray:
    """Return for each note the first row with its pitch at its onset, mostly itself: (N,) int."""
    key = features.group * 128 + features.notes.pitch
    rising = np.sort(key)
    if not (rising[1:] == rising[:-1]).any():
        return np.arange(len(key))
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    return np.asarray(first[inverse])
