"""Ask boosted trees which windows of notes a person played.

Letters: W windows, F columns, N notes, O onsets, T notes of a window.

Source: Lopez-Paz and Oquab (2017), "Revisiting classifier two-sample tests", ICLR: a classifier
that does no better than chance cannot tell two samples apart.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import GroupKFold

from engines.training.evaluation.aspect import Aspects
from engines.training.evaluation.case import Case, Guess

WINDOW = 32
"""Notes in a window."""

FOLDS = 5


class Windows(NamedTuple):
    """Be what is told of the windows of one recording, (W, F) each: a person's and a guess's."""

    piece: str
    name: str
    human: np.ndarray
    guessed: np.ndarray


def windows_of(case: Case, sample: Guess) -> Windows:
    """Return what is told of a performance and of a sample of it; both lack the same notes."""
    rounded = sample._replace(velocity=np.clip(np.rint(sample.velocity), 1, 127))
    return Windows(
        piece=case.recording.piece,
        name=case.recording.name,
        human=_told(case, case.compared(case.truth, sample)),
        guessed=_told(case, case.compared(rounded)),
    )


def told_apart(windows: list[Windows]) -> dict[str, dict[str, list[np.ndarray]]]:
    """Return by piece and recording the shares told right: (2,), of a person's and of the guess's.

    Trees never judge a piece that they have learned from. Fewer than two pieces tell nothing.
    """
    rows = np.concatenate([part for each in windows for part in (each.human, each.guessed)])
    rows = rows[:, ~np.isnan(rows).all(axis=0)]
    origin = [(each, is_human) for each in windows for is_human in (True, False)]
    counts = [len(each.human) if is_human else len(each.guessed) for each, is_human in origin]
    is_human = np.repeat([human for _, human in origin], counts)
    piece = np.repeat([each.piece for each, _ in origin], counts)
    folds = min(FOLDS, len(set(piece)))
    if folds < 2:
        return {}
    right = _rightly(rows, is_human, piece, folds)
    found: dict[str, dict[str, list[np.ndarray]]] = defaultdict(lambda: defaultdict(list))
    parts = np.split(right, np.cumsum(counts)[:-1])
    for each, human, guessed in zip(windows, parts[::2], parts[1::2], strict=True):
        if len(human):
            found[each.piece][each.name].append(np.array([human.mean(), guessed.mean()]))
    return found


def _rightly(rows: np.ndarray, is_human: np.ndarray, piece: np.ndarray, folds: int) -> np.ndarray:
    """Return which windows are told right by trees of the other folds: (2 W,) bool."""
    right = np.zeros(len(rows), dtype=bool)
    for learned, judged in GroupKFold(folds).split(rows, is_human, piece):
        trees = HistGradientBoostingClassifier(
            max_iter=100, max_leaf_nodes=15, early_stopping=False, random_state=0
        )
        trees.fit(rows[learned], is_human[learned])
        right[judged] = trees.predict(rows[judged]) == is_human[judged]
    return right


def _told(case: Case, aspects: Aspects) -> np.ndarray:
    """Return (W, F): how the notes of each window vary, go together and follow each other."""
    order = case.features.order
    count = len(order) // WINDOW
    order = order[: count * WINDOW]
    top = _in_windows(case.features.top.astype(np.float64), order)
    pitch = _in_windows(case.features.notes.pitch.astype(np.float64), order)
    duration = _in_windows(np.log2(np.maximum(case.features.notes.duration, 1 / 64)), order)
    velocity = _in_windows(aspects.velocity, order)
    stretch = _in_windows(_once(aspects.ioi, case.features.group), order)
    late = _in_windows(aspects.asynchrony, order)
    length = _in_windows(aspects.articulation, order)
    columns = [
        _mean(velocity),
        *_spreads(velocity),
        _follow(velocity, 1),
        _follow(velocity, 2),
        _alike(velocity, pitch),
        _alike(velocity, top),
        _alike(velocity, length),
        _mean(stretch),
        *_spreads(stretch),
        _follow(_spread_out(aspects.ioi, case, order), 1),
        *_spreads(late),
        _mean(np.where(top > 0, late, np.nan)),
        _alike(late, velocity),
        _alike(late, pitch),
        _mean(length),
        *_spreads(length),
        _follow(length, 1),
        _alike(length, duration),
        _alike(length, pitch),
    ]
    return np.stack(columns, axis=1)


def _in_windows(values: np.ndarray, order: np.ndarray) -> np.ndarray:
    return values[order].reshape(-1, WINDOW)


def _once(by_onset: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Return an onset's value for one of its notes, NaN for the others: (N,) of (O,)."""
    values = np.full(len(group), np.nan)
    _, first = np.unique(group, return_index=True)
    values[first] = by_onset
    return values


def _spread_out(by_onset: np.ndarray, case: Case, order: np.ndarray) -> np.ndarray:
    return _in_windows(by_onset[case.features.group], order)


def _mean(values: np.ndarray) -> np.ndarray:
    """Return the mean of what is known in each window: (W,) of (W, T)."""
    known = ~np.isnan(values)
    total = np.where(known, values, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), total / np.maximum(known.sum(axis=1), 1), np.nan)


def _spreads(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return standard deviation and range of each window: (W,) twice of (W, T)."""
    deviation = np.sqrt(_mean((values - _mean(values)[:, None]) ** 2))
    low = np.where(np.isnan(values), np.inf, values).min(axis=1)
    high = np.where(np.isnan(values), -np.inf, values).max(axis=1)
    return deviation, np.where(np.isfinite(high), high, 0.0) - np.where(np.isfinite(low), low, 0.0)


def _follow(values: np.ndarray, lag: int) -> np.ndarray:
    """Return how like notes are to those so many later in each window: (W,) of (W, T)."""
    return _alike(values[:, lag:], values[:, :-lag])


def _alike(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return Pearson's r in each window, NaN where one of them is still: (W,) of (W, T)."""
    both = np.isnan(one) | np.isnan(other)
    one, other = np.where(both, np.nan, one), np.where(both, np.nan, other)
    one, other = one - _mean(one)[:, None], other - _mean(other)[:, None]
    scale = np.sqrt(_mean(one**2) * _mean(other**2))
    return np.where(scale > 1e-9, _mean(one * other) / np.maximum(scale, 1e-9), np.nan)
