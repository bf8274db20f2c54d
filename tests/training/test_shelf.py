"""Lessons that are kept."""

import json
from pathlib import Path

import numpy as np

from engines.performance.interpreter import PARAMETERS
from engines.performance.view import COLUMNS
from engines.training.lesson import Lesson
from engines.training.shelf import keep, take


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


def test_lessons_come_back_to_the_bit_and_in_order(tmp_path: Path) -> None:
    lessons = [lesson("a", 3), lesson("b", 1), lesson("a", 7)]
    keep(lessons, tmp_path / "shelf" / "pack.npz")
    kept = take(tmp_path / "shelf" / "pack.npz")
    assert kept is not None
    assert [one.piece for one in kept] == ["a", "b", "a"]
    for one, other in zip(lessons, kept, strict=True):
        for array, same in zip(one[1:], other[1:], strict=True):
            assert (array.dtype, array.tobytes()) == (same.dtype, same.tobytes())


def test_one_lesson_comes_back(tmp_path: Path) -> None:
    keep([lesson("a", 3)], tmp_path / "pack.npz")
    kept = take(tmp_path / "pack.npz")
    assert kept is not None
    assert len(kept) == 1


def test_nothing_but_the_shelf_is_left_behind(tmp_path: Path) -> None:
    keep([lesson("a", 3)], tmp_path / "pack.npz")
    assert [path.name for path in tmp_path.iterdir()] == ["pack.npz"]


def test_an_empty_place_holds_nothing(tmp_path: Path) -> None:
    assert take(tmp_path / "pack.npz") is None


def test_lessons_of_another_view_are_not_taken(tmp_path: Path) -> None:
    keep([lesson("a", 3)], tmp_path / "pack.npz")
    with np.load(tmp_path / "pack.npz") as file:
        arrays = {name: file[name] for name in file.files}
    arrays["columns"] = np.array(json.dumps(["pitch"]))
    np.savez(tmp_path / "pack.npz", **arrays)
    assert take(tmp_path / "pack.npz") is None
