import logging
from pathlib import Path

import pytest

from bridge.error import BridgeError
from bridge.live_shelf import LiveShelf
from bridge.shelf import Shelf

OWN = 'summary = "Mine."\n[[stage]]\nengine = "live.latch"\n'


def write(folder: Path, name: str, text: str = OWN) -> Path:
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_live_presets_are_not_among_those_for_clips(tmp_path: Path) -> None:
    write(tmp_path, "live/mine")
    names = set(Shelf(tmp_path).presets)
    assert not [name for name in names if name.startswith("live/")]
    assert not names & set(LiveShelf(tmp_path).presets)
    assert Shelf(tmp_path).unusable == {}


def test_live_presets_are_refused_for_clips(tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match="live/latched is for playing live, allowed are"):
        Shelf(tmp_path).find("live/latched")


def test_the_user_s_own_win_and_are_found_as_soon_as_they_are_there(tmp_path: Path) -> None:
    shelf = LiveShelf(tmp_path)
    assert shelf.find("live/latched").summary != "Mine."
    write(tmp_path, "live/latched")
    write(tmp_path, "live/stage/mine")
    assert shelf.find("live/latched").summary == "Mine."
    assert shelf.find("live/stage/mine").stages[0].engine == "live.latch"
    assert (shelf.is_own("live/latched"), shelf.is_own("live/through")) == (True, False)


@pytest.mark.parametrize(
    ("name", "near"),
    [("latched", "live/latched"), ("live/latche", "live/latched"), ("trough", "live/through")],
)
def test_an_unknown_name_is_told_those_near_it(tmp_path: Path, name: str, near: str) -> None:
    with pytest.raises(BridgeError, match=f"preset is '{name}', allowed are for example .*{near}"):
        LiveShelf(tmp_path).find(name)


def test_one_that_cannot_be_used_is_told_of_and_left_out(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = write(tmp_path, "live/latched", "summary = ")
    with caplog.at_level(logging.WARNING):
        shelf = LiveShelf(tmp_path)
        shelf.refresh()
    assert len(caplog.records) == 1
    assert list(shelf.unusable) == [path]
    assert "live/latched" not in shelf.presets
    with pytest.raises(BridgeError, match=r"latched\.toml: preset live/latched cannot be used"):
        shelf.find("live/latched")
