"""Measure how strongly a metrical position is felt.

Letters: N notes, M metres, L levels of `LEVEL_STRENGTH`.

Source: the metrical grid of Lerdahl and Jackendoff (1983), A Generative Theory of Tonal Music,
ch. 4, with one step of weight a level as in Longuet-Higgins and Lee (1984), "The rhythmic
interpretation of monophonic music", Music Perception 1(4).
"""

from collections.abc import Sequence

import numpy as np

from engines.clip import Metre

LEVEL_STRENGTH = (1.0, 0.75, 0.5, 0.25, 0.15, 0.1)
"""Strength of the bar, half bar, beat, half beat, third of a beat and quarter beat."""

TOLERANCE = 0.07
"""How far in beats a performed note may lie from the metrical position that it stands for."""


def strengths(beat: np.ndarray, metre_index: np.ndarray, metres: Sequence[Metre]) -> np.ndarray:
    """Return the metrical strength from 1 (bar line) to 0 (off any grid): (N,) float64.

    Args:
        beat: (N,) positions in the bar in beats.
        metre_index: (N,) which of the M metres holds.
        metres: the M metres.
    """
    period = np.array([periods(metre) for metre in metres]).T
    period = period if len(metres) == 1 else period[:, metre_index]
    away = np.abs(beat - period * np.rint(beat / period))
    near = away <= np.minimum(TOLERANCE, period / 4)
    return np.asarray((near * np.array(LEVEL_STRENGTH)[:, None]).max(axis=0))


def beat_of(metre: Metre) -> float:
    """Return the length of the felt beat: a dotted one in compound time such as 6/8 and 12/8."""
    unit = 4.0 / metre.denominator
    return 3 * unit if is_compound(metre) else unit


def is_compound(metre: Metre) -> bool:
    """Return whether the beat divides into three, as in 6/8, 9/8 and 12/8."""
    return metre.numerator % 3 == 0 and metre.numerator > 3 and metre.denominator >= 8


def periods(metre: Metre) -> tuple[float, ...]:
    """Return the periods in beats of the levels of `LEVEL_STRENGTH`."""
    beat = beat_of(metre)
    half_bar = metre.bar / 2 if round(metre.bar / beat) % 2 == 0 else metre.bar
    parts = (beat / 3, beat / 3, beat / 6) if is_compound(metre) else (beat / 2, beat / 3, beat / 4)
    return (metre.bar, half_bar, beat, *parts)
