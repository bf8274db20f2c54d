"""Share what tests of sound need."""

import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bridge.sound.set_aside import SetAside
from bridge.sound.soundfonts import soundfonts
from tests.conftest import do_without


@pytest.fixture
def full_disk() -> Iterator[Callable[[], None]]:
    """Yield what lets no file grow above 100 kB from then on."""
    resource = pytest.importorskip("resource", reason="this system limits no process's files")
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.fixture
def set_aside(tmp_path: Path) -> SetAside:
    """Return what is set aside in a test: nothing at first."""
    return SetAside(tmp_path / "set_aside")


@pytest.fixture(scope="session")
def synth(plugins: Path) -> Path:
    """Return an instrument."""
    return plugins / "Test Synth.vst3"


@pytest.fixture
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder of its own, with none of the user's plug-ins and soundfonts."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("VST3_PATH", str(tmp_path / "vst3"))


@pytest.fixture(scope="session")
def soundfont() -> Path:
    """Return the smallest General MIDI soundfont of the system."""
    found = sorted(soundfonts(), key=lambda path: path.stat().st_size)
    if not found:
        do_without("there is no soundfont (Debian: timgm6mb-soundfont), so nothing is heard")
    return found[0]
