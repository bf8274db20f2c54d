"""Find where phrases begin.

Letters: O onsets, B bars, C candidates (bar lines with a note near), P phrases.

Source: Cambouropoulos (2001), "The local boundary detection model (LBDM) and its application in
the study of expressive timing", ICMC. Temperley (2001), The Cognition of Basic Musical Structures,
ch. 3, prefers phrases of about eight notes (rule 2) that begin at parallel points of the metre
(rule 3); that a phrase begins near a bar line and mostly has four bars is our choice.
"""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from engines.bounded import bounded

PROFILE_WEIGHTS = np.array([0.25, 0.5, 0.25])
"""Weights of pitch, inter-onset and rest intervals. Source: Cambouropoulos (2001), section 2."""

LONGEST_BARS = 8
"""A phrase is at most this many bars, unless nothing begins for longer."""

USUAL_BARS = 4
"""The length that needs no reason. Our choice."""

LENGTH_COST = 0.6
"""Cost of each doubling or halving of the usual length, in log-odds."""

DOWNBEAT_BONUS = 0.15
"""What starting on the bar line is worth, in log-odds: it settles ties."""

UNHEARD = -5.0
"""Lower log-odds count as this: nothing was heard."""

_COSTS = tuple(
    LENGTH_COST * abs(math.log2(max(bars, 0.5) / USUAL_BARS)) for bars in range(LONGEST_BARS + 1)
)
"""The cost of a phrase of so many bars, half a bar at least."""


def local_boundaries(
    pitch: np.ndarray, onset: np.ndarray, end: np.ndarray, longest: float = np.inf
) -> np.ndarray:
    """Return the strength, 0 to 1, of a boundary before each onset: (O,) float64, 0 for the first.

    Args:
        pitch: (O,) of the upper line.
        onset: (O,) in beats, rising.
        end: (O,) key releases in beats.
        longest: intervals of time in beats above this count as this, so that one long silence does
            not make all other boundaries look weak.
    """
    strength = np.zeros(len(onset))
    if len(onset) < 3:
        return strength
    intervals = np.empty((3, len(onset) - 1))
    intervals[0] = np.abs(pitch[1:] - pitch[:-1])
    intervals[1] = np.minimum(onset[1:] - onset[:-1], longest)
    intervals[2] = bounded(onset[1:] - end[:-1], 0.0, longest)
    strength[1:] = PROFILE_WEIGHTS @ _profiles(intervals)
    return strength


def segment(log_odds: np.ndarray, onset: np.ndarray, bar_onset: np.ndarray) -> np.ndarray:
    """Return the phrase starts in beats and the end of the last: (P+1,) float64.

    Every bar line offers its strongest boundary within half a bar; the best chain of them is found
    by dynamic programming.

    Args:
        log_odds: (O,) of a phrase beginning at each onset.
        onset: (O,) in beats, rising.
        bar_onset: (B+1,) bar lines in beats, the end last.
    """
    line, row, score = _offers(np.maximum(log_odds, UNHEARD), onset, bar_onset)
    score = _raised(line, score, len(bar_onset))
    where = [float(bar_onset[0]), *onset[row].tolist(), float(bar_onset[-1])]
    chain = _best_chain([0, *line.tolist(), len(bar_onset) - 1], [0.0, *score.tolist(), 0.0])
    return np.array(sorted({where[candidate] for candidate in chain}))


def log_odds(probability: np.ndarray) -> np.ndarray:
    """Return log(p / (1 - p)) of probabilities, any shape, between `UNHEARD` and its negative."""
    lowest = 1.0 / (1.0 + math.exp(-UNHEARD))
    inside = np.clip(probability, lowest, 1.0 - lowest)
    return np.asarray(np.log(inside / (1.0 - inside)))


def _profiles(interval: np.ndarray) -> np.ndarray:
    """Weigh each interval by how much it differs from its neighbours, scaled to a largest of 1.

    In and out are of shape (3, O-1), a row for each kind of interval.
    """
    after, before = interval[:, 1:], interval[:, :-1]
    change = np.abs(after - before) / np.maximum(after + before, 1e-9)
    strength = np.zeros_like(interval)
    strength[:, 1:] = change
    strength[:, :-1] += change
    strength *= interval
    return np.asarray(strength / np.maximum(strength.max(axis=1, keepdims=True), 1e-9))


def _offers(
    log_odds: np.ndarray, onset: np.ndarray, bar_onset: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return which inner bar lines have notes near, their best onset and its score: 3 of (C,)."""
    middle = 0.5 * (bar_onset[1:] + bar_onset[:-1])
    nearest = np.searchsorted(middle, onset + 1e-6)
    row = np.flatnonzero((nearest > 0) & (nearest < len(middle)))
    line = nearest[row]
    offer = log_odds[row] + DOWNBEAT_BONUS * (np.abs(onset[row] - bar_onset[line]) < 1e-3)
    by_offer = np.lexsort((-row, offer, line))
    line = line[by_offer]
    is_best = np.ones(len(line), dtype=bool)
    is_best[:-1] = line[1:] != line[:-1]
    best = by_offer[is_best]
    return line[is_best], row[best], offer[best]


def _raised(line: np.ndarray, score: np.ndarray, bars: int) -> np.ndarray:
    """Return scores, (C,), raised so that the best of the usual length around each is 0 or more."""
    offered = np.full(bars + 2 * USUAL_BARS, -np.inf)
    offered[line + USUAL_BARS] = score
    best = sliding_window_view(offered, 2 * USUAL_BARS + 1).max(axis=1)
    return score - np.minimum(best[line], 0.0)


def _best_chain(line: list[int], score: list[float]) -> list[int]:
    """Return the indices of the candidates where the best chain breaks, last first but 0.

    `line` (C+2) counts bars and rises from 0; the first and the last candidate are in every chain.
    """
    best, came_from = [0.0], [0]
    for here in range(1, len(line)):
        start = here - 1
        value = best[start] - _COSTS[min(line[here] - line[start], LONGEST_BARS)]
        for back in range(here - 2, -1, -1):
            bars = line[here] - line[back]
            if bars > LONGEST_BARS:
                break
            if best[back] - _COSTS[bars] > value:
                value, start = best[back] - _COSTS[bars], back
        best.append(value + score[here])
        came_from.append(start)
    chain, here = [0], len(line) - 1
    while here > 0:
        chain.append(here)
        here = came_from[here]
    return chain
