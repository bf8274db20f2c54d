"""Pair the notes of two editions of one song: the same music, moved and set on a grid.

Letters: N notes, M notes in both.
"""

from typing import NamedTuple

import numpy as np
from symusic.core import ScoreTick

PER_BEAT = 480
"""Ticks a beat."""

APART = 60
"""Notes that are farther apart in ticks are not the same: a grid of 20 ticks moves by 10."""


class Edition(NamedTuple):
    """Be N notes as columns of whole numbers, times in ticks, by onset, then pitch."""

    onset: np.ndarray
    duration: np.ndarray
    pitch: np.ndarray
    velocity: np.ndarray
    track: np.ndarray


def read_edition(score: ScoreTick, tracks: int = 3) -> Edition:
    """Return the notes of the first tracks."""
    scale = PER_BEAT / score.ticks_per_quarter
    rows = sorted(
        (round(n.time * scale), n.pitch, index, round(n.duration * scale), n.velocity)
        for index, track in enumerate(score.tracks[:tracks])
        for n in track.notes
    )
    onset, pitch, track, duration, velocity = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Edition(onset, duration, pitch, velocity, track)


def paired(played: Edition, written: Edition) -> tuple[Edition, Edition, int]:
    """Return the M notes that both editions have, in the order of `written`, and how far it moved.

    The distance is in ticks: onsets of `played` and it are close to onsets of `written`.
    """
    shift = _shift(played, written)
    pairs = list[tuple[int, int]]()
    for pitch in np.intersect1d(played.pitch, written.pitch).tolist():
        mine, theirs = np.flatnonzero(played.pitch == pitch), np.flatnonzero(written.pitch == pitch)
        found = _nearest((played.onset[mine] + shift).tolist(), written.onset[theirs].tolist())
        pairs += [(int(theirs[b]), int(mine[a])) for a, b in found]
    rows = np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2).T
    return _rows(played, rows[1]), _rows(written, rows[0]), shift


def without_unisons(played: Edition, written: Edition) -> tuple[Edition, Edition]:
    """Return paired notes, of those written as one key at one time only the first track's."""
    order = np.lexsort((played.track, written.pitch, written.onset))
    key = np.stack([written.onset[order], written.pitch[order]])
    first = np.append(True, (np.diff(key) != 0).any(axis=0))[: len(order)]
    return _rows(played, order[first]), _rows(written, order[first])


def _rows(edition: Edition, rows: np.ndarray) -> Edition:
    return Edition(*(column[rows] for column in edition))


def _shift(played: Edition, written: Edition) -> int:
    """Return the median distance between the notes that have the same place among their equals.

    Notes are equal in pitch and velocity, of which both editions must have as many.
    """
    mine, theirs = _equals(played), _equals(written)
    both = [key for key in mine if len(mine[key]) == len(theirs.get(key, ()))]
    if not both:
        return 0
    return int(np.median(np.concatenate([theirs[key] - mine[key] for key in both])))


def _equals(edition: Edition) -> dict[int, np.ndarray]:
    """Return the rising onsets of the notes of each pitch and velocity."""
    key = edition.pitch * 128 + edition.velocity
    order = np.lexsort((edition.onset, key))
    keys, starts = np.unique(key[order], return_index=True)
    return dict(zip(keys.tolist(), np.split(edition.onset[order], starts[1:]), strict=True))


def _nearest(mine: list[int], theirs: list[int]) -> list[tuple[int, int]]:
    """Return rows of two rising lists that are at most `APART` apart, each used once, in order."""
    a = b = 0
    pairs = list[tuple[int, int]]()
    while a < len(mine) and b < len(theirs):
        if abs(mine[a] - theirs[b]) <= APART:
            pairs.append((a, b))
            a, b = a + 1, b + 1
        elif mine[a] < theirs[b]:
            a += 1
        else:
            b += 1
    return pairs
