"""Choose the recordings of a pack that are judged, and those that are learned from."""

import csv
from collections import defaultdict
from pathlib import Path

from engines.error import EngineError
from engines.training.evaluation.case import Case
from engines.training.recording import read_recording

COLUMNS = ("file", "composer", "piece", "performance", "split", "robust", "paper23")
"""What a pack's metadata.csv must say."""

LESSONS = 400
"""The ladder learns from about so many recordings, as many of each piece: more cost time only."""

Row = dict[str, str]


def judged(folder: Path, limit: int | None = None) -> list[Case]:
    """Return the recordings that are judged, at most `limit`, from as many pieces as can be.

    They are those of the published test set; in a pack that has none of it, those of the split
    "test"; in a pack without such a split, all.

    Raises:
        EngineError: the folder is no pack, or there is nothing in it.
    """
    rows = read_rows(folder)
    chosen = (
        [row for row in rows if row["paper23"] == "1"]
        or [row for row in rows if row["split"] == "test"]
        or rows
    )
    return _cases(folder, _spread(chosen)[:limit])


def lessons(
    folder: Path, limit: int | None = None, besides: list[Case] | None = None
) -> list[Case]:
    """Return recordings of the split "train", about 400 or at most `limit`, of each piece alike.

    Args:
        folder: a pack.
        limit: at most so many recordings.
        besides: recordings that are judged: no other recording of their pieces is learned from.

    Raises:
        EngineError: the folder is no pack, or nothing is left to learn from.
    """
    known = {case.recording.piece for case in besides or []}
    rows = [row for row in read_rows(folder) if row["split"] == "train"]
    by_piece: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if piece_of(row) not in known:
            by_piece[piece_of(row)].append(row)
    of_each = max(LESSONS // max(len(by_piece), 1), 1)
    chosen = [row for piece in by_piece.values() for row in _some(piece, of_each)]
    if not chosen:
        raise EngineError(
            f"{folder} has no recordings to learn from, allowed are folders whose metadata.csv has"
            ' rows with split "train" of pieces that are not judged'
        )
    return _cases(folder, _spread(chosen)[:limit])


def read_rows(folder: Path) -> list[Row]:
    """Return the rows of a pack's metadata.csv.

    Raises:
        EngineError: it is not there, lacks a column or has no rows.
    """
    path = folder / "metadata.csv"
    if not path.is_file():
        raise EngineError(
            f"{folder} is no folder of recordings, allowed are folders with a metadata.csv and the"
            " note arrays that it names"
        )
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise EngineError(
                f"{path} lacks the column {missing[0]!r}, needed are {', '.join(COLUMNS)}"
            )
        rows = list(reader)
    if not rows:
        raise EngineError(f"{path} lists no recordings")
    return rows


def piece_of(row: Row) -> str:
    """Return the name of a row's piece, as `Recording.piece` has it."""
    return f"{row['composer']}/{row['piece'].split('/')[-1]}"


def _cases(folder: Path, rows: list[Row]) -> list[Case]:
    cases = []
    for row in rows:
        path = folder / row["file"]
        try:
            cases.append(Case(read_recording(path, row)))
        except (OSError, KeyError, ValueError, EngineError) as error:
            raise EngineError(f"{path} cannot be read as a recording: {error}") from error
    return cases


def _spread(rows: list[Row]) -> list[Row]:
    """Return the first recording of each piece, then the second of each, and so on."""
    turns: dict[str, int] = defaultdict(int)
    order = []
    for row in rows:
        order.append(turns[piece_of(row)])
        turns[piece_of(row)] += 1
    by_turn = sorted(zip(order, range(len(rows)), strict=True))
    return [rows[index] for _, index in by_turn]


def _some(piece: list[Row], count: int) -> list[Row]:
    """Return so many recordings of a piece, from all over the list."""
    return piece[:: max(len(piece) // count, 1)][:count]
