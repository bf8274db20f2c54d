"""Trees in a file of weights say what they say outside, to who asks for their style."""

from pathlib import Path

import numpy as np
import pytest

from engines.performance.interpreter import PARAMETERS, STYLES
from engines.performance.network import Network
from engines.training.export import export
from engines.training.forest import Forest, Growth, grow_stand
from engines.training.graft import graft
from engines.training.lesson import Lesson
from engines.training.stand import bare
from engines.training.table import seen_by_trees, tabulate
from tests.training import drill
from tests.training.packs import write_pack
from tests.training.test_export import player

SHARES = {"": (0.0, 0.25, 1.0, 1.0, 0.5, 1.0), "pop": (0.5,) * 6, "line": (1.0, 0.75, 0.5, 0, 0, 0)}
Page = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@pytest.fixture(scope="module")
def lesson(tmp_path_factory: pytest.TempPathFactory) -> Lesson:
    return drill.lessons(write_pack(tmp_path_factory.mktemp("pack"), pieces=1, people=1))[0]


def page(lesson: Lesson, told: str = "", given: float = 0.0) -> Page:
    """Return what a file is asked about a lesson, of one style, parts of it given or not."""
    said = np.zeros(lesson.said.shape, dtype=np.float32)
    if told:
        said[:, -len(STYLES) + STYLES.index(told)] = 1.0
    known = np.zeros((len(lesson.beats), 2 * PARAMETERS), dtype=np.float32)
    known[:, PARAMETERS:] = given
    return lesson.view.astype(np.float32), said, known, lesson.beats


@pytest.fixture(scope="module")
def forests(lesson: Lesson) -> list[Forest]:
    """Return forests that differ in what they learned and in what they count."""
    growth = Growth(("pack",), 600, trees=12, leaves=6, rate=0.3, least=10, share=(1.0,) * 6)
    table = tabulate([(1.0, [lesson])], 600)
    found = []
    for number, (style, share) in enumerate(SHARES.items()):
        own = table._replace(target=table.target + number)
        stands = [grow_stand(own, parameter, growth) for parameter in range(PARAMETERS)]
        found.append(Forest(style, stands, np.array(share)))
    return found


@pytest.mark.parametrize(("told", "asked"), [("", 0), ("pop", 1), ("line", 2), ("strings", 0)])
def test_the_trees_of_a_style_bend_the_means_by_their_share(
    told: str, asked: int, forests: list[Forest], lesson: Lesson, tmp_path: Path
) -> None:
    path, asks = tmp_path / "player.onnx", page(lesson, told)
    export(player(1), path, {})
    read, scatter = Network(path).run(*asks)
    graft(path, forests)
    bent, after = Network(path).run(*asks)
    seen = seen_by_trees(lesson._replace(said=asks[1]))
    trees = np.stack([stand.says(seen) for stand in forests[asked].stands], axis=1)
    assert bent == pytest.approx(read + forests[asked].share * (trees - read), abs=1e-3)
    assert (scatter == after).all()


def test_trees_count_less_where_a_part_is_given(
    forests: list[Forest], lesson: Lesson, tmp_path: Path
) -> None:
    path, asks = tmp_path / "player.onnx", page(lesson, given=1.0)
    export(player(1), path, {})
    read, _ = Network(path).run(*asks)
    graft(path, forests)
    assert Network(path).run(*asks)[0] == pytest.approx(read, abs=1e-6)


def test_a_forest_without_a_tree_can_be_grafted(lesson: Lesson, tmp_path: Path) -> None:
    path = tmp_path / "player.onnx"
    export(player(1), path, {})
    graft(path, [Forest("", [bare(3.0)] * PARAMETERS, np.ones(PARAMETERS))])
    assert (Network(path).run(*page(lesson))[0] == 3.0).all()
