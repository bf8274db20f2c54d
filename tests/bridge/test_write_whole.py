"""Files are written whole or not at all, and only what the system refuses is told so."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.error import BridgeError
from bridge.write_whole import ExistingFileError, drafts, write_whole


def test_a_fault_of_the_writer_is_not_told_as_one_of_the_file(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match="ours"),
        drafts() as written,
        written.file(tmp_path / "a"),
    ):
        raise ValueError("ours")
    assert list(tmp_path.iterdir()) == []


def test_what_the_system_refuses_is_told_of_its_file(tmp_path: Path) -> None:
    with drafts() as written:
        with written.file(tmp_path / "a") as file:
            file.write(b"first")
        with (
            pytest.raises(BridgeError, match=r"b cannot be written: no room"),
            written.file(tmp_path / "b"),
        ):
            raise OSError(28, "no room")


@pytest.mark.parametrize("name", ["a\0b", "x" * 5000, "none/a"])
def test_a_name_that_no_system_takes_is_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(BridgeError, match="cannot be written"):
        write_whole(tmp_path / name, b"")


def test_no_file_takes_its_place_before_all_are_written(tmp_path: Path) -> None:
    with drafts() as written:
        for name in ("a", "b"):
            with written.file(tmp_path / name) as file:
                file.write(name.encode())
            assert not (tmp_path / name).exists()
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"a", "b": b"b"}


def test_a_place_that_is_lost_meanwhile_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    a, b = tmp_path / "a", tmp_path / "b"
    a.write_bytes(b"old")
    with pytest.raises(BridgeError, match="b is no file"):
        write((a, b), b.mkdir, overwrite=True)
    assert sorted(tmp_path.iterdir()) == [a, b]
    assert a.read_bytes() == b"old"


def test_a_file_that_comes_meanwhile_is_kept(tmp_path: Path) -> None:
    a = tmp_path / "a"
    with pytest.raises(ExistingFileError):
        write((a,), lambda: a.write_bytes(b"old"))
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def write(
    paths: tuple[Path, ...], meanwhile: Callable[[], object], *, overwrite: bool = False
) -> None:
    """Write files, and do something before they take their places."""
    with drafts(overwrite=overwrite) as written:
        for path in paths:
            with written.file(path) as file:
                file.write(b"new")
        meanwhile()
