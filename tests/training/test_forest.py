"""Trees learn what they are shown, are kept, and say the same in a file of weights."""

from pathlib import Path

import numpy as np
import pytest

from engines.training.forest import (
    Forest,
    Growth,
    Plot,
    grow,
    grow_stand,
)
from engines.training.table import Table

GROWTH = Growth(
    ("pack",), 600, trees=12, leaves=6, rate=0.3, least=10, share=(0.0, 0.25, 1.0, 1.0, 1.0, 1.0)
)


def stairs() -> Table:
    """Return rows of one column whose steps at 0.3 and 0.7 are the target."""
    seen = np.random.default_rng(0).random((900, 1)).astype(np.float32)
    step = (seen > 0.3).astype(np.float32) + (seen > 0.7)
    return Table(seen, np.repeat(step, 6, axis=1), np.ones((900, 6), dtype=np.float32))


def said_by(forests: list[Forest], seen: list[list[float]]) -> np.ndarray:
    """Return what forests say: (forest, R, D)."""
    rows = np.array(seen, dtype=np.float32)
    return np.stack([np.stack([one.says(rows) for one in each.stands], 1) for each in forests])


def test_a_stand_says_what_it_was_shown() -> None:
    stand = grow_stand(stairs(), 2, GROWTH)
    said = stand.says(np.array([[0.1], [0.5], [0.9]], dtype=np.float32))
    assert said == pytest.approx([0.0, 1.0, 2.0], abs=0.1)


def test_of_the_pedal_a_stand_says_log_odds() -> None:
    below, above = grow_stand(stairs(), 4, GROWTH).says(np.array([[0.1], [0.9]], dtype=np.float32))
    assert below < -2.0 < 2.0 < above


@pytest.mark.parametrize("unknown", ["nothing counts", "all is one"])
def test_what_teaches_nothing_grows_no_trees(unknown: str) -> None:
    table = stairs()
    if unknown == "nothing counts":
        table.weight[:] = 0.0
    table.target[:] = 1.0
    assert not len(grow_stand(table, 5, GROWTH).root)


def test_a_parameter_without_a_share_grows_no_trees() -> None:
    assert not len(grow_stand(stairs(), 0, GROWTH).root)


def test_each_style_hears_its_own_trees(tmp_path: Path) -> None:
    plain, line = stairs(), stairs()
    line.target[:] += 10.0
    line.weight[:, 3] = 0.0  # articulation is what those of no style say
    grounds = [Plot("", plain, GROWTH), Plot("line", line, GROWTH._replace(share=(0.5,) * 6))]
    forests = grow(grounds, tmp_path, lambda _share: None)
    assert [forest.style for forest in forests] == ["", "line"]
    said = said_by(forests, [[0.5]])
    assert said[:, 0, 2] == pytest.approx([1.0, 11.0], abs=0.1)
    assert said[:, 0, 3] == pytest.approx([1.0, 1.0], abs=0.1)
    shares = [forest.share.tolist() for forest in forests]
    # of articulation the style has none of its own, of velocity the plain trees have none
    assert shares == [list(GROWTH.share), [0.5, 0.5, 0.5, 1.0, 0.5, 0.5]]


def test_a_forest_goes_on_from_the_stands_that_were_kept(tmp_path: Path) -> None:
    told: list[float] = []
    (first,) = grow([Plot("", stairs(), GROWTH)], tmp_path, told.append)
    (kept,), (lost,) = (list(tmp_path.glob(f"stand-plain-{number}-*.npz")) for number in (1, 2))
    made = kept.stat().st_mtime_ns
    lost.unlink()
    (again,) = grow([Plot("", stairs(), GROWTH)], tmp_path, told.append)
    assert kept.stat().st_mtime_ns == made
    assert all(
        (a == b).all()
        for one, other in zip(first.stands, again.stands, strict=True)
        for a, b in zip(one, other, strict=True)
    )
    assert told[:6] == [0.0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6]


def test_stands_that_grew_on_something_else_are_not_taken_up(tmp_path: Path) -> None:
    grow([Plot("", stairs(), GROWTH)], tmp_path, lambda _share: None)
    other = stairs()
    other.target[:] += 1.0
    (forest,) = grow([Plot("", other, GROWTH)], tmp_path, lambda _share: None)
    assert forest.stands[2].says(np.array([[0.5]], dtype=np.float32)) == pytest.approx(
        [2.0], abs=0.1
    )


def test_a_pedal_that_is_always_down_is_said_without_trees(tmp_path: Path) -> None:
    table = stairs()
    table.target[:, 4] = 1.0
    (forest,) = grow([Plot("", table, GROWTH)], tmp_path, lambda _share: None)
    assert forest.stands[4].says(table.seen[:3]).tolist() == [10.0] * 3
