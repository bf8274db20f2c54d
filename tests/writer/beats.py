"""Write plain drum parts and rhythms that engines can go by."""

from typing import Any

import numpy as np

from engines import Clip, Notes

KICK, SNARE, HAT = 36, 38, 42


def beat(bars: int = 4, **fields: Any) -> Clip:
    """Return a rock beat: kick on 1 and 3, snare on 2 and 4, hats in eighths."""
    rows = [
        *((4.0 * bar + place, KICK, 100.0) for bar in range(bars) for place in (0.0, 2.0)),
        *((4.0 * bar + place, SNARE, 110.0) for bar in range(bars) for place in (1.0, 3.0)),
        *((eighth / 2, HAT, 80.0) for eighth in range(8 * bars)),
    ]
    onset, pitch, velocity = np.array(sorted(rows)).T
    notes = Notes(pitch=pitch, onset=onset, duration=np.full(len(onset), 0.25), velocity=velocity)
    return Clip(notes, length=4.0 * bars, role="drums").replace(**fields)


def tapped(pattern: str, step: float = 0.25, **fields: Any) -> Clip:
    """Return a bass that plays on each x of a pattern, whose letters are steps in beats."""
    onset = step * np.array([place for place, letter in enumerate(pattern) if letter == "x"])
    notes = Notes(
        pitch=np.full(len(onset), 40), onset=onset, duration=np.full(len(onset), 0.5 * step)
    )
    return Clip(notes, length=step * len(pattern), role="bass").replace(**fields)
