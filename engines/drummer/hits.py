"""Gather a clip's notes into what a drummer does: hits, each of one voice at one moment.

A flam is one hit: its grace notes keep their distance to the stroke that they lead to. So are two
notes of a voice on one tick. In the Groove MIDI Dataset the first of two notes is mostly the softer
one up to 20 ms, as in flams; at more than 30 ms it is the louder one, as in rolls.

Letters: N notes, H hits.
"""

from typing import NamedTuple

import numpy as np

from engines.features import CHORD_S, Features
from engines.kit import STROKES, UNMAPPED, Group, read_kit

FOOT = len(STROKES)
"""Sets the pedal hat apart from hats by hand: one limb's strokes are no flam of another's."""


class Hits(NamedTuple):
    """Be what a drummer does, in order of time, then voice.

    Attributes:
        row: (H,) int, the note that the hit is for; of a flam the stroke that it leads to.
        of_note: (N,) int, which hit each note belongs to, `UNMAPPED` where none.
        time: (H,) onsets in beats.
        voice: (H,) index into `engines.kit.VOICES`.
        stroke: (H,) index into `engines.kit.STROKES`.
    """

    row: np.ndarray
    of_note: np.ndarray
    time: np.ndarray
    voice: np.ndarray
    stroke: np.ndarray

    @property
    def mapped(self) -> np.ndarray:
        """Which notes belong to a hit: (N,) bool."""
        return np.asarray(self.of_note != UNMAPPED)

    @property
    def leader(self) -> np.ndarray:
        """The row of the stroke that each note goes with, of no hit its own: (N,) int."""
        own = np.arange(len(self.of_note))
        return np.where(self.mapped, np.append(self.row, UNMAPPED)[self.of_note], own)


def read_hits(features: Features) -> Hits:
    """Return the hits of a clip, for `Features.once`."""
    kit, notes = features.once(read_kit), features.notes
    voice, stroke = kit.voice[notes.pitch].astype(np.intp), kit.stroke[notes.pitch].astype(np.intp)
    limb = np.where(kit.group[notes.pitch] == Group.PEDAL, FOOT, voice)
    order = np.lexsort((notes.onset, limb))
    order = order[voice[order] != UNMAPPED]
    begins = _begins(limb[order], features.onset_s[order])
    row = _strokes(order, begins, notes.velocity)
    rank = np.lexsort((voice[row], notes.onset[row]))
    of_note = np.full(len(notes), UNMAPPED)
    of_note[order] = np.argsort(rank)[np.cumsum(begins) - 1]
    row = row[rank]
    return Hits(row, of_note, notes.onset[row], voice[row], stroke[row])


def _begins(limb: np.ndarray, onset_s: np.ndarray) -> np.ndarray:
    """Return which of sorted notes begin a hit: (N,) bool. A roll is no endless flam."""
    begins = np.ones(len(limb), dtype=bool)
    near = (np.diff(limb) == 0) & (np.diff(onset_s) < CHORD_S)
    start_s = 0.0
    for later in np.flatnonzero(near) + 1:
        if begins[later - 1]:
            start_s = onset_s[later - 1]
        begins[later] = onset_s[later] - start_s >= CHORD_S
    return begins


def _strokes(order: np.ndarray, begins: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """Return the row of each hit's loudest note, of equal ones the last: (H,)."""
    if not len(order):
        return order
    hit = np.cumsum(begins) - 1
    loudest = np.lexsort((np.arange(len(order)), velocity[order], hit))
    last = np.append(np.diff(hit[loudest]) > 0, True)
    return np.asarray(order[loudest[last]])


def moments(time: np.ndarray) -> np.ndarray:
    """Return which of the moments from 0 each of H times in order is: (H,) int."""
    begins = np.ones(len(time), dtype=np.intp)
    begins[1:] = time[1:] > time[:-1]
    return np.cumsum(begins) - 1


def chords(time_s: np.ndarray) -> np.ndarray:
    """Return which chord from 0 each of H times in order, in seconds, belongs to: (H,) int."""
    distinct = np.unique(time_s)
    begins = _begins(np.zeros(len(distinct)), distinct)
    return np.asarray((np.cumsum(begins) - 1)[moments(time_s)])
