"""Keep lessons that were read, for they take minutes to read.

Letters: L lessons, N notes of all of them.
"""

import json
from pathlib import Path

import numpy as np

from engines.performance.view import COLUMNS
from engines.training.draft import drafted
from engines.training.lesson import Lesson

ARRAYS = ("view", "said", "beats", "target", "weight")
"""What a lesson has a row of for each note."""


MAKING = 2
"""Raise it whenever recordings are turned into lessons otherwise, so that all are read anew."""


def keep(lessons: list[Lesson], path: Path, pack: Path) -> None:
    """Write the lessons of a pack's folder to a file of plain arrays; a kill leaves no half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = {name: np.concatenate([getattr(one, name) for one in lessons]) for name in ARRAYS}
    arrays["ends"] = np.cumsum([len(one.beats) for one in lessons])
    arrays["pieces"] = np.array(json.dumps([one.piece for one in lessons]))
    arrays["origin"] = np.array(_origin(pack))
    with drafted(path) as draft:
        np.savez(draft, allow_pickle=False, **arrays)


def take(path: Path, pack: Path) -> list[Lesson] | None:
    """Return the lessons of a file, None if there is none or it is not of this pack as it is now.

    Nor are lessons taken that were made for another view, or otherwise than they are made today.
    """
    if not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as file:
        if "origin" not in file or str(file["origin"]) != _origin(pack):
            return None
        arrays = [np.split(file[name], file["ends"][:-1]) for name in ARRAYS]
        pieces = json.loads(str(file["pieces"]))
    return [Lesson(piece, *parts) for piece, *parts in zip(pieces, *arrays, strict=True)]


def _origin(pack: Path) -> str:
    """Return what lessons depend on: how they are made, what is seen, and the pack's files."""
    files = [path for path in pack.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files)
    return json.dumps({"making": MAKING, "columns": [*COLUMNS], "files": len(files), "bytes": size})
