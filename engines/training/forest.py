"""Grow boosted trees for each parameter of a performance: the reader that is unlike all networks.

A forest is kept as plain arrays, so that it can be written into a file of weights, and so that a
run that is killed goes on after the last stand that was grown.

Letters: R rows to learn from, A columns, D parameters, T trees, K forks, J leaves.

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


class Stand(NamedTuple):
    """Be the trees of one parameter: `base` plus the value of one leaf of each tree.

    `root` (T,) is the fork where each tree begins. A fork looks at one `column`, (K,), counted from
    the end if it is below 0, and goes to `low` if it is at most `split`, (K,), else to `high`;
    these are (K,) numbers of forks, or below zero -1 minus the number of a leaf; `value` (J,) is
    what the leaves say.
    """

    base: np.ndarray
    root: np.ndarray
    column: np.ndarray
    split: np.ndarray
    low: np.ndarray
    high: np.ndarray
    value: np.ndarray

    def says(self, seen: np.ndarray) -> np.ndarray:
        """Return the parameter's mean, or log odds, for each row: (R,) of (R, A)."""
        rows = np.arange(len(seen))[:, None]
        at = np.tile(self.root, (len(seen), 1))
        while (forks := at >= 0).any():
            fork = np.where(forks, at, 0)
            is_low = seen[rows, self.column[fork]] <= self.split[fork]
            at = np.where(forks, np.where(is_low, self.low[fork], self.high[fork]), at)
        return np.asarray(self.base + self.value[-1 - at].sum(axis=1))


class Plot(NamedTuple):
    """Be where trees of one style grow, "" for none: what they learn from, and how."""

    style: str
    table: Table
    growth: Growth


def plots(growth: Growth, sources: list[tuple[float, list[Lesson]]]) -> list[Plot]:
    """Return a plot for each style of lessons, in the order in which they come."""
    styles: dict[str, list[tuple[float, list[Lesson]]]] = defaultdict(list)
    for share, lessons in sources:
        for style in dict.fromkeys(map(_style, lessons)):
            styles[style].append((share, [one for one in lessons if _style(one) == style]))
    return [Plot(style, tabulate(found, growth.rows), growth) for style, found in styles.items()]


def grow(plots: list[Plot], folder: Path, told: Callable[[float], None]) -> list[Stand]:
    """Return a stand for each parameter, in which a note hears the trees of its style.

    Where its style has none, those of no style are heard. Stands that an earlier run kept in the
    folder are as they were.
    """
    grown: list[list[tuple[str, Stand]]] = [[] for _ in range(PARAMETERS)]
    for turn, plot in enumerate(plots):
        for number in range(PARAMETERS):
            told((turn + number / PARAMETERS) / len(plots))
            stand = _kept(folder, plot, number)
            if len(stand.root) or stand.base:
                grown[number].append((plot.style, stand))
    return [_heard_apart(stands) for stands in grown]


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
        return _stand(HistGradientBoostingRegressor(**options).fit(seen, done, weight))
    is_so = done > 0.5
    if is_so.all() or not is_so.any():
        return bare(10.0 if is_so.any() else -10.0)
    return _stand(HistGradientBoostingClassifier(**options).fit(seen, is_so, weight))


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
    ground = (repr(plot.growth).encode(), *(array.tobytes() for array in plot.table))
    name = f"stand-{plot.style or 'plain'}-{number}-{crc32(b''.join(ground)):08x}.npz"
    path = folder / name
    if not path.is_file():
        _keep(grow_stand(plot.table, number, plot.growth), path)
    with np.load(path, allow_pickle=False) as file:
        return Stand(*(file[name] for name in Stand._fields))


def _heard_apart(stands: list[tuple[str, Stand]]) -> Stand:
    """Return one stand of which each note hears the trees of its style, else those of none."""
    styles = [style for style, _ in stands if style]
    apart = []
    for style, grown in stands:
        stand = grown
        for other in [style] if style else styles:
            stand = gated(stand, STYLES.index(other) - len(STYLES), is_told=bool(style))
        apart.append(stand)
    return joined(apart)


def gated(stand: Stand, column: int, *, is_told: bool) -> Stand:
    """Return a stand that says 0 where a column is not told, or if not `is_told` where it is.

    Args:
        stand: the trees.
        column: of what is seen, 0 or 1; counted from the end, below 0.
        is_told: which of both lets the trees speak.
    """
    trees, nothing, base = len(stand.root), -1 - len(stand.value), -2 - len(stand.value)
    into, past = np.append(stand.root, base), np.full(trees + 1, nothing)
    return Stand(
        base=np.zeros((), dtype=np.float32),
        root=len(stand.column) + np.arange(trees + 1),
        column=np.append(stand.column, np.full(trees + 1, column)),
        split=np.append(stand.split, np.full(trees + 1, 0.5)).astype(np.float32),
        low=np.append(stand.low, past if is_told else into),
        high=np.append(stand.high, into if is_told else past),
        value=np.append(stand.value, [0.0, stand.base]).astype(np.float32),
    )


def joined(stands: list[Stand]) -> Stand:
    """Return one stand that says the sum of what several say."""
    forks = leaves = 0
    parts = [bare(0.0)]
    for stand in stands:
        root, low, high = (
            np.where(to < 0, to - leaves, to + forks) for to in (stand.root, stand.low, stand.high)
        )
        parts.append(stand._replace(root=root, low=low, high=high))
        forks, leaves = forks + len(stand.column), leaves + len(stand.value)
    base, *arrays = zip(*parts, strict=True)
    return Stand(np.array(sum(base), dtype=np.float32), *(np.concatenate(each) for each in arrays))


def bare(base: float) -> Stand:
    """Return a stand without a tree, which always says the same."""
    whole = np.zeros(0, dtype=np.int64)
    real = np.zeros(0, dtype=np.float32)
    return Stand(np.array(base, dtype=np.float32), whole, whole, real, whole, whole, real)


def _stand(grown: HistGradientBoostingRegressor | HistGradientBoostingClassifier) -> Stand:
    """Return the arrays of what scikit-learn has grown."""
    # scikit-learn has no public way to its trees
    base = float(np.ravel(grown._baseline_prediction)[0])  # noqa: SLF001
    trees = [predictor.nodes for (predictor,) in grown._predictors]  # noqa: SLF001
    base += sum(float(nodes["value"][0]) for nodes in trees if nodes["is_leaf"][0])
    trees = [nodes for nodes in trees if not nodes["is_leaf"][0]]
    if not trees:
        return bare(base)
    forks = leaves = 0
    roots, parts = [], []
    for nodes in trees:
        ends = nodes["is_leaf"].astype(bool)
        name = np.where(ends, -np.cumsum(ends) - leaves, np.cumsum(~ends) - 1 + forks)
        fork = nodes[~ends]
        roots.append(forks)
        parts.append(
            (
                fork["feature_idx"].astype(np.int64),
                fork["num_threshold"].astype(np.float32),
                name[fork["left"]].astype(np.int64),
                name[fork["right"]].astype(np.int64),
                nodes["value"][ends].astype(np.float32),
            )
        )
        forks, leaves = forks + len(fork), leaves + int(ends.sum())
    arrays = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Stand(np.array(base, dtype=np.float32), np.array(roots, dtype=np.int64), *arrays)


def _keep(stand: Stand, path: Path) -> None:
    """Write a stand; a kill leaves no half of it."""
    new = path.with_suffix(".new.npz")
    np.savez(new, allow_pickle=False, **stand._asdict())
    new.replace(path)
