"""Match the notes of a performance with those of its score.

Letters: S score notes, P played notes, M matched notes, O onsets of the score, K places.

Source: Peter, Cancino-Chacon, Foscarin, McLeod, Henkel, Karystinaios and Widmer (2023), "Automatic
note-level score-to-performance alignments in the ASAP dataset", TISMIR 6(1): first a rough map of
time, then notes are matched pitch by pitch along it.
"""

from collections.abc import Iterator

import numpy as np

from engines.training.alignment.follow import follow

REACH_S = 1.0
"""Notes are not the same if they are farther from where the map of time has them. On 40 recordings
of (n)ASAP, figures from 0.5 to 1.5 are alike."""

PASSES = 2
"""The map of time is drawn along the way that was followed, then along the notes that matched."""

NO_PAIRS = np.empty((0, 2), dtype=np.intp)

UNKNOWN_S = 0.5
"""Seconds a beat where a performance has but one onset to tell."""


def align(
    score_pitch: np.ndarray,
    score_onset: np.ndarray,
    played_pitch: np.ndarray,
    played_onset_s: np.ndarray,
) -> np.ndarray:
    """Return which rows are the same note: (M, 2) int, rows of the score and of the performance.

    Each row is matched at most once; pairs rise by row of the score. Rows may come in any order.

    Args:
        score_pitch: (S,) MIDI note numbers.
        score_onset: (S,) beats; what comes at one time is one chord.
        played_pitch: (P,) MIDI note numbers.
        played_onset_s: (P,) seconds.
    """
    onset, group = np.unique(score_onset, return_inverse=True)
    written, heard = np.lexsort((score_pitch, group)), np.lexsort((played_pitch, played_onset_s))
    pitch, group = np.asarray(score_pitch, dtype=np.intp)[written], group[written]
    key, time = np.asarray(played_pitch, dtype=np.intp)[heard], np.asarray(played_onset_s)[heard]
    if not np.isin(pitch, key).any():
        return NO_PAIRS
    place = follow(pitch, group, key, time)
    right = np.isin(place * 128 + key, group * 128 + pitch)
    place, when_s, pairs = place[right], time[right], NO_PAIRS
    for _ in range(PASSES):
        if len(place):
            map_s = onset_times(onset, place, when_s)
            pairs = _matched(pitch, map_s[group], key, time)
            place, when_s = group[pairs[:, 0]], time[pairs[:, 1]]
    rows = np.column_stack([written[pairs[:, 0]], heard[pairs[:, 1]]])
    return rows[np.argsort(rows[:, 0])]


def onset_times(onset: np.ndarray, place: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """Return when each onset was played, never falling: (O,) seconds.

    An onset has the median time of its notes. Where these run backwards they meet halfway between
    the latest so far and the earliest to come; where there are none, time goes evenly.

    Args:
        onset: (O,) rising beats.
        place: (K,) which onset was played, at least one.
        time_s: (K,) when.
    """
    order = np.lexsort((time_s, place))
    known, first, count = np.unique(place[order], return_index=True, return_counts=True)
    middle = time_s[order][first + (count - 1) // 2]
    latest = np.maximum.accumulate(middle)
    earliest = np.minimum.accumulate(middle[::-1])[::-1]
    return _along(onset, onset[known], (latest + earliest) / 2)


def _along(beats: np.ndarray, known: np.ndarray, time_s: np.ndarray) -> np.ndarray:
    """Return times of beats between known ones, and outside them at the mean tempo."""
    span = known[-1] - known[0]
    pace = (time_s[-1] - time_s[0]) / span if span else UNKNOWN_S
    outside = np.minimum(beats - known[0], 0.0) + np.maximum(beats - known[-1], 0.0)
    return np.interp(beats, known, time_s) + pace * outside


def _matched(
    pitch: np.ndarray, expected_s: np.ndarray, key: np.ndarray, time_s: np.ndarray
) -> np.ndarray:
    """Return rows of score notes and of played notes that are the same: (M, 2) int.

    Of each pitch, as many and as near to their times as can be without one overtaking another.
    """
    pairs = list[tuple[int, int]]()
    for one in np.intersect1d(pitch, key).tolist():
        mine, theirs = np.flatnonzero(pitch == one), np.flatnonzero(key == one)
        found = _in_order(expected_s[mine], time_s[theirs])
        pairs += [(int(mine[a]), int(theirs[b])) for a, b in found]
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def _in_order(expected_s: np.ndarray, time_s: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield pairs of two rising rows of times, from the last, that gain most together.

    A pair gains as much as it is nearer than `REACH_S`.
    """
    gain = np.maximum(REACH_S - np.abs(expected_s[:, None] - time_s), 0.0)
    best = np.zeros((len(expected_s) + 1, len(time_s) + 1))
    for row, more in enumerate(gain):
        either = np.maximum(best[row, 1:], best[row, :-1] + more)
        best[row + 1, 1:] = np.maximum.accumulate(either)
    a, b = len(expected_s), len(time_s)
    while best[a, b] > 0:
        if best[a, b] == best[a - 1, b]:
            a -= 1
        elif best[a, b] == best[a, b - 1]:
            b -= 1
        else:
            a, b = a - 1, b - 1
            yield a, b
