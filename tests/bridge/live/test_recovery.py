"""Finish takes that were broken off."""

from pathlib import Path

from bridge.live.recovery import recover
from bridge.live.take_journal import Head, Heard, TakeJournal
from bridge.midi_file import read_song
from engines.live.event import note_off, note_on

NOTE = (Heard(100.5, 0, note_on(0, 60, 100)), Heard(102.0, 0, note_off(0, 60)))


def broken_off(path: Path, output: Path | str, *heard: Heard, overwrite: bool = False) -> None:
    """Leave a journal as a program does that was killed."""
    head = Head("1", 0.0, 100.0, output=str(output), overwrite=overwrite)
    journal = TakeJournal(path, head)
    journal.keep(heard)
    journal.close(102.0)
    path.write_bytes(path.read_bytes()[:-3])  # the end that was never written


def test_a_take_goes_where_it_was_meant_for(tmp_path: Path) -> None:
    output = tmp_path / "song.mid"
    broken_off(tmp_path / "a.take", output, *NOTE)
    said = list(recover(tmp_path))
    assert said == [f"a take that was broken off is kept, 1 note in 2.0 s: {output}"]
    assert len(read_song(output).clips[0].notes) == 1
    assert list(recover(tmp_path)) == []


def test_a_file_is_not_replaced_even_if_it_might_have_been(tmp_path: Path) -> None:
    (tmp_path / "song.mid").write_bytes(b"newer")
    broken_off(tmp_path / "a.take", tmp_path / "song.mid", *NOTE, overwrite=True)
    assert "song 2.mid" in next(recover(tmp_path))
    assert (tmp_path / "song.mid").read_bytes() == b"newer"


def test_what_another_has_just_finished_is_not_there_twice(tmp_path: Path) -> None:
    for name in ("a.take", "b.take"):
        broken_off(tmp_path / name, tmp_path / "song.mid", *NOTE)
    assert len(list(recover(tmp_path))) == 2
    assert [path.name for path in tmp_path.glob("*")] == ["song.mid"]


def test_without_its_folder_a_take_lies_beside_its_journal(tmp_path: Path) -> None:
    broken_off(tmp_path / "a.take", tmp_path / "gone" / "song.mid", *NOTE)
    assert next(recover(tmp_path)).endswith(f": {tmp_path / 'a.mid'}")


def test_a_take_of_nothing_leaves_no_file(tmp_path: Path) -> None:
    broken_off(tmp_path / "a.take", tmp_path / "song.mid")
    assert next(recover(tmp_path)).endswith("had nothing in it")
    assert list(tmp_path.glob("*")) == []


def test_a_file_that_is_no_journal_is_told_and_stays(tmp_path: Path) -> None:
    (tmp_path / "a.take").write_bytes(b"nonsense")
    broken_off(tmp_path / "b.take", tmp_path / "song.mid", *NOTE)
    first, second = recover(tmp_path)
    assert first.startswith("a take could not be finished: ")
    assert "is kept, 1 note" in second
    assert (tmp_path / "a.take").exists()
