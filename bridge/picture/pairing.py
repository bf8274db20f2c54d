"""Find out which note before is which note after.

Letters: N notes before, K notes after, M pairs.
"""

from typing import NamedTuple

import numpy as np

from engines.clip import Clip, Controllers, Notes

REACH = 1.0
"""How far apart in beats two notes without a common id may lie and still be taken for the same."""


class Pairs(NamedTuple):
    """Say which rows belong together: `before` and `after` are (M,) int, a pair a row.

    `removed` are the rows before that have no partner, `added` those after, both rising.
    """

    before: np.ndarray
    after: np.ndarray
    removed: np.ndarray
    added: np.ndarray


def pair(before: Notes, after: Notes) -> Pairs:
    """Pair notes by their ids, or by pitch and nearness where the ids do not agree on the pitches.

    Ids from two separately read files are mere row numbers, which a moved note may have changed.
    """
    first, second = _by_id(before, after)
    if not np.array_equal(before.pitch[first], after.pitch[second]):
        first, second = _by_nearness(before, after)
    order = np.argsort(first, kind="stable")
    return Pairs(
        first[order],
        second[order],
        np.setdiff1d(np.arange(len(before)), first),
        np.setdiff1d(np.arange(len(after)), second),
    )


def pair_clips(
    before: tuple[Clip, ...], after: tuple[Clip, ...]
) -> tuple[tuple[Clip | None, Clip | None], ...]:
    """Pair parts in their order; where the counts differ, parts of one name first.

    None stands for a part that is only on the other side.
    """
    if len(before) == len(after):
        return tuple(zip(before, after, strict=True))
    rest = list(range(len(after)))
    pairs: list[tuple[Clip | None, Clip | None]] = []
    for clip in before:
        found = next((row for row in rest if after[row].name == clip.name), None)
        pairs.append((clip, None if found is None else after[found]))
        if found is not None:
            rest.remove(found)
    return (*pairs, *((None, after[row]) for row in rest))


def silenced(clip: Clip) -> Clip:
    """Return the clip without notes and controllers: the other side of a part that is new."""
    return clip.replace(notes=Notes(), controllers=Controllers())


def _by_id(before: Notes, after: Notes) -> tuple[np.ndarray, np.ndarray]:
    _, first, second = np.intersect1d(before.note_id, after.note_id, return_indices=True)
    return first, second


def _by_nearness(before: Notes, after: Notes) -> tuple[np.ndarray, np.ndarray]:
    """Pair the notes of each pitch, at any distance where no pitch gained or lost one."""
    reach = np.inf if np.array_equal(np.sort(before.pitch), np.sort(after.pitch)) else REACH
    firsts, seconds = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    for pitch in np.intersect1d(before.pitch, after.pitch):
        first = _in_time(before, np.flatnonzero(before.pitch == pitch))
        second = _in_time(after, np.flatnonzero(after.pitch == pitch))
        kept, partner = _nearest(before.onset[first], after.onset[second], reach)
        firsts.append(first[kept])
        seconds.append(second[partner])
    return np.concatenate(firsts), np.concatenate(seconds)


def _in_time(notes: Notes, rows: np.ndarray) -> np.ndarray:
    return np.asarray(rows[np.argsort(notes.onset[rows], kind="stable")])


def _nearest(before: np.ndarray, after: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Pair two rising rows of times: in order if that fits, else where each is the other's nearest.

    Returns positions in `before` and in `after`.
    """
    if len(before) == len(after) and np.abs(after - before).max() <= reach:
        every = np.arange(len(before))
        return every, every
    forth, back = _closest(before, after), _closest(after, before)
    mutual = (back[forth] == np.arange(len(before))) & (np.abs(after[forth] - before) <= reach)
    return np.flatnonzero(mutual), forth[mutual]


def _closest(of: np.ndarray, among: np.ndarray) -> np.ndarray:
    """Return for each time the position of the nearest among rising times, the earlier if equal."""
    right = np.clip(np.searchsorted(among, of), 1, max(len(among) - 1, 1))
    left = right - 1
    right = np.minimum(right, len(among) - 1)
    return np.where(of - among[left] <= among[right] - of, left, right)
