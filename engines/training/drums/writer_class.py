"""Draw batches of bars from lessons, with a rhythm to follow and wishes as users have them.

Letters: W windows, S steps of the longest, B beats, F columns of the view, M of the memory,
V voices.
"""

from typing import NamedTuple

import numpy as np

from engines.kit import VOICES
from engines.training.drums.writer_lesson import Lesson
from engines.training.drums.writer_tap import all_onsets, drawn_tap
from engines.writer.grid import Beats, Grid, grid_of
from engines.writer.score import hits_of
from engines.writer.view import COLUMNS, KINDS, MEMORY, Wish, memory, view

BARS = 8
"""Length of a window."""

SPLICED, SHORTENED = 0.15, 0.06
"""Shares of the windows that end in a fill of another take, and whose bars lose a beat."""

HIDDEN_TAP, HIDDEN_KIND, HIDDEN_DENSITY, HIDDEN_STYLE, GIVEN = 0.22, 0.4, 0.25, 0.4, 0.2
"""Shares of the windows without a rhythm, its kind, a density, a style, and with voices given."""

BLUR = 0.1
"""How far the density that is told strays from the true one, in octaves."""


class Window(NamedTuple):
    """Be some bars of a lesson, or of two; see `Lesson`."""

    beats: Beats
    grid: Grid
    velocity: np.ndarray
    fill: np.ndarray
    bpm: float
    style: int


class Batch(NamedTuple):
    """Hold inputs and what was played; steps beyond a window's end and given voices weigh 0."""

    view: np.ndarray
    """(W, S, F) float32."""
    memory: np.ndarray
    """(W, S, M) float32."""
    hits: np.ndarray
    """(W, S, V) int64."""
    weight: np.ndarray
    """(W, S, V) float32."""


class Class:
    """Draw batches from lessons.

    Args:
        lessons: at least one of a groove.
    """

    def __init__(self, lessons: list[Lesson]) -> None:
        self._grooves = [one for one in lessons if not one.is_fill]
        self._fills = [one for one in lessons if one.is_fill]
        length = np.array([len(one.beats.start) for one in self._grooves], dtype=float)
        self._share = length / length.sum()

    def batch(self, rng: np.random.Generator, windows: int = 32) -> Batch:
        """Return a batch; the same for the same state of the generator."""
        return stacked([self._example(rng) for _ in range(windows)])

    def _example(self, rng: np.random.Generator) -> Batch:
        lesson = self._grooves[rng.choice(len(self._grooves), p=self._share)]
        first = int(rng.integers(max(1, int(lesson.beats.bar[-1]) + 2 - BARS)))
        window = cut(lesson, first, first + BARS)
        chance = rng.random()
        if chance < SPLICED and self._fills:
            window = spliced(window, self._fitting(lesson, rng), int(rng.integers(1, BARS)))
        elif chance < SPLICED + SHORTENED:
            window = _shortened(window, int(rng.integers(1, 4)))
        return example(window, _wish(window, rng))

    def _fitting(self, lesson: Lesson, rng: np.random.Generator) -> Lesson:
        """Draw a fill, of the same style and like tempo if there are some."""
        styled = [one for one in self._fills if one.style == lesson.style]
        near = [one for one in styled if abs(np.log2(one.bpm / lesson.bpm)) < 0.3]
        pool = near or styled or self._fills
        return pool[rng.integers(len(pool))]


def cut(lesson: Lesson, first: int, end: int) -> Window:
    """Return a lesson's bars from the first to before the end."""
    keep = (lesson.beats.bar >= first) & (lesson.beats.bar < end)
    return _kept(lesson, keep)


def spliced(window: Window, fill: Lesson, bars: int) -> Window:
    """Return the first bars of a window, then a fill."""
    groove = _kept(window, window.beats.bar < window.beats.bar[0] + bars)
    after = fill.beats._replace(bar=fill.beats.bar + groove.beats.bar[-1] + 1)
    both = zip(groove.beats, after, strict=True)
    beats = Beats(*(np.concatenate(pair) for pair in both))
    division = np.concatenate([_division(groove), fill.division])
    return groove._replace(
        beats=beats,
        grid=grid_of(beats, division),
        velocity=np.concatenate([groove.velocity, fill.velocity]),
        fill=np.concatenate([groove.fill, fill.fill]),
    )


def density_of(window: Window) -> np.ndarray:
    """Return strokes a beat on each step, (S,): of the groove, and of each fill by itself."""
    strokes = np.bincount(window.grid.beat, (window.velocity > 0).sum(axis=1))
    part = np.cumsum(np.diff(window.fill, prepend=window.fill[:1])) * window.fill
    mean = np.bincount(part, strokes) / np.maximum(np.bincount(part), 1)
    return np.asarray(np.maximum(mean[part], 0.1)[window.grid.beat])


def example(window: Window, wish: Wish) -> Batch:
    """Return inputs and what was played for one window, without the axis of windows."""
    hits = hits_of(window.velocity)
    weight = np.broadcast_to(~wish.given, hits.shape).astype(np.float32)
    return Batch(
        view(window.beats, window.grid, wish),
        memory(hits, window.grid),
        hits.astype(np.int64),
        weight,
    )


def stacked(examples: list[Batch]) -> Batch:
    """Return examples of any length as one batch."""
    longest = max(len(one.hits) for one in examples)
    batch = Batch(
        np.zeros((len(examples), longest, COLUMNS), np.float32),
        np.zeros((len(examples), longest, MEMORY), np.float32),
        np.zeros((len(examples), longest, len(VOICES)), np.int64),
        np.zeros((len(examples), longest, len(VOICES)), np.float32),
    )
    for row, one in enumerate(examples):
        for whole, part in zip(batch, one, strict=True):
            whole[row, : len(part)] = part
    return batch


def _wish(window: Window, rng: np.random.Generator) -> Wish:
    """Draw what is told of a window."""
    density = density_of(window) * 2 ** rng.normal(0.0, BLUR, len(window.grid.time))
    if rng.random() < HIDDEN_DENSITY:
        density = np.full(len(density), np.nan)
    given, tap, kind = np.zeros(len(VOICES), dtype=bool), None, -1
    if rng.random() < GIVEN:
        playing = np.flatnonzero((window.velocity > 0).any(axis=0))
        given[rng.permutation(playing)[: rng.integers(1, 4)]] = True
        tap, kind = all_onsets(window.velocity * given), KINDS.index("voices")
    elif rng.random() >= HIDDEN_TAP:
        tap, kind = drawn_tap(window.velocity, rng)
    kind = -1 if rng.random() < HIDDEN_KIND else kind
    style = 0 if rng.random() < HIDDEN_STYLE else window.style
    hits = hits_of(window.velocity)
    return Wish(window.bpm, style, density, window.fill, tap, kind, given, hits)


def _kept(whole: Lesson | Window, keep: np.ndarray) -> Window:
    """Return the beats that are to be kept, (B,) bool."""
    beats = Beats(*(column[keep] for column in whole.beats))
    division = _division(whole)[keep]
    velocity = whole.velocity[keep[whole.grid.beat]]
    grid = grid_of(beats, division)
    return Window(beats, grid, velocity, whole.fill[keep], whole.bpm, whole.style)


def _division(whole: Lesson | Window) -> np.ndarray:
    """Return how each beat is divided: (B,) index into `DIVISIONS`."""
    division = np.zeros(len(whole.beats.start), dtype=np.intp)
    division[whole.grid.beat] = whole.grid.division
    return division


def _shortened(window: Window, lost: int) -> Window:
    """Return the bars with one beat less, as if their metre were shorter."""
    beats = window.beats
    if not (beats.left.max() > 1 and lost <= beats.left.max()):
        return window
    number = beats.number - (beats.number > lost)
    left = beats.left - (beats.number < lost)
    return _kept(
        window._replace(beats=beats._replace(number=number, left=left)), beats.number != lost
    )
