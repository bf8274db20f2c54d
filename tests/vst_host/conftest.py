"""Share plug-ins and a host process among the tests of a process."""

from collections.abc import Iterator
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
    found = [path for path in SOUNDFONTS if Path(path).is_file()]
    if not found and (why := required("no soundfont is installed (Debian: timgm6mb-soundfont)")):
        pytest.skip(why)
    return found[0]


@pytest.fixture(scope="session")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Yield a host process."""
    if not required("no"):
        import pedalboard  # noqa: F401, PLC0415 - it must be there
    pytest.importorskip("pedalboard", reason="pedalboard is not installed (the extra render)")
    with host_process(tmp_path_factory.mktemp("host")) as process:
        yield process


@pytest.fixture
def peer(host: Host) -> Iterator[Peer]:
    """Yield a client of the host process."""
    with peer_of(host) as one:
        yield one
