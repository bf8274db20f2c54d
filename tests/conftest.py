"""Share what many tests need: a running server, a client, and engines of a third party."""

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from bridge.client import Client
from bridge.command.main import main
from bridge.local import local_server
from bridge.server import Config
from tests.plugins import build

THIRD_PARTY = Path(__file__).parent / "third_party"

# what installs an engine is being on the path, for this process and for those that it starts
sys.path.append(str(THIRD_PARTY))
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [os.environ.get("PYTHONPATH"), str(THIRD_PARTY)])
)

# what a user has, and what a server remembers, stays out of the tests and they out of it
USERS = TemporaryDirectory(prefix="yuragi-tests-")
atexit.register(USERS.cleanup)
os.environ["XDG_CONFIG_HOME"] = USERS.name

# a shell that runs the tests in the background has them, and all that they start, ignore Ctrl-C
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "yuragi", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("yuragi")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """Yield a client of a server in this process, which knows no presets of the user."""
    config = Config(bind="tcp://127.0.0.1:0", warm=False, presets=tmp_path / "presets")
    with local_server(config) as address, Client(address, timeout_s=10) as one:
        yield one


@pytest.fixture(scope="session")
def plugins() -> Path:
    """Return a folder of plug-ins that were built for tests; nobody may change it."""
    if why := build.missing():
        do_without(why)
    return build.bundles()


def do_without(missing: str, *, module: bool = False) -> NoReturn:
    """Skip a test, or (`module`) all of a file, for what is missing: a whole sentence.

    Where all is to be tested, as CI tells, nothing may be missing, and it fails.
    """
    if os.environ.get("CI"):
        pytest.fail(missing)
    pytest.skip(missing, allow_module_level=module)


class Served(NamedTuple):
    """Tell where a server in a process of its own can be reached."""

    address: str
    process: "subprocess.Popen[str]"


@contextmanager
def serve(*options: str, bind: str = "tcp://127.0.0.1:0") -> Iterator[Served]:
    """Run `yuragi serve` in a process of its own, and end it."""
    command = [sys.executable, "-m", "bridge.command.main", "serve", "--bind", bind, *options]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield Served(process.stdout.readline().split()[-1], process)
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


class Ran(NamedTuple):
    """Tell what a command printed and how it ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run_yuragi(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Return a function that runs the command in this process."""

    def run(*arguments: str | Path) -> Ran:
        code = 0
        try:
            main([str(argument) for argument in arguments])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        return Ran(code, *capsys.readouterr())

    return run
