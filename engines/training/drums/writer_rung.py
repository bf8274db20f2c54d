"""Be the ladder that the writer is measured on: what a part could be without having learned much.

Letters: S steps, V voices, W windows, P places of a window.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from engines.kit import CLOSED_HAT, KICK, SNARE, VOICES
from engines.training.drums.writer_class import Window, cut
from engines.training.drums.writer_lesson import Lesson
from engines.training.drums.writer_tap import all_onsets
from engines.writer.grid import TICKS, Grid
from engines.writer.score import NORMAL, SILENT, TIERS, hits_of

BARS = 4
"""Length of a window."""

Rung = Callable[[Window, np.ndarray], np.ndarray]
"""Writes hits, (S, V) int8 tiers, for a window whose rhythm alone is known: (S,) from 0 to 1."""


def copied(window: Window, tap: np.ndarray) -> np.ndarray:
    """Play the kick wherever the rhythm sounds."""
    hits = _silence(window.grid)
    hits[tap > 0, KICK] = NORMAL
    return hits


def rock(window: Window, tap: np.ndarray) -> np.ndarray:  # noqa: ARG001
    """Play kick and snare in turn on the beats and hats in eighths, whatever the rhythm."""
    grid, hits = window.grid, _silence(window.grid)
    odd = window.beats.number[grid.beat] % 2
    hits[(grid.tick == 0) & (odd == 0), KICK] = NORMAL
    hits[(grid.tick == 0) & (odd == 1), SNARE] = NORMAL
    hits[grid.tick % (TICKS // 2) == 0, CLOSED_HAT] = NORMAL
    return hits


class Nearest:
    """Play what was played in training to the likest rhythm.

    Args:
        lessons: what was played.
    """

    def __init__(self, lessons: Iterable[Lesson]) -> None:
        self._windows = [
            window for one in lessons if not one.is_fill for window in windows_of(one, hop=1)
        ]
        places = [_places(one, all_onsets(one.velocity)) for one in self._windows]
        self._taps = np.array(places, dtype=np.float32)

    def __call__(self, window: Window, tap: np.ndarray) -> np.ndarray:
        """Return the hits of the training window whose onsets differ on the fewest places."""
        asked = _places(window, tap).astype(np.float32)
        unlike = self._taps.sum(axis=1) - 2.0 * self._taps @ asked
        found = self._windows[int(unlike.argmin())]
        row = {place: step for step, place in enumerate(_keys(found.grid))}
        told = hits_of(found.velocity)
        silent = np.zeros(len(VOICES), dtype=np.int8)
        hits = [told[row[key]] if key in row else silent for key in _keys(window.grid)]
        return np.array(hits)


class Unigram(NamedTuple):
    """Hold how likely each tier of each voice is at each place of a bar: (beats, ticks, V, T)."""

    chance: np.ndarray

    def loss(self, window: Window) -> np.ndarray:
        """Return how unlikely what was played is, in nats on each step: (S,)."""
        hits, place = hits_of(window.velocity), _bar_place(window)
        chance = self.chance[place[0][:, None], place[1][:, None], np.arange(len(VOICES)), hits]
        return -np.log(chance).sum(axis=1)


def unigram(lessons: Iterable[Lesson]) -> Unigram:
    """Count what is played at each place of a bar."""
    count = np.ones((BEATS, TICKS, len(VOICES), TIERS))
    for one in lessons:
        beat, tick = _bar_place(one)
        index = (beat[:, None], tick[:, None], np.arange(len(VOICES)), one.hits)
        np.add.at(count, index, 1.0)
    return Unigram(count / count.sum(axis=-1, keepdims=True))


BEATS = 8
"""Beats of a bar that are told apart by `Unigram`."""


def windows_of(lesson: Lesson, hop: int = BARS) -> list[Window]:
    """Return the windows of a take that are whole and in 4/4, a new one every so many bars."""
    beats = lesson.beats
    if len(beats.start) < 4 * BARS or (beats.number + beats.left + 1 != 4).any():
        return []
    firsts = range(0, int(beats.bar[-1]) + 2 - BARS, hop)
    windows = (cut(lesson, first, first + BARS) for first in firsts)
    return [window for window in windows if window.velocity.any()]


def _silence(grid: Grid) -> np.ndarray:
    return np.full((len(grid.time), len(VOICES)), SILENT, dtype=np.int8)


def _bar_place(whole: Lesson | Window) -> tuple[np.ndarray, np.ndarray]:
    return np.minimum(whole.beats.number[whole.grid.beat], BEATS - 1), whole.grid.tick


def _keys(grid: Grid) -> list[int]:
    keys: list[int] = (grid.beat * TICKS + grid.tick).tolist()
    return keys


def _places(window: Window, tap: np.ndarray) -> np.ndarray:
    """Return where a rhythm sounds among all places of a window: (P,) bool."""
    places = np.zeros(4 * BARS * TICKS, dtype=bool)
    places[np.array(_keys(window.grid))[tap > 0]] = True
    return places
