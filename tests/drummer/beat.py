"""Write plain drum parts."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engines import Clip, Notes

KICK, SNARE, HAT, PEDAL, OPEN, TOM, CRASH, RIDE = 36, 38, 42, 44, 46, 45, 49, 51
"""Note numbers."""

NOTHING = 10
"""A note number that is on no voice of the kit."""

Hit = tuple[float, int]
"""An onset in beats and a note number."""


def part(hits: Sequence[Hit], velocity: float | Sequence[float] = 100.0, **fields: Any) -> Clip:
    """Return a kit's part of these hits, a beat of four at 120 bpm where nothing else is said."""
    onset, pitch = (np.array(column) for column in zip(*hits, strict=True)) if hits else [[], []]
    notes = Notes(
        pitch=np.array(pitch, dtype="u1"),
        onset=np.array(onset, dtype=float),
        duration=np.full(len(hits), 0.125),
        velocity=np.broadcast_to(np.array(velocity, dtype=float), len(hits)).copy(),
    )
    last = float(notes.onset.max(initial=0.0))
    given = {"length": 4.0 * (last // 4.0 + 1.0), "role": "drums", **fields}
    return Clip(notes, **given)


def rock(bars: int = 4, **fields: Any) -> Clip:
    """Return kick on one and three, snare on two and four, eighths on the hat."""
    hits: list[Hit] = []
    for start in range(0, 4 * bars, 4):
        hits += [(start, KICK), (start + 2, KICK), (start + 1, SNARE), (start + 3, SNARE)]
        hits += [(start + eighth / 2, HAT) for eighth in range(8)]
    return part(sorted(hits), **fields)
