"""Reading takes of drummers, and folders that hold something else."""

from pathlib import Path

import pytest

from engines.clip import Metre
from engines.error import EngineError
from engines.training.groove_midi import read_takes
from tests.training.takes import COLUMNS, beat, row, write_midi, write_rows, write_takes


def folder_of(path: Path, **changes: str) -> Path:
    """Write a folder of one take of one bar."""
    write_midi(path / "take.mid", beat(1, 0))
    write_rows(path, [row("take", **changes)])
    return path


def refusal(folder: Path) -> str:
    with pytest.raises(EngineError) as error:
        read_takes(folder)
    return str(error.value)


def test_takes_come_in_the_order_of_the_index(tmp_path: Path) -> None:
    takes = read_takes(write_takes(tmp_path, bars=2))
    assert [take.name for take in takes] == [*(f"take{number}" for number in range(6)), "fill"]
    assert {take.kind for take in takes} == {"beat", "fill"}


def test_some_splits_can_be_read(tmp_path: Path) -> None:
    folder = write_takes(tmp_path, bars=2)
    assert {take.split for take in read_takes(folder, ("train",))} == {"train"}
    assert len(read_takes(folder, ("train", "test"))) == 7
    assert read_takes(folder, ("validation",)) == []


def test_a_take_is_a_drum_clip_in_beats_of_its_click(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, bpm="96", time_signature="6-8", style="jazz/funk")
    (take,) = read_takes(folder)
    assert take.clip.role == "drums"
    assert take.bpm == 96.0
    assert take.clip.metre == (Metre(0.0, 6, 8),)
    # the last of the eighths of four quarters: it ends with the second bar of three quarters
    assert take.clip.length == 6.0
    assert take.genre == "jazz"
    assert take.clip.notes.velocity.min() >= 1


def test_takes_without_notes_are_left_out(tmp_path: Path) -> None:
    write_midi(tmp_path / "silence.mid", [])
    write_rows(tmp_path, [row("silence")])
    assert read_takes(tmp_path) == []


def test_takes_may_lie_in_folders(tmp_path: Path) -> None:
    (tmp_path / "drummer1").mkdir()
    write_midi(tmp_path / "drummer1" / "one.mid", beat(1, 0))
    write_rows(tmp_path, [row("one", midi_filename="drummer1/one.mid")])
    assert [take.name for take in read_takes(tmp_path)] == ["drummer1/one"]


def test_a_folder_without_an_index_is_refused(tmp_path: Path) -> None:
    assert "info.csv is not there, allowed is a folder with an info.csv" in refusal(tmp_path)


@pytest.mark.parametrize("text", ["", ",".join(COLUMNS), "drummer,style\nanna,rock\n"])
def test_an_index_without_its_columns_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "info.csv").write_text(text, encoding="utf-8")
    assert "split, needed are drummer, style, bpm" in refusal(tmp_path)


def test_an_index_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "info.csv").write_bytes(b"\xff\xfe\x00drummer")
    assert "info.csv cannot be read: " in refusal(tmp_path)


def test_a_row_that_ends_early_is_refused(tmp_path: Path) -> None:
    (tmp_path / "info.csv").write_text(",".join(COLUMNS) + "\ndrummer1,rock\n", encoding="utf-8")
    assert "is not there, needed are all files that info.csv names" in refusal(tmp_path)


@pytest.mark.parametrize("bpm", ["", "fast", "0", "-3", "nan", "inf"])
def test_a_tempo_that_is_none_is_refused(tmp_path: Path, bpm: str) -> None:
    assert "take.mid cannot be read: " in refusal(folder_of(tmp_path, bpm=bpm))


@pytest.mark.parametrize("metre", ["", "4", "4/4", "0-4", "4-3", "x-4", "300-4", "4-0", "-3-4"])
def test_a_metre_that_is_none_is_refused(tmp_path: Path, metre: str) -> None:
    found = refusal(folder_of(tmp_path, time_signature=metre))
    assert f"time_signature is {metre!r}, allowed are such as 6-8" in found


def test_a_take_that_is_missing_is_refused(tmp_path: Path) -> None:
    write_rows(tmp_path, [row("take")])
    assert "take.mid is not there, needed are all files" in refusal(tmp_path)


@pytest.mark.parametrize("part", [0, 10, 60])
def test_a_take_that_is_no_midi_file_is_refused(tmp_path: Path, part: int) -> None:
    take = folder_of(tmp_path) / "take.mid"
    take.write_bytes(take.read_bytes()[:part])
    assert "take.mid cannot be read: " in refusal(tmp_path)
