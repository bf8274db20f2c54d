"""Share plug-ins and a host process among the tests of a process."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from tests.vst_host.process import Host, Peer, host_process, peer_of, required

SOUNDFONTS = ("/usr/share/sounds/sf2/TimGM6mb.sf2", "/usr/share/sounds/sf2/FluidR3_GM.sf2")
"""Where Debian keeps them; the smaller first."""


@pytest.fixture(scope="session")
def synth(plugins: Path) -> Path:
    return plugins / "Test Synth.vst3"


@pytest.fixture(scope="session")
def soundfont() -> str:
    """Return a General MIDI soundfont."""
    _need("fluidsynth", "FluidSynth is not installed (Debian: libfluidsynth3)")
    found = [path for path in SOUNDFONTS if Path(path).is_file()]
    if not found and (why := required("no soundfont is installed (Debian: timgm6mb-soundfont)")):
        pytest.skip(why)
    return found[0]


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Yield a host process."""
    _need("pedalboard", "pedalboard is not installed (pip install 'yuragi[render]')")
    with host_process(tmp_path_factory.mktemp("host")) as process:
        yield process


@pytest.fixture
def peer(host: Host) -> Iterator[Peer]:
    """Yield a client of the host process."""
    with peer_of(host) as one:
        yield one


def _need(library: str, missing: str) -> None:
    """Import a library, or skip where that is allowed."""
    try:
        import_module(library)
    except ImportError:
        if not required(missing):
            raise
        pytest.skip(missing)
