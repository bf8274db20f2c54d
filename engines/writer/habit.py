"""Say what drummers do on average: how many strokes a beat they play, and how they divide it.

The figures are in the writer's file: see `engines.training.drums.writer_habit`.
"""

from typing import Any

import numpy as np

from engines.writer.view import STYLES

TEMPI = (90.0, 130.0)
"""Felt beats a minute that part slow, middling and fast."""

SPARSE = 0.25
"""Added to a rhythm's notes a beat, so that silence has a logarithm."""


def usual(card: dict[str, Any], notes: float, style: int) -> float:
    """Return the usual strokes a beat to a rhythm of so many notes a beat; below 0 for none.

    Args:
        card: what the file of weights says of itself.
        notes: of the rhythm, a beat.
        style: index into `STYLES`.
    """
    known = card["density"]
    more = known["styles"].get(STYLES[style], 0.0)
    if notes < 0:
        return float(2 ** (known["alone"] + more))
    return float(2 ** (known["base"] + known["slope"] * np.log2(notes + SPARSE) + more))


def usual_in_fill(card: dict[str, Any], groove: float) -> float:
    """Return the usual strokes a beat in a fill after a groove of so many a beat."""
    known = card["fill"]
    return float(2 ** (known["base"] + known["slope"] * np.log2(groove + SPARSE)))


def fill_division(card: dict[str, Any], bpm: float, chance: float | None, *, threes: bool) -> int:
    """Return how a fill divides its beats, index into `DIVISIONS`.

    Args:
        card: what the file of weights says of itself.
        bpm: felt beats a minute.
        chance: from 0 to 1, which picks one; None picks the commonest.
        threes: whether the groove divides its beats into three.
    """
    shares = card["division"]["threes" if threes else "fours"][int(np.searchsorted(TEMPI, bpm))]
    if chance is None:
        return int(np.argmax(shares))
    return int(np.searchsorted(np.cumsum(shares), chance * sum(shares), side="right"))
