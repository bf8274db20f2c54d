"""Open the road for a command: the user's server, or one of our own in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bridge.client import Client
from bridge.error import BridgeError
from bridge.local import local_server

server_option = click.option(
    "--server", help="Address of a running server.  [default: one of its own]"
)
seed_option = click.option(
    "--seed",
    type=click.IntRange(0, 2**53 - 1),
    help="Pick the performance; the same seed gives the same notes.",
)
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace files that are there.")


MIDI_SUFFIXES = (".mid", ".midi", ".smf")


def check_midi_name(path: Path) -> None:
    """Do nothing if a MIDI file may be written there.

    Raises:
        BridgeError: the name is not that of a MIDI file, or the folder does not exist.
    """
    if path.suffix.lower() not in MIDI_SUFFIXES:
        raise BridgeError(f"output is {path}, allowed are names with {', '.join(MIDI_SUFFIXES)}")
    if not path.parent.is_dir():
        raise BridgeError(f"output is {path}, and there is no folder {path.parent}")


@contextmanager
def open_client(server: str | None) -> Iterator[Client]:
    """Yield a client of the server at that address, or of one that lives as long as the context."""
    if server is not None:
        with Client(server) as client:
            yield client
        return
    with local_server() as address, Client(address) as client:
        yield client
