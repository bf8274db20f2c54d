"""Cut lessons into windows: which piece, which notes, what of the performance is given.

Letters: B windows, T notes, F columns of the view, D parameters.
"""

from typing import NamedTuple

import numpy as np

from engines.performance.interpreter import PARAMETERS
from engines.performance.view import COLUMNS, MARKS
from engines.training.lesson import Lesson

LENGTH, WINDOWS = 256, 16
"""Notes of a window, and windows of a batch."""

FAR = 1e4
"""Beats from the notes of a window to the empty places behind them."""

MARKED = 0.5
"""Share of the windows in which the score's marks are shown, where there are any."""

UNSTYLED = 0.5
"""Share of the windows whose style is not told, so that styles lend each other what they know."""

PARTLY = 0.3
"""Share of the windows in which a part of the performance is given, and the rest is asked for."""

TRANSPOSED, HURRIED = 2 / 12, 0.12
"""Standard deviations in octaves by which windows are transposed and made faster: what the view
says of pitch and of seconds is shifted, the rest of it stays as it is."""

HIDDEN = 0.05
"""Share of the windows in which a column is not shown. Like the shares above it is our choice."""

_NAMES = list(COLUMNS)
PITCHES = [_NAMES.index(name) for name in ("pitch", "piece_pitch")]
FASTER = [
    at for at, name in enumerate(_NAMES) if name in {"tempo", "piece_notes"} or name[:6] == "notes_"
]
TELLTALES = [
    at
    for at, name in enumerate(_NAMES)
    if name[:6] == "piece_" or name in {"bar", "beat_length", "tempo", "minor", "place"}
]
SLOWER = [_NAMES.index(name) for name in ("duration_s", "interval_s")]
"""The columns that rise when a window is transposed, that rise and fall when it gets faster, and
those that are much the same all through a piece and tell it from others."""


class Batch(NamedTuple):
    """Be B windows of T notes, float32: the inputs of a network, targets and weights."""

    view: np.ndarray
    said: np.ndarray
    known: np.ndarray
    beats: np.ndarray
    target: np.ndarray
    weight: np.ndarray


class Class:
    """Hold lessons and draw batches from them.

    Args:
        sources: lists of lessons, each with the share of the windows that it is to have; inside,
            a piece is drawn by the square root of its notes, then one of its lessons.
        empty: (F,) the view of an empty place.
        coy: share of the windows in which a column is not shown that would give away which piece
            it is; of few pieces a network that knows them learns each by heart.
    """

    def __init__(
        self, sources: list[tuple[float, list[Lesson]]], empty: np.ndarray, coy: float = 0.0
    ) -> None:
        self._empty = empty
        self._hidden = np.full(len(empty), HIDDEN)
        self._hidden[TELLTALES] = max(coy, HIDDEN)
        self._pieces = [_by_piece(lessons) for _, lessons in sources]
        self._share = np.array([share for share, _ in sources])
        self._share /= self._share.sum()
        self._odds = [_odds(pieces) for pieces in self._pieces]

    def batch(self, rng: np.random.Generator) -> Batch:
        """Return a batch that depends on the random stream alone."""
        windows = [self._window(self._lesson(rng), rng) for _ in range(WINDOWS)]
        return Batch(*(np.stack(arrays) for arrays in zip(*windows, strict=True)))

    def _hide(self, view: np.ndarray, rng: np.random.Generator) -> None:
        """Show the mean in place of some columns, in place."""
        hidden = rng.random(view.shape[1]) < self._hidden
        view[:, hidden] = self._empty[hidden]

    def _lesson(self, rng: np.random.Generator) -> Lesson:
        source = rng.choice(len(self._share), p=self._share)
        pieces = self._pieces[source]
        lessons = pieces[rng.choice(len(pieces), p=self._odds[source])]
        return lessons[rng.integers(len(lessons))]

    def _window(self, lesson: Lesson, rng: np.random.Generator) -> Batch:
        notes = len(lesson.beats)
        start = int(rng.integers(-LENGTH // 4, max(notes - LENGTH + LENGTH // 4, 1)))
        start = min(max(start, 0), max(notes - LENGTH, 0))
        cut = slice(start, min(start + LENGTH, notes))
        view = _filled(lesson.view[cut], self._empty)
        _vary(view, rng)
        self._hide(view, rng)
        said = _filled(lesson.said[cut], np.zeros(lesson.said.shape[1]))
        if rng.random() >= MARKED:
            said[:, : MARKS + 2] = 0.0
        if rng.random() < UNSTYLED:
            said[:, MARKS + 2 :] = 0.0
        target = _filled(lesson.target[cut], np.zeros(PARAMETERS))
        weight = _filled(lesson.weight[cut], np.zeros(PARAMETERS))
        beats = _filled(lesson.beats[cut, None], np.full(1, FAR))[:, 0]
        given = _given(rng) & (weight > 0)
        known = np.concatenate([np.where(given, target, 0.0), given], axis=1, dtype=np.float32)
        return Batch(view, said, known, beats, target, np.where(given, 0.0, weight))


def _by_piece(lessons: list[Lesson]) -> list[list[Lesson]]:
    pieces: dict[str, list[Lesson]] = {}
    for lesson in lessons:
        pieces.setdefault(lesson.piece, []).append(lesson)
    return list(pieces.values())


def _odds(pieces: list[list[Lesson]]) -> np.ndarray:
    notes = np.sqrt([sum(len(lesson.beats) for lesson in piece) for piece in pieces])
    return np.asarray(notes / notes.sum())


def _filled(rows: np.ndarray, empty: np.ndarray) -> np.ndarray:
    """Return (T, ...) float32, rows and then empty places."""
    filled = np.empty((LENGTH, rows.shape[1]), dtype=np.float32)
    filled[: len(rows)], filled[len(rows) :] = rows, empty
    return filled


def _vary(view: np.ndarray, rng: np.random.Generator) -> None:
    """Transpose a window and change its tempo, in place."""
    octaves, faster = TRANSPOSED * rng.standard_normal(), HURRIED * rng.standard_normal()
    view[:, PITCHES] += octaves
    view[:, FASTER] += faster
    view[:, SLOWER] -= faster


def _given(rng: np.random.Generator) -> np.ndarray:
    """Return what of the performance is given: (T, D) bool, mostly nothing.

    Else all but a stretch of notes is given, or all but some of the notes; and at times only some
    of the parameters. How much and how often is our choice.
    """
    asked = np.ones((LENGTH, PARAMETERS), dtype=bool)
    if rng.random() >= PARTLY:
        return ~asked
    if rng.random() < 0.5:
        middle, half = rng.integers(LENGTH), rng.integers(LENGTH // 16, LENGTH // 2)
        asked[:] = (np.abs(np.arange(LENGTH) - middle) <= half)[:, None]
    else:
        asked[:] = rng.random((LENGTH, 1)) < rng.uniform(0.3, 1.0)
    if rng.random() < 0.4:
        asked |= rng.random(PARAMETERS) < 0.5
    return ~asked
