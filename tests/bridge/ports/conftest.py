"""Share a JACK server among the tests of a module: rtmidi may make one stall."""

import os
import shutil
from collections.abc import Iterator

import pytest

from bridge.live.jack_musician import Musician, jack_server, musician
from tests.conftest import do_without


@pytest.fixture(scope="module")
def jack() -> Iterator[str]:
    """Yield the name of a JACK server that runs."""
    if shutil.which("jackd") is None:
        do_without("jackd is not installed (Debian: jackd2), so nothing can be played live")
    with jack_server(f"ports-{os.getpid()}") as name:
        yield name


@pytest.fixture
def player(jack: str) -> Iterator[Musician]:
    """Yield a musician at the JACK server."""
    with musician(f"{jack}-musician") as one:
        one.wait_until_steady()
        yield one
