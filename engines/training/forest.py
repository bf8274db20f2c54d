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
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from engines.performance.interpreter import PARAMETERS, STYLES, UNITS
from engines.training.lesson import Lesson
from engines.training.stand import Stand, bare, keep_stand, kept_stand, stand_of
from engines.training.table import Table, tabulate

LEAST_ROWS = 40
"""From fewer rows nothing is learned but their mean."""


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


def plots(growth: Growth, sources: list[tuple[float, list[Lesson]]]) -> list[Plot]:
    """Return a plot for each style of lessons, in the order in which they come."""
    styles: dict[str, list[tuple[float, list[Lesson]]]] = defaultdict(list)
    for share, lessons in sources:
        for style in dict.fromkeys(map(_style, lessons)):
            styles[style].append((share, [one for one in lessons if _style(one) == style]))
    return [Plot(style, tabulate(found, growth.rows), growth) for style, found in styles.items()]


def grow(grounds: list[Plot], folder: Path, told: Callable[[float], None]) -> list[Forest]:
    """Return a forest for music without a style, then one for each style that has a plot.

    Of what its own plot does not tell, a style hears what is said without one. Stands that an
    earlier run kept in the folder are as they were.
    """
    plain, styled = Forest("", [bare(0.0)] * PARAMETERS, np.zeros(PARAMETERS)), []
    for turn, plot in enumerate(grounds):
        stands = []
        for number in range(PARAMETERS):
            told((turn + number / PARAMETERS) / len(grounds))
            stands.append(_kept(folder, plot, number))
        known = _known(plot.table)
        forest = Forest(plot.style, stands, np.where(known, plot.growth.share, 0.0))
        if plot.style:
            styled.append((forest, known))
        else:
            plain = forest
    return [plain, *(_filled(forest, known, plain) for forest, known in styled)]


def grow_stand(table: Table, number: int, growth: Growth) -> Stand:
    """Return the trees of one parameter; the pedal's say log odds."""
    if not _known(table)[number] or not growth.share[number]:
        return bare(0.0)
    counts = table.weight[:, number] > 0
    seen, done = table.seen[counts], table.target[counts, number]
    weight = table.weight[counts, number]
    wanted = {name: getattr(growth, name) for name in ("trees", "leaves", "rate", "least")}
    options = boosting(len(done), **wanted)
    if number < len(UNITS):
        return stand_of(HistGradientBoostingRegressor(**options).fit(seen, done, weight))
    is_so = done > 0.5
    if is_so.all() or not is_so.any():
        return bare(10.0 if is_so.any() else -10.0)
    return stand_of(HistGradientBoostingClassifier(**options).fit(seen, is_so, weight))


def boosting(rows: int, *, trees: int, leaves: int, rate: float, least: int) -> dict[str, Any]:
    """Return how scikit-learn shall boost trees on so many rows, see `Growth` for the others."""
    return {
        "max_iter": trees,
        "max_leaf_nodes": leaves,
        "learning_rate": rate,
        "min_samples_leaf": min(least, rows // 20),
        "l2_regularization": 20.0,
        "max_features": 0.3,
        "early_stopping": False,
        "random_state": 0,
    }


def _known(table: Table) -> np.ndarray:
    """Return whether enough rows tell of each parameter, (D,)."""
    return np.asarray((table.weight > 0).sum(axis=0) >= LEAST_ROWS)


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


def _filled(forest: Forest, known: np.ndarray, plain: Forest) -> Forest:
    """Return a forest that says what `plain` does of the parameters that are not known, (D,)."""
    pairs = zip(known, forest.stands, plain.stands, strict=True)
    stands = [own if is_known else other for is_known, own, other in pairs]
    return Forest(forest.style, stands, np.where(known, forest.share, plain.share))
