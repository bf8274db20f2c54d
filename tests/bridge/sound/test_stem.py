"""Stems have names that any system of files takes, and no two the same."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from bridge.sound.stem import LONGEST, free, stem_paths

MIX = Path("songs/my song.wav")


def names(*tracks: str) -> list[str]:
    return [path.name for path in stem_paths(MIX, tracks)]


def test_a_stem_is_beside_the_mix_with_its_tracks_name() -> None:
    assert stem_paths(MIX, ["Grand Piano"]) == (Path("songs/my song - Grand Piano.wav"),)


def test_tracks_of_one_name_are_told_apart_whatever_their_case() -> None:
    assert names("Keys", "keys", "Keys 2") == [
        "my song - Keys.wav",
        "my song - keys 2.wav",
        "my song - Keys 2 2.wav",
    ]


def test_what_names_of_files_must_not_have_is_left_out() -> None:
    assert names("../a/b:c?", "", "...") == [
        "my song - a b c.wav",
        "my song - track 2.wav",
        "my song - track 3.wav",
    ]


def test_a_name_that_another_file_has_is_told_apart() -> None:
    taken: set[str] = set()
    free(Path("songs/My Song - keys.wav"), taken)
    assert stem_paths(MIX, ["Keys"], taken) == (Path("songs/my song - Keys 2.wav"),)
    assert stem_paths(MIX, ["Keys"], taken) == (Path("songs/my song - Keys 3.wav"),)


@given(st.lists(st.text(max_size=200), max_size=8))
def test_any_names_are_safe_and_distinct(tracks: list[str]) -> None:
    paths = stem_paths(MIX, tracks)
    assert len({path.name.casefold() for path in paths}) == len(tracks)
    assert all(path.parent == MIX.parent for path in paths)
    assert all(len(path.name.encode()) < len(MIX.name) + LONGEST + 16 for path in paths)
