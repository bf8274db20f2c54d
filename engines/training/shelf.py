"""Keep lessons that were read, for they take minutes to read.

Letters: L lessons, N notes of all of them.
"""

import json
from pathlib import Path

import numpy as np

from engines.performance.view import COLUMNS
from engines.training.lesson import Lesson

ARRAYS = ("view", "said", "beats", "target", "weight")
"""What a lesson has a row of for each note."""


def keep(lessons: list[Lesson], path: Path) -> None:
    """Write lessons to a file of plain arrays; a kill leaves no half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.concatenate([getattr(one, name) for one in lessons]) for name in ARRAYS}
    arrays["ends"] = np.cumsum([len(one.beats) for one in lessons])
    arrays["pieces"] = np.array(json.dumps([one.piece for one in lessons]))
    arrays["columns"] = np.array(json.dumps(list(COLUMNS)))
    new = path.with_suffix(".new.npz")
    np.savez(new, allow_pickle=False, **arrays)
    new.replace(path)


def take(path: Path) -> list[Lesson] | None:
    """Return the lessons of a file, or None if there is none, or it is of another view."""
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as file:
        if json.loads(str(file["columns"])) != list(COLUMNS):
            return None
        arrays = [np.split(file[name], file["ends"][:-1]) for name in ARRAYS]
        pieces = json.loads(str(file["pieces"]))
    return [Lesson(piece, *parts) for piece, *parts in zip(pieces, *arrays, strict=True)]
