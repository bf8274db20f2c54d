"""Trees learn what they are shown, are kept, and say the same in a file of weights."""

from pathlib import Path

import numpy as np
import pytest

from engines.performance.interpreter import STYLES
from engines.performance.network import Network
from engines.performance.view import MARKS
from engines.training.export import export
from engines.training.forest import (
    Forest,
    Growth,
    Plot,
    Table,
    grow,
    grow_stand,
    plots,
    seen_by_trees,
    tabulate,
)
from engines.training.graft import graft
from engines.training.lesson import Lesson
from engines.training.shrink import shrink
from engines.training.stand import bare
from tests.training import drill
from tests.training.packs import write_pack
from tests.training.test_export import player

GROWTH = Growth(
    ("pack",), 600, trees=12, leaves=6, rate=0.3, least=10, share=(0.0, 0.25, 1.0, 1.0, 1.0, 1.0)
)


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> list[Lesson]:
    return drill.lessons(write_pack(tmp_path_factory.mktemp("pack"), pieces=2, people=2))


@pytest.fixture(scope="module")
def forests(lessons: list[Lesson], tmp_path_factory: pytest.TempPathFactory) -> list[Forest]:
    kept = tmp_path_factory.mktemp("stands")
    return grow(plots(GROWTH, [(1.0, lessons)]), kept, lambda _share: None)


def stairs() -> Table:
    """Return rows of one column whose steps at 0.3 and 0.7 are the target."""
    seen = np.random.default_rng(0).random((900, 1)).astype(np.float32)
    step = (seen > 0.3).astype(np.float32) + (seen > 0.7)
    return Table(seen, np.repeat(step, 6, axis=1), np.ones((900, 6), dtype=np.float32))


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
    wide = [
        np.hstack([table.seen, np.zeros((900, len(STYLES)), dtype=np.float32)])
        for table in (plain, line)
    ]
    wide[1][:, 1 + STYLES.index("line")] = 1.0
    line = Table(wide[1], 10.0 + line.target, line.weight)
    line.weight[:, 3] = 0.0  # articulation is what those of no style say
    both = [
        Plot("", Table(wide[0], plain.target, plain.weight), GROWTH),
        Plot("line", line, GROWTH),
    ]
    forests = grow(both, tmp_path, lambda _share: None)
    assert [forest.style for forest in forests] == ["", "line"]
    middle = np.full((1, 1 + len(STYLES)), 0.5, dtype=np.float32)
    said = np.stack([forest.says(middle)[0] for forest in forests], axis=1)
    assert said[2] == pytest.approx([1.0, 11.0], abs=0.1)
    assert said[3] == pytest.approx([1.0, 1.0], abs=0.1)


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


def test_a_forest_without_a_tree_can_be_grafted(lessons: list[Lesson], tmp_path: Path) -> None:
    path, lesson = tmp_path / "player.onnx", lessons[0]
    export(player(1), path, {})
    graft(path, [Forest("", [bare(3.0)] * 6, np.ones(6))])
    known = np.zeros((len(lesson.beats), 12), dtype=np.float32)
    page = (lesson.view.astype(np.float32), lesson.said.astype(np.float32), known, lesson.beats)
    assert (Network(path).run(*page)[0] == 3.0).all()


def test_a_table_hides_the_marks_of_half_the_notes(lessons: list[Lesson]) -> None:
    marked = [one._replace(said=np.ones_like(one.said)) for one in lessons]
    seen = tabulate([(1.0, marked)], 700).seen
    width = lessons[0].said.shape[1]
    staff = seen[:, seen.shape[1] - width + MARKS]
    assert 0.4 < staff.mean() < 0.6  # of 700 notes, five standard errors of 0.019


def test_grafted_trees_bend_the_means_by_their_share(
    forests: list[Forest], lessons: list[Lesson], tmp_path: Path
) -> None:
    path = tmp_path / "player.onnx"
    export(player(1), path, {})
    lesson = lessons[0]
    page = (
        lesson.view.astype(np.float32),
        lesson.said.astype(np.float32),
        np.zeros((len(lesson.beats), 12), dtype=np.float32),
        lesson.beats,
    )
    read, scatter = Network(path).run(*page)
    graft(path, forests)
    bent, after = Network(path).run(*page)
    trees = forests[0].says(seen_by_trees(lesson))
    assert bent == pytest.approx(read + np.array(GROWTH.share) * (trees - read), abs=1e-4)
    assert (scatter == after).all()


@pytest.mark.parametrize("told", ["pop", "line", "strings", ""])
def test_a_file_asks_the_trees_of_its_style_and_else_the_plain(
    told: str, lessons: list[Lesson], tmp_path: Path
) -> None:
    path, lesson = tmp_path / "player.onnx", lessons[0]
    export(player(1), path, {})
    says = {"": 1.0, "pop": 2.0, "line": 3.0}
    graft(path, [Forest(style, [bare(base)] * 6, np.ones(6)) for style, base in says.items()])
    said = np.zeros(lesson.said.shape, dtype=np.float32)
    if told:
        said[:, -len(STYLES) + STYLES.index(told)] = 1.0
    known = np.zeros((len(lesson.beats), 12), dtype=np.float32)
    mean, _ = Network(path).run(lesson.view.astype(np.float32), said, known, lesson.beats)
    assert mean == pytest.approx(np.full(mean.shape, says.get(told, says[""])), abs=1e-5)


def test_trees_count_less_where_a_part_is_given(
    forests: list[Forest], lessons: list[Lesson], tmp_path: Path
) -> None:
    path = tmp_path / "player.onnx"
    export(player(1), path, {})
    lesson = lessons[0]
    known = np.zeros((len(lesson.beats), 12), dtype=np.float32)
    known[:, 6:] = 1.0
    page = (lesson.view.astype(np.float32), lesson.said.astype(np.float32), known, lesson.beats)
    read, _ = Network(path).run(*page)
    graft(path, forests)
    assert Network(path).run(*page)[0] == pytest.approx(read, abs=1e-6)


def test_a_shrunk_file_says_nearly_the_same(lessons: list[Lesson], tmp_path: Path) -> None:
    path = tmp_path / "player.onnx"
    export(player(1), path, {})
    lesson, size = lessons[0], path.stat().st_size
    known = np.zeros((len(lesson.beats), 12), dtype=np.float32)
    page = (lesson.view.astype(np.float32), lesson.said.astype(np.float32), known, lesson.beats)
    whole, _ = Network(path).run(*page)
    shrink(path)
    assert path.stat().st_size < 0.75 * size  # a small player has many small arrays
    assert Network(path).run(*page)[0] == pytest.approx(whole, abs=2e-2)
