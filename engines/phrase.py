"""Find where phrases begin.

Letters: O onsets, B bars, P phrases.

Source: Cambouropoulos (2001), "The local boundary detection model (LBDM) and its application in
the study of expressive timing", ICMC; phrase lengths cluster at four bars (Temperley 2001, The
Cognition of Basic Musical Structures, ch. 3, phrase structure preference rules 2 and 3).
"""

import numpy as np

PROFILE_WEIGHTS = (0.25, 0.5, 0.25)
"""Weights of pitch, inter-onset and rest intervals. Source: Cambouropoulos (2001), section 2."""

LONGEST_BARS = 8
"""A phrase is at most this many bars."""

USUAL_BARS = 4
"""The length that needs no reason."""

LENGTH_COST = 0.3
"""Cost of each doubling or halving of the usual length, in units of boundary strength."""

DOWNBEAT_BONUS = 0.15
"""What starting on the bar line is worth, in units of boundary strength."""


def local_boundaries(pitch: np.ndarray, onset: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the strength, 0 to 1, of a boundary before each onset: (O,) float64, 0 for the first.

    Args:
        pitch: (O,) of the upper line.
        onset: (O,) in beats, rising.
        end: (O,) key releases in beats.
    """
    if len(onset) < 3:
        return np.zeros(len(onset))
    intervals = (
        np.abs(np.diff(pitch)),
        np.diff(onset),
        np.maximum(onset[1:] - end[:-1], 0.0),
    )
    strength = sum(
        weight * _profile(x) for weight, x in zip(PROFILE_WEIGHTS, intervals, strict=True)
    )
    return np.concatenate([[0.0], np.asarray(strength)])


def segment(strength: np.ndarray, onset: np.ndarray, bar_onset: np.ndarray) -> np.ndarray:
    """Return the phrase starts in beats and the end of the last: (P+1,) float64.

    Every bar line offers its strongest boundary within half a bar; the best chain of them is found
    by dynamic programming over the bars.

    Args:
        strength: (O,) from `local_boundaries`.
        onset: (O,) in beats.
        bar_onset: (B+1,) bar lines in beats, the end last.
    """
    where, score = _offers(strength, onset, bar_onset)
    bars = len(where)
    lengths = np.arange(1, LONGEST_BARS + 1)
    cost = (LENGTH_COST * np.abs(np.log2(lengths / USUAL_BARS))).tolist()
    best, came_from = [0.0] * bars, [0] * bars
    for bar in range(1, bars):
        reach = min(bar, LONGEST_BARS)
        value, length = max((best[bar - k] - cost[k - 1], k) for k in range(1, reach + 1))
        best[bar], came_from[bar] = value + score[bar], bar - length
    starts, bar = [], bars - 1
    while bar > 0:
        starts.append(where[bar])
        bar = came_from[bar]
    return np.unique(np.append(starts, where[0]))


def _profile(interval: np.ndarray) -> np.ndarray:
    """Weigh each interval by how much it differs from its neighbours, scaled to a largest of 1."""
    total = interval[1:] + interval[:-1]
    change = np.abs(np.diff(interval)) / np.where(total > 0, total, 1.0)
    weight = np.append(change, 0.0) + np.insert(change, 0, 0.0)
    strength = interval * weight
    return np.asarray(strength / max(strength.max(), 1e-9))


def _offers(
    strength: np.ndarray, onset: np.ndarray, bar_onset: np.ndarray
) -> tuple[list[float], list[float]]:
    """Return each bar line's best boundary in beats and its score; the first and last are free."""
    half_bar = np.diff(bar_onset) / 2
    low = np.searchsorted(onset, bar_onset[1:-1] - half_bar[:-1] + 1e-6)
    high = np.searchsorted(onset, bar_onset[1:-1] + half_bar[1:] - 1e-6)
    where, score = [float(bar_onset[0])], [0.0]
    for line, a, b in zip(bar_onset[1:-1].tolist(), low.tolist(), high.tolist(), strict=True):
        offers = strength[a:b] + DOWNBEAT_BONUS * (np.abs(onset[a:b] - line) < 1e-3)
        pick = int(np.argmax(offers)) if b > a else -1
        where.append(float(onset[a + pick]) if pick >= 0 else line)
        score.append(float(offers[pick]) if pick >= 0 else 0.0)
    return [*where, float(bar_onset[-1])], [*score, 0.0]
