"""Swing a straight grid: delay the off-beats, and leave triplets alone.

Letters: N notes, S slots of the grid.

Source: the MPC convention (Linn, LM-1 and MPC60): swing is the share of a pair of grid notes that
the first one takes, from 50 % (straight) over 66 % (triplets) to 75 % (dotted).
"""

import numpy as np

from engines.features import Features

PAIR_BEATS = {"8th": 1.0, "16th": 0.5}
"""Length in beats of a pair of grid notes."""

PLACES = np.array([0, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 5 / 6, 1])
"""Where in a pair a written note may stand: on the binary grid or on the triplets."""

DELAYS = np.array([0, np.nan, 1 / 2, np.nan, 1, np.nan, 1 / 2, np.nan, 0])
"""How much of the off-beat's delay each place takes; what lies between moves in proportion, so that
a run of notes twice as fast keeps its order. Triplets (NaN) take none."""

LARGEST = 0.75
"""The most that swing may take of a pair, whatever the amount."""


def swing_shift(features: Features, share: float, grid: str) -> np.ndarray:
    """Return how far in beats swing moves each note: (N,) float64, 0 or more.

    A pair that holds a triplet stays as it is as a whole, and so do notes of a metre whose beat is
    shorter than a pair, such as the eighths of 6/8.

    Args:
        features: those of the N notes.
        share: how much of a pair its first note takes, 0.5 to 0.75.
        grid: a key of `PAIR_BEATS`.
    """
    pair = PAIR_BEATS[grid]
    whole = np.floor(features.beat / pair + 1 / 12)
    place = np.searchsorted(_TURNS, features.beat / pair - whole)
    delay = DELAYS[place]
    straight = ~_shares_pair_with_triplet(features, whole, np.isnan(delay))
    swings = straight & (pair <= _unit(features))
    shift = (min(share, LARGEST) - 0.5) * pair
    return np.where(swings, shift * np.nan_to_num(delay), 0.0)


_TURNS = 0.5 * (PLACES[1:] + PLACES[:-1])
"""Half-way between the places: a note stands for the one that it is nearest to."""


def _shares_pair_with_triplet(
    features: Features, whole: np.ndarray, triplet: np.ndarray
) -> np.ndarray:
    """Return which notes are in one pair with a triplet note: (N,) bool."""
    if not triplet.any():
        return triplet
    pairs = np.stack([features.bar.astype(float), whole])
    _, number = np.unique(pairs, axis=1, return_inverse=True)
    return np.isin(number, number[triplet])


def _unit(features: Features) -> np.ndarray:
    """Return the length in beats of the metre's written unit at each note: (N,) float64."""
    units = np.array([4.0 / metre.denominator for metre in features.metres])
    return np.asarray(units[features.metre_index])
