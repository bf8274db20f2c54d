"""A file is replaced whole or not at all."""

from pathlib import Path

import pytest

from engines.training.draft import drafted


def test_what_is_written_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "stand.npz"
    path.write_bytes(b"old")
    with drafted(path) as draft:
        draft.write_bytes(b"new")
        assert (draft.suffix, path.read_bytes()) == (".npz", b"old")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "stand.npz"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt), drafted(path) as draft:  # noqa: PT012  (it is stopped inside)
        draft.write_bytes(b"half")
        raise KeyboardInterrupt
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
