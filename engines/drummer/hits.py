"""Gather a clip's notes into what a drummer does: hits, each of one voice at one moment.

A flam is one hit: its grace notes keep their distance to the stroke that they lead to. So are two
notes of a voice on one tick. In the Groove MIDI Dataset the first of two notes is mostly the softer
one up to 20 ms, as in flams; at more than 30 ms it is the louder one, as in rolls.

Letters: N notes, H hits.
"""

from typing import NamedTuple

import numpy as np

from engines.drummer.quantise import FINEST
from engines.features import CHORD_S, Features
from engines.kit import STROKES, UNMAPPED, Group, read_kit

FLAM_S = 0.045
"""A written flam may be so wide: a note that is at no place of the page, before one that is."""

ON_PAGE = 5e-4
"""So many beats beside a place of the page strokes still are there."""

FOOT = len(STROKES)
"""Sets the pedal hat apart from hats by hand: one limb's strokes are no flam of another's."""


class Hits(NamedTuple):
    """Be what a drummer does, in order of time, then voice.

    Attributes:
        row: (H,) int, the note that the hit is for; of a flam the stroke that it leads to.
        of_note: (N,) int, which hit each note belongs to, `UNMAPPED` where none.
        mapped: (N,) bool, which notes belong to a hit.
        leader: (N,) int, the row of the stroke that each note goes with, of no hit its own.
        time: (H,) onsets in beats.
        voice: (H,) index into `engines.kit.VOICES`.
        stroke: (H,) index into `engines.kit.STROKES`.
        all_mapped: whether each note belongs to a hit.
    """

    row: np.ndarray
    of_note: np.ndarray
    mapped: np.ndarray
    leader: np.ndarray
    time: np.ndarray
    voice: np.ndarray
    stroke: np.ndarray
    all_mapped: bool

    def of_notes(self, value: np.ndarray, otherwise: np.ndarray | float) -> np.ndarray:
        """Return for each note the value, (H,), of its hit, or `otherwise` if it has none: (N,)."""
        if self.all_mapped:
            return np.asarray(value[self.of_note])
        return np.where(self.mapped, np.append(value, 0)[self.of_note], otherwise)


class Chords(NamedTuple):
    """Be the C chords that H hits make, in order.

    Attributes:
        of_hit: (H,) int, which chord from 0 each hit belongs to.
        first_hit: (C,) int, with which hit each begins.
        order: (M,) int, the notes of hits from chord to chord.
        begins: (C,) int, where in this order each begins.
    """

    of_hit: np.ndarray
    first_hit: np.ndarray
    order: np.ndarray
    begins: np.ndarray

    def span(self, onset: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return when each chord's first and last notes come if notes come at `onset`, (N,)."""
        ordered = onset[self.order]
        return (
            np.minimum.reduceat(ordered, self.begins),
            np.maximum.reduceat(ordered, self.begins),
        )


def read_hits(features: Features) -> Hits:
    """Return the hits of a clip, for `Features.once`."""
    kit, notes = features.once(read_kit), features.notes
    voice, stroke = kit.voice[notes.pitch].astype(np.intp), kit.stroke[notes.pitch].astype(np.intp)
    limb = np.where(kit.group[notes.pitch] == Group.PEDAL, FOOT, voice)
    mapped = voice != UNMAPPED
    order = np.lexsort((notes.onset, limb))
    order = order[mapped[order]]
    apart_s = np.where(_leads(notes.onset[order]), FLAM_S, CHORD_S)
    begins = _begins(limb[order], features.onset_s[order], apart_s)
    row = _strokes(order, begins, notes.velocity)
    rank = np.lexsort((voice[row], notes.onset[row]))
    of_note = np.full(len(notes), UNMAPPED)
    of_note[order] = rank.argsort()[begins.cumsum() - 1]
    row, leader = row[rank], np.arange(len(notes))
    leader[order] = row[of_note[order]]
    time, is_whole = notes.onset[row], len(order) == len(notes)
    return Hits(row, of_note, mapped, leader, time, voice[row], stroke[row], is_whole)


def read_chords(features: Features) -> Chords:
    """Return what a drummer strikes at once, for `Features.once`. Rolls are no endless chords."""
    hits = features.once(read_hits)
    time_s = features.onset_s[hits.row]
    moment = moments(time_s)
    first = moment.searchsorted(np.arange(moment.max(initial=-1) + 1))
    apart_s = np.full(len(first), CHORD_S)
    of_moment = _begins(np.zeros(len(first)), time_s[first], apart_s).cumsum() - 1
    of_hit = of_moment[moment]
    chords = np.arange(of_moment.max(initial=-1) + 1)
    order = np.flatnonzero(hits.mapped)
    of_note = of_hit[hits.of_note[order]]
    order = order[of_note.argsort(kind="stable")]
    of_note.sort()
    return Chords(of_hit, of_hit.searchsorted(chords), order, of_note.searchsorted(chords))


def _leads(onset: np.ndarray) -> np.ndarray:
    """Return which of sorted notes, written off the page, may lead to the next one on it: (N,)."""
    away = [np.abs(onset * parts - np.rint(onset * parts)) / parts for parts in FINEST]
    is_there = np.minimum(*away) < ON_PAGE
    leads = ~is_there
    leads[:-1] &= is_there[1:]
    return leads


def _begins(limb: np.ndarray, onset_s: np.ndarray, apart_s: np.ndarray) -> np.ndarray:
    """Return which of sorted notes begin a hit: (N,) bool. A roll is no endless flam.

    Notes less than `apart_s` (N,) before the next of their limb are of its hit.
    """
    begins = np.ones(len(limb), dtype=bool)
    near = (limb[1:] == limb[:-1]) & (onset_s[1:] - onset_s[:-1] < apart_s[:-1])
    start_s = 0.0
    for later in np.flatnonzero(near) + 1:
        if begins[later - 1]:
            start_s = onset_s[later - 1]
        begins[later] = onset_s[later] - start_s >= apart_s[later - 1]
    return begins


def _strokes(order: np.ndarray, begins: np.ndarray, velocity: np.ndarray) -> np.ndarray:
    """Return the row of each hit's loudest note, of equal ones the last: (H,)."""
    if begins.all():
        return order
    hit = begins.cumsum() - 1
    loudest = np.lexsort((np.arange(len(order)), velocity[order], hit))
    last = np.append(begins[1:], True)
    return np.asarray(order[loudest[last]])


def moments(time: np.ndarray) -> np.ndarray:
    """Return which of the moments from 0 each of H times in order is: (H,) int."""
    begins = np.ones(len(time), dtype=np.intp)
    begins[1:] = time[1:] > time[:-1]
    return np.asarray(begins.cumsum() - 1)
