"""Build the clips that tests ask for."""

import numpy as np

from engines import Clip, Metre, Notes, Tempo


def stiff_clip(notes: int = 16, **fields: object) -> Clip:
    """Return a scale in eighths at 120 bpm, every velocity 80."""
    row = np.arange(notes)
    table = Notes(
        pitch=60 + row % 12,
        onset=row / 2.0,
        duration=np.full(notes, 0.5),
        velocity=np.full(notes, 80.0),
    )
    tempo = Tempo(time=np.zeros(1), bpm=np.full(1, 120.0))
    clip = Clip(table, length=max(4.0, notes / 2), tempo=tempo, metre=(Metre(),), role="piano")
    return clip.replace(**fields)
