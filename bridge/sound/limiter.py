"""Turn down just as much as keeps sound below a ceiling, before it is too loud.

What each frame needs is taken as low as anything near needs, then averaged over the same stretch:
the average is of values of which none is higher than what the frame itself needs, so nothing
overshoots, and it bends slowly enough not to be heard.

Letters: F frames.

Source: D. Giannoulis, M. Massberg, J. D. Reiss, "Digital Dynamic Range Compressor Design", JAES
60 (6), 2012, on look-ahead; the sliding minimum is by D. Lemire, "Streaming Maximum-Minimum Filter
Using No More than Three Comparisons per Element", 2006.
"""

from typing import Final

import numpy as np

from bridge.sound.extra import extra
from bridge.sound.recording import Recording

LOOK_S: Final = 0.02
"""How far it looks to both sides: half a wave of 25 Hz, so that it follows no bass note's waves."""


def limited(recording: Recording, start: int, stop: int, ceiling: float) -> np.ndarray:
    """Return for the frames from `start` up to `stop` by what to multiply them, (F,) float64.

    Args:
        recording: the sound.
        start: the first frame.
        stop: the frame after the last.
        ceiling: the largest absolute sample that is left.
    """
    near = round(LOOK_S * recording.sample_rate)
    sound = recording.read(start - 2 * near, stop + 2 * near)
    return turned_down(np.abs(sound).max(axis=1), near, ceiling)


def turned_down(magnitude: np.ndarray, near: int, ceiling: float) -> np.ndarray:
    """Return by what to multiply frames so that none is above the ceiling.

    Args:
        magnitude: (F + 4 * near,) the largest absolute sample of each frame, with `2 * near`
            frames more on both sides.
        near: how many frames on both sides have a say.
        ceiling: the largest that is left.

    Returns:
        (F,) float64 from 0 to 1.
    """
    if magnitude.max(initial=0.0) <= ceiling:
        return np.ones(len(magnitude) - 4 * near)
    with extra():
        from scipy.ndimage import (  # noqa: PLC0415 - only who renders has it
            minimum_filter1d,
            uniform_filter1d,
        )
    needed = ceiling / np.maximum(magnitude.astype(np.float64), ceiling)
    lowest = minimum_filter1d(needed, 2 * near + 1)
    # the running mean's rounding is all that could exceed what a frame needs
    even = np.minimum(uniform_filter1d(lowest, 2 * near + 1), needed)
    return even[2 * near : len(even) - 2 * near]
