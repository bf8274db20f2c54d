"""Map the times of a take to the beats of a file that tells the same story from its bar 1 on.

Letters: M marks, P points.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from bridge.live.take_journal import Head, Mark
from engines.clip import DEFAULT_BPM, Tempo

SLOWEST, FASTEST = 10.0, 999.0
"""Tempi in bpm that a file is given; programs that read files know no others."""

NEAR_S = 2e-4
"""A tempo is not changed where without it every beat is within so many seconds."""

NEAR_BEATS = 0.25
"""What comes so little before a bar line is meant for it: a hand that is early, a song that jumped
back between two marks."""

LEAST = 1e-6
"""Marks lie farther apart, in seconds and in beats."""


class BeatMap:
    """Be a rising line of P points through times and beats, P at least 2.

    Args:
        time_s: (P,) float64, rising.
        beats: (P,) float64, rising.
    """

    def __init__(self, time_s: np.ndarray, beats: np.ndarray) -> None:
        self._time_s, self._beats = time_s, beats

    def beats(self, time_s: np.ndarray) -> np.ndarray:
        """Return the beats at times, any shape.

        Before and behind all points tempi go on, as far as a file can have them.
        """
        left = np.clip(np.searchsorted(self._time_s, time_s, "right") - 1, 0, len(self._time_s) - 2)
        slope = (np.diff(self._beats) / np.diff(self._time_s))[left]
        between = self._beats[left] + (time_s - self._time_s[left]) * slope
        near = np.clip(time_s, self._time_s[0], self._time_s[-1])
        end = np.where(time_s < self._time_s[0], self._beats[0], self._beats[-1])
        beyond = end + (time_s - near) * np.clip(slope, SLOWEST / 60.0, FASTEST / 60.0)
        return np.where(near == time_s, between, beyond)

    def tempo(self) -> Tempo:
        """Return the tempo map from beat 0 on."""
        bpm = 60.0 * np.diff(self._beats) / np.diff(self._time_s)
        changes = self._beats[1:-1]
        later = changes > 0.0
        time = np.append(0.0, changes[later])
        return Tempo(time=time, bpm=np.clip(bpm[-len(time) :], SLOWEST, FASTEST))


def beat_map(head: Head, marks: Sequence[Mark], first_s: float) -> BeatMap:
    """Return the map of a take.

    Beat 0 is where a song began. Counting that began anywhere is moved by whole bars, so that the
    first event or mark lies in the first bar. A song that jumped back, or was stopped, goes on by
    whole bars later than where it was, for a file knows one time only. Without marks it is 120 bpm
    from the start of the take.

    Args:
        head: what the take says of itself.
        marks: where the song was, by time.
        first_s: when the first event came.
    """
    if len(marks) < 2:
        return _steady(head, marks)
    time_s, beats = _unrolled(marks, head.bar)
    keep = _bends(time_s, beats)
    found = BeatMap(time_s[keep], beats[keep])
    first = float(found.beats(np.array(min(first_s, time_s[0])))) + NEAR_BEATS
    if not head.song or first < 0:
        beats -= np.floor(first / head.bar) * head.bar
        found = BeatMap(time_s[keep], beats[keep])
    return found


def _steady(head: Head, marks: Sequence[Mark]) -> BeatMap:
    """Return 120 bpm from the start of the take, in the song's bars if one mark tells them."""
    begin = head.start_s
    if marks:
        begin = marks[0].time_s - marks[0].beat * 60.0 / DEFAULT_BPM
        bar_s = head.bar * 60.0 / DEFAULT_BPM
        begin -= max(np.ceil((begin - head.start_s) / bar_s), 0.0) * bar_s
    return BeatMap(np.array([begin, begin + 60.0]), np.array([0.0, DEFAULT_BPM]))


def _unrolled(marks: Sequence[Mark], bar: float) -> tuple[np.ndarray, np.ndarray]:
    """Return times and beats of the marks that rise, jumps back moved by whole bars."""
    time_s, beats = [marks[0].time_s], [marks[0].beat]
    moved, slope = 0.0, DEFAULT_BPM / 60.0
    for before, mark in pairwise(marks):
        if mark.time_s < time_s[-1] + LEAST:
            continue
        if mark.jump:
            reached = beats[-1] + (mark.time_s - time_s[-1]) * slope
            moved += max(np.ceil((reached - NEAR_BEATS - mark.beat - moved) / bar), 0.0) * bar
        elif mark.time_s > before.time_s:
            slope = (mark.beat - before.beat) / (mark.time_s - before.time_s)
            slope = min(max(slope, SLOWEST / 60.0), FASTEST / 60.0)
        if mark.beat + moved > beats[-1] + LEAST:
            time_s.append(mark.time_s)
            beats.append(mark.beat + moved)
    if len(time_s) < 2:
        time_s.append(time_s[0] + 60.0)
        beats.append(beats[0] + 60.0 * slope)
    return np.array(time_s), np.array(beats)


def _bends(time_s: np.ndarray, beats: np.ndarray) -> np.ndarray:
    """Return which points a line needs that passes all in time by `NEAR_S`: rows, rising.

    Each piece is as long as some slope fits all its points, and ends at one of them.

    Source: Elmeleegy and others, Online piece-wise linear approximation of numerical streams with
    precision guarantees (2009), swing filter, with points for ends.
    """
    kept, low, high = [0], -np.inf, np.inf
    for row in range(1, len(beats)):
        start, span = kept[-1], beats[row] - beats[kept[-1]]
        slope = (time_s[row] - time_s[start]) / span
        if not low <= slope <= high:
            kept.append(row - 1)
            span = beats[row] - beats[row - 1]
            slope, low, high = (time_s[row] - time_s[row - 1]) / span, -np.inf, np.inf
        low, high = max(low, slope - NEAR_S / span), min(high, slope + NEAR_S / span)
    return np.array([*kept, len(beats) - 1])
