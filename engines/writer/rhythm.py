"""Read the rhythm of a clip, which a drum part is to follow: when it sounds and how loud.

Letters: N notes, R repeats.
"""

from typing import NamedTuple

import numpy as np

from engines.clip import Clip, Notes
from engines.writer.grid import SAME


class Rhythm(NamedTuple):
    """Hold the notes of a stretch of time, repeated as often as it takes, (N,) each.

    Attributes:
        notes: where and how loud they sound.
        row: (N,) int, which of the clip's notes each is.
        again: (N,) bool, whether it is a repeat.
    """

    notes: Notes
    row: np.ndarray
    again: np.ndarray

    @property
    def repeated(self) -> Notes:
        """The repeats, which are not in the clip."""
        return self.notes.take(self.again)


def rhythm_of(clip: Clip, end: float) -> Rhythm:
    """Return what sounds in the clip's region; it is repeated from there to an end in beats.

    Notes that are switched off are left out.
    """
    start, stop = clip.region()
    onset = clip.notes.onset
    rows = np.flatnonzero((onset >= start - SAME) & (onset < stop) & (clip.notes.mute == 0))
    repeats = max(1, int(np.ceil((end - start) / (stop - start) - SAME)))
    later = np.repeat(np.arange(repeats) * (stop - start), len(rows))
    row = np.tile(rows, repeats)
    notes = clip.notes.take(row)
    notes = notes.replace(onset=notes.onset + later)
    keep = notes.onset < end - SAME
    return Rhythm(notes.take(keep), row[keep], (later > 0)[keep])


def strength(velocity: np.ndarray) -> np.ndarray:
    """Return how loud MIDI velocities are to the writer: 0 to 1."""
    return np.asarray(velocity / 127.0)
