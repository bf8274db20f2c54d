"""Follow a performance through its score: which onset of the score was being played at each note.

Letters: S score notes, P played notes, O onsets of the score.

Source: Nakamura, Yoshii and Katayose (2017), "Performance error detection and post-processing for
fast and accurate symbolic music alignment", ISMIR: the score's onsets are the states of a hidden
Markov model that emits the played notes one by one, so the notes of a chord may come in any order;
states may be skipped and notes may be wrong. Here with costs in place of learned probabilities.
"""

import numpy as np

WRONG, SKIPPED = 1.0, 0.5
"""Costs of a played note that is not of its onset, and of a score note that nobody comes to. On 40
recordings of (n)ASAP, figures from 0.35 to 0.7 for the second are alike."""

LEAP = 20.0
"""What it costs at most to skip notes in one go: who leaves out a section does it as a whole."""

SPREAD_S, UNLIKELY = 0.1, 0.1
"""Notes of one chord come within this time, and the cost of a longer wait within it, or of none
between two chords: enough to settle what pitches leave open."""


def follow(
    pitch: np.ndarray, onset: np.ndarray, played_pitch: np.ndarray, played_s: np.ndarray
) -> np.ndarray:
    """Return the score's onset, counted from 0, at which each played note came: (P,) int, rising.

    Time grows with P times O: about 0.2 s for 3,000 notes.

    Args:
        pitch: (S,) int.
        onset: (S,) int from 0 to O - 1, each at least once, in any order.
        played_pitch: (P,) int.
        played_s: (P,) rising times in seconds.
    """
    size = np.bincount(onset)
    wrong = np.full((128, len(size)), WRONG)
    wrong[pitch, onset] = 0.0
    passed = SKIPPED * np.cumsum(size)
    before = passed - SKIPPED * size
    waited = np.clip(np.diff(played_s) / SPREAD_S, 0.0, 1.0) * UNLIKELY
    cost = np.minimum(before, LEAP) + wrong[played_pitch[0]]
    turns = []
    for wait, key in zip(waited.tolist(), played_pitch[1:].tolist(), strict=True):
        level = cost - passed
        near, far = np.minimum.accumulate(level), np.minimum.accumulate(cost)
        step = np.append(np.inf, near[:-1]) + before
        leap = np.append(np.inf, far[:-1]) + LEAP
        stayed, moved = cost + wait, np.minimum(step, leap) + (UNLIKELY - wait)
        bits = [stayed <= moved, leap < step, level <= near, cost <= far]
        turns.append(np.packbits(bits, axis=1))
        cost = np.minimum(stayed, moved) + wrong[key]
    rest = np.minimum(passed[-1] - passed, LEAP)
    return _back(turns, int(np.argmin(cost + rest)), len(size))


def _back(turns: list[np.ndarray], last: int, onsets: int) -> np.ndarray:
    """Return the cheapest way to the onset `last`.

    Args:
        turns: before each note but the first, as 4 rows of O bits: whether it stays at the onset;
            else whether it leaps there; whether the onset was cheaper to step from than all before
            it; and whether cheaper to leap from.
        last: the onset of the last note.
        onsets: O.
    """
    place = [last]
    for turn in reversed(turns):
        at = place[-1]
        stays, leaps, near, far = np.unpackbits(turn, axis=1, count=onsets)
        if not stays[at]:
            at = int(np.flatnonzero((far if leaps[at] else near)[:at])[-1])
        place.append(at)
    return np.array(place[::-1], dtype=np.intp)
