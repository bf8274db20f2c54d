"""Write plain music that engines can play."""

from typing import Any

import numpy as np

from engines import Clip, Notes


def piano(bars: int = 16, velocity: float = 80.0, **fields: Any) -> Clip:
    """Return a tune in quarters over chords in halves, stiff."""
    tune = [
        (4.0 * bar + beat, 67 + (7 * bar + 3 * beat) % 10, 1.0)
        for bar in range(bars)
        for beat in range(4)
    ]
    chords = [(2.0 * half, pitch, 2.0) for half in range(2 * bars) for pitch in (43, 50, 55, 59)]
    rows = np.array(sorted(tune + chords))
    notes = Notes(
        pitch=rows[:, 1].astype("u1"),
        onset=rows[:, 0],
        duration=rows[:, 2],
        velocity=np.full(len(rows), velocity),
    )
    return Clip(notes, length=4.0 * bars, role="piano").replace(**fields)
