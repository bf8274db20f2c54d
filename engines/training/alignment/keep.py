"""Keep aligned recordings as a pack: a folder of arrays with a metadata.csv."""

import csv
from pathlib import Path

import numpy as np

from engines.error import EngineError
from engines.training.alignment.arrays import Arrays, match_share
from engines.training.draft import drafted
from engines.training.evaluation.pack import COLUMNS, read_rows

Row = dict[str, str]

METADATA = "metadata.csv"

COUNTS = ("notes", "missed_notes", "extra_notes", "seconds")
"""What a new metadata.csv says beside what a pack must say."""

ROBUST = 0.9
"""Recordings with a smaller share of matched notes are marked as doubtful."""


def keep(arrays: Arrays, path: Path, facts: Row, *, overwrite: bool = False) -> Row:
    """Write a recording and its row in the metadata.csv beside it; return the row.

    A row that names the same file is replaced; columns that are not known stay empty.

    Args:
        arrays: as `aligned_arrays` has them.
        path: where to, a name that ends in .npz.
        facts: composer, piece, performance and split.
        overwrite: whether a file may be replaced.

    Raises:
        EngineError: the name is of another kind or taken, the metadata.csv is not that of a pack,
            or the system refuses.
    """
    if path.suffix != ".npz":
        raise EngineError(f"{path} is no name for a recording, allowed are names ending in .npz")
    if path.exists() and not overwrite:
        raise EngineError(f"{path} is there already, allowed is a new name")
    row = {"file": path.name, **facts, **_counted(arrays)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        names, rows = _known(path.parent)
        rows = [one for one in rows if one["file"] != path.name]
        with drafted(path) as draft:
            np.savez_compressed(draft, **arrays)  # type: ignore[arg-type]
        with drafted(path.parent / METADATA) as draft:
            _list(draft, names, [*rows, row])
    except OSError as error:
        raise EngineError(f"{path} cannot be written: {error.strerror or error}") from error
    return row


def _counted(arrays: Arrays) -> Row:
    seconds = (arrays["perf_off"].max() - arrays["perf_on"].min()) / 960
    return {
        "robust": str(int(match_share(arrays) >= ROBUST)),
        "paper23": "0",
        "notes": str(len(arrays["pitch"])),
        "missed_notes": str(len(arrays["missed_pitch"])),
        "extra_notes": str(len(arrays["extra_pitch"])),
        "seconds": f"{seconds:.2f}",
    }


def _known(folder: Path) -> tuple[list[str], list[Row]]:
    """Return the columns and the rows of a folder's metadata.csv, or those of a new one."""
    path = folder / METADATA
    if not path.exists():
        return [*COLUMNS, *COUNTS], []
    rows = read_rows(folder)
    return list(rows[0]), rows


def _list(path: Path, names: list[str], rows: list[Row]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
