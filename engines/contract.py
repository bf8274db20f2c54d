"""Hold every humanizer to its promise: no note lost, none outside its bounds, none overlapping.

An engine may move notes freely; what it hands back is mended here, in one place, so that a new
engine cannot break a clip.

Letters: N notes.
"""

import numpy as np

from engines.clip import Clip, Notes
from engines.error import ContractError
from engines.target import EVERYTHING, Target

SHORTEST = 1e-3
"""The shortest duration in beats that a mended note may have: half a millisecond at 120 bpm."""


def uphold(before: Clip, after: Clip, movable: np.ndarray, target: Target = EVERYTHING) -> Clip:
    """Return what a humanizer made of `before`, mended.

    `movable` is (N,) bool: rows that it may change; the others are put back as they were, and so
    is whatever lies outside the target.

    Raises:
        ContractError: notes were lost, added, reordered or given another pitch.
    """
    notes = after.notes
    if notes is not before.notes:
        _check_same_notes(before.notes, notes)
        notes = _restored(before.notes, notes, movable)
        if _moved(before.notes, notes):
            notes = without_overlaps(_inside(before, notes, movable), movable)
    if target == EVERYTHING:
        return after if notes is after.notes else after.replace(notes=notes)
    controllers = target.replaces(before.controllers, after.controllers)
    return after.replace(notes=notes, controllers=controllers, tempo=before.tempo)


def keep_outside(before: Clip, after: Clip, target: Target) -> Clip:
    """Return what a generator made of `before`, with everything outside the target as it was."""
    if target == EVERYTHING:
        return after
    notes = Notes.concatenate(
        before.notes.take(~target.rows(before)), after.notes.take(target.covers(after.notes.onset))
    )
    notes = notes.take(np.sort(np.unique(notes.note_id, return_index=True)[1]))
    controllers = target.replaces(before.controllers, after.controllers)
    return before.replace(notes=notes, controllers=controllers)


def without_overlaps(notes: Notes, movable: np.ndarray) -> Notes:
    """Return the notes with each one ended before the next of its pitch begins.

    Where a note that must not move stands in the way, the movable one yields. Notes that share
    pitch and onset are left stacked: nothing short of losing one could part them.
    """
    order = np.lexsort((notes.onset, notes.pitch))
    first, second = order[:-1], order[1:]
    clash = (
        (notes.pitch[first] == notes.pitch[second])
        & (notes.end[first] > notes.onset[second])
        & (notes.onset[first] < notes.onset[second])
    )
    if not clash.any():
        return notes
    onset, duration = notes.onset.copy(), notes.duration.copy()
    _delay(onset, duration, first[clash], second[clash], movable)
    shorten = first[clash & movable[first]]
    next_onset = onset[second[clash & movable[first]]]
    duration[shorten] = np.minimum(duration[shorten], next_onset - onset[shorten])
    return notes.replace(onset=onset, duration=duration)


def _delay(
    onset: np.ndarray,
    duration: np.ndarray,
    first: np.ndarray,
    second: np.ndarray,
    movable: np.ndarray,
) -> None:
    """Begin a movable note only when the immovable one before it has ended."""
    late = ~movable[first] & movable[second]
    blocker, blocked = first[late], second[late]
    end = onset[blocked] + duration[blocked]
    onset[blocked] = np.maximum(onset[blocked], onset[blocker] + duration[blocker])
    duration[blocked] = np.maximum(end - onset[blocked], SHORTEST)


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


def _inside(before: Clip, notes: Notes, movable: np.ndarray) -> Notes:
    """Keep each note on its side of the loop's and the clip's edges, and give each a length."""
    start, end = before.region()
    was = before.notes.onset
    low = np.where(was >= start, start, 0.0)
    high = np.where((was >= start) & (was < end), np.nextafter(end, 0.0), np.inf)
    onset = np.where(movable, np.clip(notes.onset, low, high), notes.onset)
    short = np.minimum(SHORTEST, before.notes.duration)
    duration = np.where(movable, np.maximum(notes.duration, short), notes.duration)
    return notes.replace(onset=onset, duration=duration)
