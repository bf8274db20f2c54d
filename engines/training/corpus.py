"""Say which packs each set of weights learns from, and read them as lessons."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engines.error import EngineError
from engines.training.forest import Growth
from engines.training.lesson import Lesson, lesson, written_lesson
from engines.training.notation import read_notation
from engines.training.pop909 import read_songs
from engines.training.recording import read_pack
from engines.training.weimar import read_solos

TOUCH_AND_PEDAL = (True, False, False, False, True, True)
LINE = (True, True, False, True, False, False)
"""What a source that does not know all knows of velocity, stretch, asynchrony, articulation and the
pedal's two."""

SHORTEST_PART = 200
"""Parts of scores with fewer notes are left out."""

THINNED = 17
"""Of so many notes one is looked at to find where the columns lie."""

CHUNK = 8
"""Recordings that a process reads at a time."""


class Source(NamedTuple):
    """Be a pack, how its lessons are read, and the share of the windows that it gets."""

    pack: str
    read: Callable[[Path], Iterator[Callable[[], Lesson]]]
    share: float


def _performances(folder: Path, splits: tuple[str, ...]) -> Iterator[Callable[[], Lesson]]:
    for recording in read_pack(folder):
        if recording.split in splits:
            yield partial(lesson, recording)


def _songs(folder: Path) -> Iterator[Callable[[], Lesson]]:
    for song in read_songs(folder):
        if song.recording.split == "train":
            yield partial(lesson, song.recording, TOUCH_AND_PEDAL, "pop")


def _solos(folder: Path) -> Iterator[Callable[[], Lesson]]:
    for solo in read_solos(folder):
        if solo.recording.split == "train":
            yield partial(lesson, solo.recording, LINE, "line")


def _scores(folder: Path) -> Iterator[Callable[[], Lesson]]:
    for part in read_notation(folder):
        if part.split != "test" and len(part.marks) >= SHORTEST_PART:
            yield partial(written_lesson, part, "written")


class Recipe(NamedTuple):
    """Say what a set of weights learns from and how.

    `steps` are those of each reader: with more they learn the pieces by heart; where that begins
    was seen on other pieces. `coy` is how coy lessons are of their piece, see `window.Class`;
    `plain` and `styled` are how trees grow on music without and with a style.
    """

    steps: int
    coy: float
    plain: Growth
    styled: Growth
    sources: tuple[Source, ...]


STYLED = Growth(
    ("pop909", "weimar_jazz"),
    rows=80_000,
    trees=120,
    leaves=24,
    rate=0.08,
    least=80,
    share=(0.8, 0.8, 0.8, 0.8, 0.0, 0.0),
)
"""How trees grow on music that has a style; it has few of the windows of the networks. Of the pedal
trees know no more than the networks, and less of music that is played like none of the songs."""

RECIPES = {
    "default": Recipe(
        400,
        0.5,
        Growth(
            ("vienna4x22",),
            rows=40_000,
            trees=80,
            leaves=12,
            rate=0.12,
            least=150,
            share=(0.3, 0.5, 0.7, 0.3, 0.7, 0.65),
        ),
        STYLED,
        (
            Source("vienna4x22", partial(_performances, splits=("train", "valid", "test")), 0.25),
            Source("pop909", _songs, 0.30),
            Source("weimar_jazz", _solos, 0.10),
            Source("lieder", _scores, 0.28),
            Source("string_quartets", _scores, 0.07),
        ),
    ),
    "research": Recipe(
        800,
        0.1,
        Growth(
            ("asap_notes",),
            rows=240_000,
            trees=120,
            leaves=24,
            rate=0.08,
            least=80,
            share=(0.3, 0.55, 0.45, 0.65, 0.0, 0.0),
        ),
        STYLED,
        (
            Source("asap_notes", partial(_performances, splits=("train",)), 0.85),
            Source("vienna4x22", partial(_performances, splits=("train", "valid", "test")), 0.07),
            Source("pop909", _songs, 0.04),
            Source("weimar_jazz", _solos, 0.04),
        ),
    ),
}
"""The sets of weights. The pack vienna4x22 is used whole: four pieces tell nothing of other pieces,
so what is learned from it is judged on other packs."""


def read_lessons(
    folder: Path, source: Source, *, limit: int | None = None, workers: int = 2
) -> list[Lesson]:
    """Return the lessons of a pack that lies in its own folder, or in `noncommercial`.

    Raises:
        EngineError: the pack is not there.
    """
    tasks = islice(source.read(find_pack(folder, source.pack)), limit)
    if workers < 2:
        return [task() for task in tasks]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(_made, tasks, chunksize=CHUNK))


def find_pack(folder: Path, pack: str) -> Path:
    """Return where a pack lies below a folder.

    Raises:
        EngineError: it is nowhere.
    """
    for place in (folder / pack, folder / "noncommercial" / pack):
        if place.is_dir():
            return place
    raise EngineError(f"{folder} holds no pack {pack}, allowed is a folder of that name")


def usual_view(lessons: Iterable[Lesson]) -> np.ndarray:
    """Return the means of the view's columns: (F,) float32."""
    return _rows(lessons).mean(axis=0)


def bin_edges(lessons: Iterable[Lesson], bins: int) -> np.ndarray:
    """Return edges of bins that hold about as many notes each, for each column: (F, bins + 1)."""
    return np.quantile(_rows(lessons), np.linspace(0.0, 1.0, bins + 1), axis=0).T


def _rows(lessons: Iterable[Lesson]) -> np.ndarray:
    """Return every so manyth row of the views, (R, F) float32."""
    return np.concatenate([one.view[::THINNED] for one in lessons]).astype(np.float32)


def _made(task: Callable[[], Any]) -> Any:
    return task()
