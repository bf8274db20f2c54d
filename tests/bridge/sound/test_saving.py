"""Plug-ins are saved as the user has set them."""

from pathlib import Path

import numpy as np
import pytest

from bridge.error import BridgeError
from bridge.sound.host import Host
from bridge.sound.render import Order, record
from bridge.sound.saving import save_plugin
from bridge.sound_protocol import Events, Instrument, Plugin, Track
from bridge.write_whole import ExistingFileError

NOTE = Events(
    time=np.array([0.0, 0.5]),
    status=np.array([0x90, 0x80]),
    data1=np.array([69, 69]),
    data2=np.array([127, 0]),
)


@pytest.fixture
def synth(plugins: Path) -> str:
    return str(plugins / "Test Synth.vst3")


def peak_of(plugin: Plugin) -> float:
    with Host() as host, record(host, (Track(NOTE, Instrument(plugin)),), Order()) as take:
        return take.bounced.peak


@pytest.mark.parametrize("name", ["soft.vstpreset", "soft.state"])
def test_what_is_saved_is_how_it_plays_next_time(synth: str, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    save_plugin(Plugin(synth, parameters={"level": 0.5}), path)
    preset = path.suffix == ".vstpreset"
    again = Plugin(synth, preset=str(path)) if preset else Plugin(synth, state=path.read_bytes())
    # a note at velocity 127 peaks at 0.1, and half of that at level 0.5
    assert peak_of(again) == pytest.approx(0.05, rel=0.02)


def test_what_cannot_be_set_is_not_saved(synth: str, tmp_path: Path) -> None:
    path = tmp_path / "loud.state"
    with pytest.raises(BridgeError, match=r"level of Test Synth is 5\.0, allowed are 0 to 1"):
        save_plugin(Plugin(synth, parameters={"level": 5.0}), path)
    assert not path.exists()


def test_a_file_that_is_there_is_kept(synth: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.state"
    path.write_bytes(b"mine")
    with pytest.raises(ExistingFileError):
        save_plugin(Plugin(synth), path)
    assert path.read_bytes() == b"mine"


def test_a_plug_in_that_crashes_is_named(plugins: Path, tmp_path: Path) -> None:
    crash = str(plugins / "Test Crash.vst3")
    with pytest.raises(BridgeError, match=r"Test Crash\.vst3 crashed as it was to be saved"):
        save_plugin(Plugin(crash), tmp_path / "never.state")


def test_a_plug_in_that_hangs_is_given_up(plugins: Path, tmp_path: Path) -> None:
    hang = str(plugins / "Test Hang.vst3")
    with pytest.raises(BridgeError, match=r"Test Hang\.vst3 hung: it was not saved within 2 s"):
        save_plugin(Plugin(hang), tmp_path / "never.state", limit_s=2)
