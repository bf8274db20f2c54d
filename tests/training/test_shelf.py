"""Lessons that are kept."""

import json
from pathlib import Path

import numpy as np
import pytest

from engines.performance.interpreter import PARAMETERS
from engines.performance.view import COLUMNS
from engines.training.lesson import Lesson
from engines.training.shelf import MAKING, keep, take


def lesson(piece: str, notes: int) -> Lesson:
    draw = np.random.default_rng(notes)
    return Lesson(
        piece=piece,
        view=draw.random((notes, len(COLUMNS))).astype(np.float16),
        said=draw.integers(0, 2, (notes, 19)).astype(np.uint8),
        beats=np.arange(notes, dtype=np.float32),
        target=draw.random((notes, PARAMETERS)).astype(np.float32),
        weight=np.ones((notes, PARAMETERS), np.float32),
    )


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """Return a pack of one recording."""
    folder = tmp_path / "pack"
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "recording.npz").write_bytes(b"notes")
    return folder


@pytest.fixture
def shelf(tmp_path: Path, pack: Path) -> Path:
    """Return the file that the pack's one lesson is kept in."""
    path = tmp_path / "shelf" / "pack.npz"
    keep([lesson("a", 3)], path, pack)
    return path


def rewrite(path: Path, **changes: object) -> None:
    """Write a file of lessons again, with other facts about where they come from."""
    with np.load(path) as file:
        arrays = {name: file[name] for name in file.files}
    arrays["origin"] = np.array(json.dumps({**json.loads(str(arrays["origin"])), **changes}))
    np.savez(path, **arrays)


def test_lessons_come_back_to_the_bit_and_in_order(shelf: Path, pack: Path) -> None:
    lessons = [lesson("a", 3), lesson("b", 1), lesson("a", 7)]
    keep(lessons, shelf, pack)
    kept = take(shelf, pack)
    assert kept is not None
    assert [one.piece for one in kept] == ["a", "b", "a"]
    for one, other in zip(lessons, kept, strict=True):
        for array, same in zip(one[1:], other[1:], strict=True):
            assert (array.dtype, array.tobytes()) == (same.dtype, same.tobytes())


def test_one_lesson_comes_back(shelf: Path, pack: Path) -> None:
    kept = take(shelf, pack)
    assert kept is not None
    assert len(kept) == 1


def test_nothing_but_the_shelf_is_left_behind(shelf: Path) -> None:
    assert [path.name for path in shelf.parent.iterdir()] == ["pack.npz"]


def test_an_empty_place_holds_nothing(tmp_path: Path, pack: Path) -> None:
    assert take(tmp_path / "pack.npz", pack) is None


@pytest.mark.parametrize("change", [{"columns": ["pitch"]}, {"making": MAKING - 1}])
def test_lessons_that_were_made_otherwise_are_not_taken(
    shelf: Path, pack: Path, change: dict[str, object]
) -> None:
    rewrite(shelf, **change)
    assert take(shelf, pack) is None


@pytest.mark.parametrize("name", ["deep/recording.npz", "deep/another.npz"])
def test_lessons_of_a_pack_that_has_changed_since_are_not_taken(
    shelf: Path, pack: Path, name: str
) -> None:
    (pack / name).write_bytes(b"other notes")
    assert take(shelf, pack) is None


def test_a_shelf_that_does_not_say_where_it_comes_from_is_not_taken(
    shelf: Path, pack: Path
) -> None:
    with np.load(shelf) as file:
        arrays = {name: file[name] for name in file.files if name != "origin"}
    np.savez(shelf, **arrays)
    assert take(shelf, pack) is None
