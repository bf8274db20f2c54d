"""Convert between MIDI velocity and loudness in decibels.

Source: Dannenberg (2006), "The interpretation of MIDI velocity", ICMC, section 5: synthesizers
follow a square law, amplitude = (m v + b)^2, which the dynamic range from velocity 1 to 127 fixes.
"""

import numpy as np

RANGE_DB = 60.0
"""Loudness of velocity 127 over velocity 1, in the middle of what Dannenberg measured."""

_FOOT = 127.0 / (126.0 * 10.0 ** (RANGE_DB / 40.0)) - 1.0 / 126.0
_SLOPE = (1.0 - _FOOT) / 127.0


def to_level(velocity: np.ndarray) -> np.ndarray:
    """Return the level in dB, 0 at velocity 127 and -60 at 1, of velocities of any shape."""
    return np.asarray(40.0 * np.log10(_SLOPE * velocity + _FOOT))


def to_velocity(level: np.ndarray) -> np.ndarray:
    """Return the velocities of levels in dB, any shape: the inverse of `to_level`, not clipped."""
    return np.asarray((10.0 ** (level / 40.0) - _FOOT) / _SLOPE)
