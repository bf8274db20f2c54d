"""Share a JACK server among the tests of a process."""

import os
from collections.abc import Iterator

import pytest

from tests.bridge.live.jack_stage import Musician, jack_server, musician


@pytest.fixture(scope="session")
def jack() -> Iterator[str]:
    """Yield the name of a JACK server that runs."""
    with jack_server(f"yuragi-{os.getpid()}") as name:
        yield name


@pytest.fixture
def player(jack: str) -> Iterator[Musician]:
    """Yield a musician at the JACK server."""
    with musician(f"{jack}-musician") as one:
        yield one
