"""Part the notes of one pitch in time, as one key of one instrument can play them.

A row that must not move is a wall to the movable ones of its pitch: each stays in the gap between
the walls that it was written in, and where the gap has no room its notes stay as they were written.

Letters: N notes.
"""

from itertools import groupby
from typing import NamedTuple

import numpy as np

from engines.clip import MAX_BEATS, Notes

SHORTEST = 1e-3
"""The shortest duration in beats that a mended note may have: half a millisecond at 120 bpm."""


class Bounds(NamedTuple):
    """Hold the earliest and the latest onset that each note may have in beats, (N,) each."""

    low: np.ndarray
    high: np.ndarray


def without_overlaps(before: Notes, after: Notes, movable: np.ndarray, bounds: Bounds) -> Notes:
    """Return the notes `after` with each one ended before the next of its pitch begins.

    Two notes that both are as they were may overlap as they did.

    Rows outside `movable`, (N,) bool, hold what they hold in `before`. Notes that share pitch and
    onset stay stacked: nothing short of losing one could part them.
    """
    still = (after.onset == before.onset) & (after.duration == before.duration)
    order = np.lexsort((before.onset, before.pitch))
    first, second = order[:-1], order[1:]
    same = after.pitch[first] == after.pitch[second]
    gap = after.onset[second] - after.onset[first]
    hard = same & (np.minimum(gap, before.onset[second] - before.onset[first]) < SHORTEST)
    clash = same & (after.duration[first] > gap) & ~(still[first] & still[second])
    everywhere = movable.all()
    if everywhere and not hard.any() and not clash.any():
        return after
    onset, duration = after.onset.copy(), after.duration.copy()
    rows = clash & movable[first]
    duration[first[rows]] = np.minimum(duration[first[rows]], gap[rows])
    pitches = after.pitch[first[hard]]
    if not everywhere:
        pitches = np.append(pitches, np.intersect1d(after.pitch[movable], after.pitch[~movable]))
    for pitch in np.unique(pitches):
        key = order[after.pitch[order] == pitch]
        onset[key], duration[key] = _Key(before, after, movable, bounds, key).arranged()
    return after.replace(onset=onset, duration=duration)


def beside(new: Notes, old: Notes) -> Notes:
    """Leave out new notes that begin inside another of their pitch, and end the others in time."""
    pitch = np.concatenate([old.pitch, new.pitch]).astype(float) * 2 * MAX_BEATS
    onset, end = np.concatenate([old.onset, new.onset]), np.concatenate([old.end, new.end])
    is_new = np.arange(len(onset)) >= len(old)
    loudness = np.concatenate([old.velocity, new.velocity])
    order = np.lexsort((-loudness, is_new, np.round(onset, 6), pitch))
    pitch, onset, end, is_new = pitch[order], onset[order], end[order], is_new[order]
    held = np.maximum.accumulate(np.where(is_new, pitch, pitch + end))
    same = (np.diff(onset, prepend=-1.0) < 1e-6) & (np.diff(pitch, prepend=-1.0) == 0)
    free = ~is_new | ((pitch + onset >= held - 1e-6) & ~same)
    rows = np.flatnonzero(free)
    room = np.append(np.where(np.diff(pitch[rows]) == 0, np.diff(onset[rows]), np.inf), np.inf)
    kept = is_new[rows]
    where = order[rows][kept] - len(old)
    in_time = np.argsort(where)
    cut = new.take(where[in_time])
    return cut.replace(duration=np.minimum(cut.duration, room[kept][in_time]))


class _Chord(NamedTuple):
    """Be the notes of one key that were written on one onset; a wall if one must not move."""

    rows: list[int]
    wall: bool
    written: float
    wanted: float
    low: float
    high: float
    end: float
    """When the last of them was written to end."""
    room: float
    """How long before a wall it must begin: half its length keeps it a note."""


class _Key:
    """Arrange the notes of one pitch; rows count from 0 in the order of written onsets."""

    def __init__(
        self, before: Notes, after: Notes, movable: np.ndarray, bounds: Bounds, key: np.ndarray
    ) -> None:
        self.was_onset, self.was_duration = before.onset[key], before.duration[key]
        self.duration, self.movable = after.duration[key], movable[key]
        wanted, low, high = after.onset[key], bounds.low[key], bounds.high[key]
        self.chords = []
        for written, group in groupby(range(len(key)), key=self.was_onset.tolist().__getitem__):
            rows = list(group)
            self.chords.append(
                _Chord(
                    rows,
                    not self.movable[rows].all(),
                    written,
                    float(wanted[rows].min()),
                    float(low[rows[0]]),
                    float(high[rows[0]]),
                    float((self.was_onset[rows] + self.was_duration[rows]).max()),
                    max(SHORTEST, float(self.was_duration[rows].min()) / 2),
                )
            )

    def arranged(self) -> tuple[np.ndarray, np.ndarray]:
        """Return onsets and durations in beats of the key's notes, two (N,)."""
        onset, fixed = self.was_onset.copy(), ~self.movable
        sounding = last = -np.inf
        for gap, wall in self._gaps():
            floor = max(sounding, last + SHORTEST)
            placed = _placed(gap, floor, wall)
            for chord, time in zip(gap, placed or [chord.written for chord in gap], strict=True):
                onset[chord.rows] = time
                fixed[chord.rows] |= not placed
                last = max(last, time)
                sounding = sounding if placed else max(sounding, chord.end)
            if wall is not None:
                last, sounding = wall.written, max(sounding, wall.end)
        return self._cut(onset, fixed)

    def _gaps(self) -> list[tuple[list[_Chord], _Chord | None]]:
        """Return the movable chords between two walls or edges, with the wall after them."""
        gaps: list[tuple[list[_Chord], _Chord | None]] = [([], None)]
        for chord in self.chords:
            gap = gaps[-1][0]
            if chord.wall:
                gaps[-1] = (gap, chord)
                gaps.append(([], None))
            elif gap and chord.low > gap[-1].low:
                gaps.append(([chord], None))
            else:
                gap.append(chord)
        return gaps

    def _cut(self, onset: np.ndarray, fixed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """End each note that is not fixed at the next onset; where that is too soon, restore it."""
        times = np.unique(onset)
        room = np.append(times, np.inf)[np.searchsorted(times, onset) + 1] - onset
        tight = room < np.minimum(SHORTEST, self.was_duration) - 1e-9
        duration = np.where(fixed | tight, self.was_duration, np.minimum(self.duration, room))
        return np.where(tight & self.movable, self.was_onset, onset), duration


def _placed(gap: list[_Chord], floor: float, wall: _Chord | None) -> list[float] | None:
    """Return when the chords of a gap sound, in beats, in order; None if there is no room.

    No bound is tighter than where the chord was written.
    """
    ceiling = np.inf if wall is None else wall.written
    order = sorted(range(len(gap)), key=lambda i: (gap[i].wanted, i))
    time = [0.0] * len(gap)
    previous = -np.inf
    for i in order:
        lowest = max(gap[i].low, min(floor, gap[i].written))
        time[i] = previous = max(gap[i].wanted, lowest, previous + SHORTEST)
    following = np.inf
    for i in reversed(order):
        highest = min(gap[i].high, max(ceiling - gap[i].room, gap[i].written), following - SHORTEST)
        time[i] = following = min(time[i], highest)
        if time[i] < max(gap[i].low, min(floor, gap[i].written)):
            return None
    return time
