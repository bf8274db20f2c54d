"""Put notes of lessons into the tables that trees learn from.

Letters: N notes, R rows to learn from, A columns, D parameters.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from engines.performance.surroundings import surroundings
from engines.performance.view import MARKS
from engines.training.lesson import Lesson
from engines.training.window import MARKED

FEWEST = 20
"""At least so many notes of a recording are looked at; where there are too many recordings for
that, some of them are left out."""


class Table(NamedTuple):
    """Be rows to learn from: what is seen (R, A), what was done and what counts (R, D), float32."""

    seen: np.ndarray
    target: np.ndarray
    weight: np.ndarray


def seen_by_trees(lesson: Lesson) -> np.ndarray:
    """Return the view, the surroundings and what is said of each note: (N, A) float32."""
    view = lesson.view.astype(np.float32)
    said = lesson.said.astype(np.float32)
    return np.column_stack([view, surroundings(view, lesson.beats), said])


def tabulate(sources: list[tuple[float, list[Lesson]]], rows: int) -> Table:
    """Return about so many notes, each source by its share, a piece by the root of its notes.

    Marks are hidden from some notes, as they are from networks.
    """
    draw = np.random.default_rng(rows)
    total = sum(share for share, _ in sources)
    pages = [
        _page(lesson, quota, draw)
        for share, lessons in sources
        for lesson, quota in _quotas(lessons, rows * share / total, draw)
    ]
    return Table(*(np.concatenate(parts) for parts in zip(*pages, strict=True)))


def _quotas(
    lessons: list[Lesson], rows: float, draw: np.random.Generator
) -> list[tuple[Lesson, int]]:
    """Return which lessons are looked at, and how many notes of each."""
    pieces: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in lessons:
        pieces[lesson.piece].append(lesson)
    size = {name: np.sqrt(sum(len(one.beats) for one in piece)) for name, piece in pieces.items()}
    found = []
    for name, piece in pieces.items():
        quota = rows * size[name] / sum(size.values())
        heard = int(np.clip(quota / FEWEST, 1, len(piece)))
        chosen = draw.permutation(len(piece))[:heard]
        found += [(piece[at], max(int(quota / heard), 1)) for at in chosen]
    return found


def _page(lesson: Lesson, quota: int, draw: np.random.Generator) -> Table:
    rows = draw.permutation(len(lesson.beats))[:quota]
    seen = seen_by_trees(lesson)[rows]
    said = seen[:, -lesson.said.shape[1] :]
    said[draw.random(len(rows)) >= MARKED, : MARKS + 2] = 0.0
    return Table(seen, lesson.target[rows], lesson.weight[rows])
