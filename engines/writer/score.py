"""Put strokes on the steps of a grid, each voice in one of three tiers of loudness.

Letters: N notes, S steps, V voices.
"""

import numpy as np

from engines.clip import Notes
from engines.kit import VOICES
from engines.writer.grid import Beats, Grid, placed, steps_at

SILENT, GHOST, NORMAL, ACCENT = range(4)
"""What a voice does on a step; the louder tier counts more."""

TIERS = 4

GHOST_BELOW, ACCENT_ABOVE = 45.0, 100.0
"""MIDI velocities: a third of the snare's strokes in the Groove MIDI Dataset lie below the first,
and a third above the second."""


def tier_of(velocity: np.ndarray) -> np.ndarray:
    """Return the tier of MIDI velocities, int8 of the same shape."""
    tier = np.where(velocity < GHOST_BELOW, GHOST, NORMAL)
    return np.where(velocity > ACCENT_ABOVE, ACCENT, tier).astype(np.int8)


def loudest(notes: Notes, voice: np.ndarray, beats: Beats, grid: Grid) -> np.ndarray:
    """Return the highest MIDI velocity of each voice on each step: (S, V), 0 where it is silent.

    Args:
        notes: N strokes, as written or as played.
        voice: (N,) index into `VOICES`; those below 0 are left out.
        beats: those that the grid divides.
        grid: the steps.
    """
    step = steps_at(*placed(notes.onset, beats), grid)
    found = np.zeros((len(grid.time), len(VOICES)))
    meant = (step >= 0) & (voice >= 0)
    np.maximum.at(found, (step[meant], voice[meant]), notes.velocity[meant])
    return found


def hits_of(velocity: np.ndarray) -> np.ndarray:
    """Return the tiers of the loudest velocities, (S, V) int8; 0 stays `SILENT`."""
    return np.where(velocity > 0, tier_of(velocity), SILENT).astype(np.int8)
