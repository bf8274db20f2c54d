"""Which packs are learned from, and how their lessons are read."""

from pathlib import Path

import numpy as np
import pytest

from engines.error import EngineError
from engines.performance.view import COLUMNS
from engines.training.corpus import RECIPES, bin_edges, find_pack, read_lessons, usual_view
from tests.training import drill
from tests.training.packs import write_pack

NONCOMMERCIAL = {"asap_notes", "percepiano_competition"}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return packs of two pieces to judge and one to learn from, of two people each."""
    folder = tmp_path_factory.mktemp("data")
    for pack in ("vienna4x22", "noncommercial/asap_notes"):
        (folder / pack).mkdir(parents=True)
        write_pack(folder / pack, pieces=2, people=2, learned=1)
    return folder


def test_the_default_weights_learn_from_no_pack_that_forbids_a_use() -> None:
    assert not NONCOMMERCIAL & {source.pack for source in RECIPES["default"].sources}


@pytest.mark.parametrize("weights", RECIPES)
def test_the_shares_of_a_recipe_are_the_whole(weights: str) -> None:
    assert sum(source.share for source in RECIPES[weights].sources) == pytest.approx(1.0)


def test_a_pack_lies_in_its_own_folder_or_apart(data: Path) -> None:
    assert find_pack(data, "vienna4x22") == data / "vienna4x22"
    assert find_pack(data, "asap_notes") == data / "noncommercial" / "asap_notes"


def test_a_pack_that_is_not_there_is_named(data: Path) -> None:
    with pytest.raises(EngineError, match="holds no pack pop909, allowed is a folder of that name"):
        find_pack(data, "pop909")


def pieces(data: Path, weights: str, pack: str) -> set[str]:
    """Return the pieces that are learned from."""
    (source,) = (one for one in RECIPES[weights].sources if one.pack == pack)
    return {one.piece for one in read_lessons(data, source, workers=1)}


def test_pieces_to_judge_on_are_not_learned_from(data: Path) -> None:
    assert pieces(data, "research", "asap_notes") == {"Lot/piece2"}


def test_the_smallest_pack_is_learned_from_whole(data: Path) -> None:
    assert pieces(data, "default", "vienna4x22") == {f"Lot/piece{number}" for number in range(3)}


def test_no_more_lessons_are_read_than_asked_for(data: Path) -> None:
    assert len(read_lessons(data, RECIPES["default"].sources[0], limit=3, workers=1)) == 3


def test_bins_hold_about_as_many_notes_each(data: Path) -> None:
    lessons = drill.lessons(data / "vienna4x22") * 20
    edges = bin_edges(lessons, 4)
    assert edges.shape == (len(COLUMNS), 5)
    assert (np.diff(edges, axis=1) >= 0).all()
    pitch = np.concatenate([one.view[:, 0] for one in lessons])
    share = [float((pitch <= edge).mean()) for edge in edges[0, 1:4]]
    # a few pitches have many notes each
    assert share == pytest.approx([0.25, 0.5, 0.75], abs=0.15)


def test_the_usual_view_lies_between_the_outermost_edges(data: Path) -> None:
    lessons = drill.lessons(data / "vienna4x22")
    usual, edges = usual_view(lessons), bin_edges(lessons, 4)
    assert usual.shape == (len(COLUMNS),)
    assert ((usual >= edges[:, 0] - 1e-3) & (usual <= edges[:, -1] + 1e-3)).all()
