"""Choose the recordings of a pack that are judged, and those that are learned from."""

import csv
from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from engines.error import EngineError
from engines.training import pop909, weimar
from engines.training.corpus import LINE, TOUCH_AND_PEDAL
from engines.training.evaluation.case import Case
from engines.training.recording import read_recording

COLUMNS = ("file", "composer", "piece", "performance", "split", "robust", "paper23")
"""What a pack's metadata.csv must say."""

SONG_COLUMNS = ("song_id", "same_song_as", "split")
SOLO_COLUMNS = ("melody_file", "beat_file", "performer", "title", "split")
"""What the index.csv of POP909 and of the Weimar Jazz Database must say."""

LESSONS = 400
"""The ladder learns from about so many recordings, as many of each piece, and one of each at least:
more cost time only."""

Row = dict[str, str]


class Entry(NamedTuple):
    """Be a recording that may be chosen; `load` reads it, and finds None if it is of no use."""

    name: str
    piece: str
    split: str
    test_set: bool
    load: Callable[[], Case | None]


def judged(folder: Path, limit: int | None = None) -> list[Case]:
    """Return the recordings that are judged, at most `limit`, from as many pieces as can be.

    They are those of the published test set; in a pack that has none of it, those of the split
    "test"; in a pack without such a split, all.

    Raises:
        EngineError: the folder is no pack, or there is nothing in it.
    """
    entries = read_entries(folder)
    chosen = (
        [entry for entry in entries if entry.test_set]
        or [entry for entry in entries if entry.split == "test"]
        or entries
    )
    cases = _cases(chosen, limit)
    if not cases:
        raise EngineError(f"{folder} has no recordings that are of use")
    return cases


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
    by_piece: dict[str, list[Entry]] = defaultdict(list)
    for entry in read_entries(folder):
        if entry.split == "train" and entry.piece not in known:
            by_piece[entry.piece].append(entry)
    of_each = max(LESSONS // max(len(by_piece), 1), 1)
    cases = _cases([entry for piece in by_piece.values() for entry in _some(piece, of_each)], limit)
    if not cases:
        raise EngineError(
            f"{folder} has no recordings to learn from, allowed are folders whose metadata.csv or"
            ' index.csv has rows with split "train" of pieces that are not judged'
        )
    return cases


def read_entries(folder: Path) -> list[Entry]:
    """Return what a pack lists: note arrays by a metadata.csv, or the files of a known collection.

    Raises:
        EngineError: it is neither, or lists nothing.
    """
    index = folder / "index.csv"
    columns = _columns(index) if index.is_file() else set()
    for needed, entry in COLLECTIONS.items():
        if columns.issuperset(needed):
            return [entry(folder, row) for row in _rows(index, needed)]
    return [_of_arrays(folder, row) for row in read_rows(folder)]


def read_rows(folder: Path) -> list[Row]:
    """Return the rows of a pack's metadata.csv.

    Raises:
        EngineError: it is not there, lacks a column or has no rows.
    """
    path = folder / "metadata.csv"
    if not path.is_file():
        raise EngineError(
            f"{folder} is no folder of recordings, allowed are folders with a metadata.csv and the"
            " note arrays that it names, or the index.csv of POP909 or the Weimar Jazz Database"
        )
    return _rows(path, COLUMNS)


def piece_of(row: Row) -> str:
    """Return the name of a row's piece, as `Recording.piece` has it."""
    return f"{row['composer']}/{row['piece'].split('/')[-1]}"


def _of_arrays(folder: Path, row: Row) -> Entry:
    path = folder / row["file"]
    return Entry(
        name=str(path),
        piece=piece_of(row),
        split=row["split"],
        test_set=row["paper23"] == "1",
        load=lambda: Case(read_recording(path, row)),
    )


def _of_song(folder: Path, row: Row) -> Entry:
    def load() -> Case | None:
        song = pop909.usable_song(folder, row)
        if song is None:
            return None
        keys = song.recording._replace(clip=song.recording.clip.replace(role="keys"))
        return Case(keys, TOUCH_AND_PEDAL, marked=False)

    return Entry(row["song_id"], pop909.piece_of(row), row["split"], False, load)


def _of_solo(folder: Path, row: Row) -> Entry:
    def load() -> Case:
        return Case(weimar.read_solo(folder, row).recording, LINE, marked=False)

    return Entry(row["melody_file"], weimar.piece_of(row), row["split"], False, load)


COLLECTIONS: dict[tuple[str, ...], Callable[[Path, Row], Entry]] = {
    SONG_COLUMNS: _of_song,
    SOLO_COLUMNS: _of_solo,
}
"""How packs are read whose index.csv has these columns."""


def _rows(path: Path, columns: tuple[str, ...]) -> list[Row]:
    missing = [name for name in columns if name not in _columns(path)]
    if missing:
        raise EngineError(
            f"{path} lacks the column {missing[0]!r}, needed are {', '.join(columns)}"
        )
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if not rows:
        raise EngineError(f"{path} lists no recordings")
    return rows


def _columns(path: Path) -> set[str]:
    with path.open(newline="", encoding="utf-8") as file:
        return set(csv.DictReader(file).fieldnames or ())


def _cases(entries: list[Entry], limit: int | None) -> list[Case]:
    found = map(_loaded, _spread(entries))
    return list(islice((case for case in found if case is not None), limit))


def _loaded(entry: Entry) -> Case | None:
    try:
        return entry.load()
    except (OSError, KeyError, ValueError, EngineError) as error:
        raise EngineError(f"{entry.name} cannot be read as a recording: {error}") from error


def _spread(entries: list[Entry]) -> list[Entry]:
    """Return the first recording of each piece, then the second of each, and so on."""
    turns: dict[str, int] = defaultdict(int)
    order = []
    for entry in entries:
        order.append(turns[entry.piece])
        turns[entry.piece] += 1
    by_turn = sorted(zip(order, range(len(entries)), strict=True))
    return [entries[index] for _, index in by_turn]


def _some(piece: list[Entry], count: int) -> list[Entry]:
    """Return so many recordings of a piece, from all over the list."""
    return piece[:: max(len(piece) // count, 1)][:count]
