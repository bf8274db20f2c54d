"""Grow boosted trees for each parameter of a performance: the reader that is unlike all networks.

Trees are kept stand by stand, so that a run that is killed goes on after the last that was grown.

Letters: R rows to learn from, A columns, D parameters.

Source: Ke et al. (2017), "LightGBM: a highly efficient gradient boosting decision tree", NeurIPS
30, in scikit-learn's histogram-based version; Wolpert (1992), Neural Networks 5(2): unlike readers
err unlike, so their mean errs less.
"""

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from engines.performance.interpreter import PARAMETERS, STYLES, UNITS
from engines.performance.surroundings import surroundings
from engines.performance.view import MARKS
from engines.training.lesson import Lesson
from engines.training.stand import Stand, bare, keep_stand, kept_stand, stand_of
from engines.training.window import MARKED

LEAST_ROWS = 40
"""From fewer rows nothing is learned but their mean."""

FEWEST = 20
"""At least so many notes of a recording are looked at; where there are too many recordings for
that, some of them are left out."""


class Growth(NamedTuple):
    """Say how trees grow on some `packs`, for each style of these apart.

    `rows` are the notes that are learned from; each parameter gets so many `trees` of so many
    `leaves`, each added at a `rate`, with at least so many notes to a leaf; `share` is what their
    opinion counts beside the networks', for each of the D parameters; 0 grows none.
    """

    packs: tuple[str, ...]
    rows: int
    trees: int
    leaves: int
    rate: float
    least: int
    share: tuple[float, ...]


class Table(NamedTuple):
    """Be rows to learn from: what is seen (R, A), what was done and what counts (R, D), float32."""

    seen: np.ndarray
    target: np.ndarray
    weight: np.ndarray


class Plot(NamedTuple):
    """Be where trees of one style grow, "" for none: what they learn from, and how."""

    style: str
    table: Table
    growth: Growth


class Forest(NamedTuple):
    """Be what trees say of music of one style, "" for none.

    There is a stand for each of the D parameters; `share`, (D,) 0 to 1, is what its opinion counts
    beside the networks'.
    """

    style: str
    stands: list[Stand]
    share: np.ndarray

    def says(self, seen: np.ndarray) -> np.ndarray:
        """Return each parameter's mean, or log odds, for each row: (R, D) of (R, A)."""
        return np.stack([stand.says(seen) for stand in self.stands], axis=1)


def plots(growth: Growth, sources: list[tuple[float, list[Lesson]]]) -> list[Plot]:
    """Return a plot for each style of lessons, in the order in which they come."""
    styles: dict[str, list[tuple[float, list[Lesson]]]] = defaultdict(list)
    for share, lessons in sources:
        for style in dict.fromkeys(map(_style, lessons)):
            styles[style].append((share, [one for one in lessons if _style(one) == style]))
    return [Plot(style, tabulate(found, growth.rows), growth) for style, found in styles.items()]


def grow(plots: list[Plot], folder: Path, told: Callable[[float], None]) -> list[Forest]:
    """Return a forest for music without a style, then one for each style that has a plot.

    Of what its own plot does not tell, a style hears what is said without one. Stands that an
    earlier run kept in the folder are as they were.
    """
    forests = {"": Forest("", [bare(0.0)] * PARAMETERS, np.zeros(PARAMETERS))}
    for turn, plot in enumerate(plots):
        stands = []
        for number in range(PARAMETERS):
            told((turn + number / PARAMETERS) / len(plots))
            stands.append(_kept(folder, plot, number))
        known = (plot.table.weight > 0).sum(axis=0) >= LEAST_ROWS
        forests[plot.style] = Forest(plot.style, stands, np.where(known, plot.growth.share, 0.0))
    plain = forests[""]
    return [plain, *(_filled(forest, plain) for style, forest in forests.items() if style)]


def grow_stand(table: Table, number: int, growth: Growth) -> Stand:
    """Return the trees of one parameter; the pedal's say log odds."""
    counts = table.weight[:, number] > 0
    seen, done = table.seen[counts], table.target[counts, number]
    weight = table.weight[counts, number]
    if len(done) < LEAST_ROWS or not growth.share[number]:
        return bare(0.0)
    options = {
        "max_iter": growth.trees,
        "learning_rate": growth.rate,
        "max_leaf_nodes": growth.leaves,
        "min_samples_leaf": min(growth.least, len(done) // 20),
        "l2_regularization": 20.0,
        "max_features": 0.3,
        "early_stopping": False,
        "random_state": 0,
    }
    if number < len(UNITS):
        return stand_of(HistGradientBoostingRegressor(**options).fit(seen, done, weight))
    is_so = done > 0.5
    if is_so.all() or not is_so.any():
        return bare(10.0 if is_so.any() else -10.0)
    return stand_of(HistGradientBoostingClassifier(**options).fit(seen, is_so, weight))


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


def _style(lesson: Lesson) -> str:
    """Return the style that a lesson tells of, or nothing."""
    told = np.flatnonzero(lesson.said[0, -len(STYLES) :])
    return STYLES[told[0]] if len(told) else ""


def _kept(folder: Path, plot: Plot, number: int) -> Stand:
    """Return the stand of a plot and a parameter, grown if none is kept that grew on the same."""
    manner = plot.growth._replace(share=(float(plot.growth.share[number] > 0),))
    ground = (repr(manner).encode(), *(array.tobytes() for array in plot.table))
    name = f"stand-{plot.style or 'plain'}-{number}-{crc32(b''.join(ground)):08x}.npz"
    path = folder / name
    if not path.is_file():
        keep_stand(grow_stand(plot.table, number, plot.growth), path)
    return kept_stand(path)


def _filled(forest: Forest, plain: Forest) -> Forest:
    """Return a forest that says what `plain` does where it counts for nothing."""
    pairs = zip(forest.share, forest.stands, plain.stands, strict=True)
    stands = [own if share else other for share, own, other in pairs]
    share = np.where(forest.share > 0, forest.share, plain.share)
    return Forest(forest.style, stands, share)
