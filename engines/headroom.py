"""Lift notes near the top of a range without piling them up there.

Letters: N notes. Levels are in any unit, 0 at the top of the range.
"""

import numpy as np

LOUD_SHARE = 0.95
"""The level below which this share of the notes lies must fit under the top."""


def under_the_top(level: np.ndarray, feel: np.ndarray, most: float) -> np.ndarray:
    """Return the sum of levels and feel, (N,), below 0.

    All notes go lower, by no more than `most`, if the loud ones would not fit; and what lifts a
    note near the top is drawn in softly to the room that is left above it.
    """
    loud, played = int(LOUD_SHARE * (len(level) - 1)), level + feel
    level = level - min(max(float(np.partition(played, loud)[loud]), 0.0), most)
    room, lift = np.maximum(-level, 1e-6), np.maximum(feel, 0.0)
    return np.asarray(level + (feel - lift) + room * np.tanh(lift / room))


def squeezed(feel: np.ndarray, span: float) -> np.ndarray:
    """Return the feel, (N,), with its outer ends drawn in, so that it spans less than `span`."""
    return np.asarray(0.5 * span * np.tanh(feel / (0.5 * span)))
