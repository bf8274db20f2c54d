"""Hold every engine to its promise: no note lost, none outside its bounds, none overlapping.

An engine may move notes freely; what it hands back is mended here, in one place, so that a new
engine cannot break a clip.

Letters: N notes.
"""

import numpy as np

from engines.bounded import bounded
from engines.clip import Clip, Notes
from engines.error import ContractError, EngineError
from engines.overlap import SHORTEST, Bounds, beside, without_overlaps
from engines.target import EVERYTHING, Target


def uphold(before: Clip, after: Clip, movable: np.ndarray, target: Target = EVERYTHING) -> Clip:
    """Return what a humanizer made of `before`, mended: notes, controllers and tempo.

    `movable` is (N,) bool: rows that it may change; the others are put back as they were, and so
    is whatever lies outside the target.

    Raises:
        ContractError: notes were lost, added, reordered or given another pitch.
        EngineError: a tempo map, which bends the whole clip, was written under a target.
    """
    notes = after.notes
    if notes is not before.notes:
        _check_same_notes(before.notes, notes)
        notes = _restored(before.notes, notes, movable)
        if _moved(before.notes, notes):
            notes = _mended(before, notes, movable)
    if target == EVERYTHING:
        return before.replace(notes=notes, controllers=after.controllers, tempo=after.tempo)
    if after.tempo != before.tempo:
        raise EngineError(
            "target cannot be combined with a tempo map, which bends the whole clip;"
            " allowed are engines that move notes, such as rubato with write = notes"
        )
    return before.replace(notes=notes, controllers=target.replaces(before, after))


def keep_outside(before: Clip, after: Clip, target: Target) -> Clip:
    """Return what a generator made of `before`, with everything outside the target as it was.

    The clip keeps its length; new notes that do not fit beside the others are cut or left out.
    """
    if target == EVERYTHING:
        return after
    meant = target.rows(before)
    outside, inside = before.notes.take(~meant), before.notes.take(meant)
    notes = after.notes.take(target.covers(after.notes.onset))
    known = np.isin(_names(notes), _names(inside))
    foreign = np.isin(_names(notes), _names(outside)) & ~known
    kept = Notes.concatenate(outside, notes.take(known))
    new = notes.take(~known & ~foreign & (notes.onset < before.length))
    new = beside(new.replace(duration=np.minimum(new.duration, before.length - new.onset)), kept)
    return before.replace(
        notes=Notes.concatenate(kept, new), controllers=target.replaces(before, after)
    )


def annotate(before: Clip, after: Clip) -> Clip:
    """Return what an analyser said about `before`: key, chords and role."""
    return before.replace(key=after.key, chords=after.chords, role=after.role)


def _names(notes: Notes) -> np.ndarray:
    """Return a number for each note by id and pitch, (N,) int: ids alone may come twice."""
    return notes.note_id * 128 + notes.pitch


def _mended(before: Clip, notes: Notes, movable: np.ndarray) -> Notes:
    """Keep each note on its side of the loop's and the clip's edges, apart from its neighbours."""
    bounds = _bounds(before)
    short = np.minimum(SHORTEST, before.notes.duration)
    onset, duration = bounded(notes.onset, *bounds), np.maximum(notes.duration, short)
    if ((onset != notes.onset) | (duration != notes.duration)).any():
        notes = notes.replace(
            onset=np.where(movable, onset, notes.onset),
            duration=np.where(movable, duration, notes.duration),
        )
    return without_overlaps(before.notes, notes, movable, bounds)


def _bounds(clip: Clip) -> Bounds:
    """Return between which onsets each note stays on its side of the loop and the clip's end."""
    start, end = clip.region()
    edges = np.array([0.0, *({start, end, max(end, clip.length)} - {0.0}), np.inf])
    edges.sort()
    zone = np.searchsorted(edges, clip.notes.onset, side="right")
    high = np.maximum(edges[np.minimum(zone, len(edges) - 1)] - SHORTEST, clip.notes.onset)
    return Bounds(edges[zone - 1], high)


def _check_same_notes(before: Notes, after: Notes) -> None:
    if len(before) != len(after):
        raise ContractError(f"a humanizer returned {len(after)} notes, allowed are {len(before)}")
    for name in ("pitch", "note_id"):
        was, now = getattr(before, name), getattr(after, name)
        if was is not now and not np.array_equal(was, now):
            raise ContractError(f"a humanizer changed notes.{name}, allowed is the one received")


def _restored(before: Notes, after: Notes, movable: np.ndarray) -> Notes:
    if movable.all():
        return after
    return after.replace(
        **{n: np.where(movable, getattr(after, n), getattr(before, n)) for n in Notes.COLUMNS}
    )


def _moved(before: Notes, after: Notes) -> bool:
    pairs = ((before.onset, after.onset), (before.duration, after.duration))
    return any(was is not now and not np.array_equal(was, now) for was, now in pairs)
