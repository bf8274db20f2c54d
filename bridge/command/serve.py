"""Run the server."""

import logging
from pathlib import Path
from typing import Any

import click

from bridge.address import DEFAULT_ADDRESS
from bridge.launch import leave_word
from bridge.server import Config, Server
from bridge.undisturbed import undisturbed


@click.command("serve")
@click.option(
    "--bind", default=DEFAULT_ADDRESS, show_default=True, help="Address; port 0 takes a free one."
)
@click.option(
    "--journal",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep requests and replies but sound in this folder, for yuragi replay.",
)
@click.option(
    "--presets",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of your own presets.  [default: the one that yuragi doctor names]",
)
@click.option(
    "--leave-after",
    "leave_after_s",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="End when nobody has asked anything for so long.  [default: stay]",
)
@click.option("--verbose", "-v", is_flag=True, help="Log every refusal.")
def command(verbose: bool, **asked: Any) -> None:
    """Serve humanizers and generators to DAWs and clients, until Ctrl-C.

    The address is printed as soon as requests are taken. Ctrl-C finishes what was asked; a second
    one stops at once. How a server at the default address was started is remembered, so that a Live
    device can start it.
    """
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s"
    )
    server = Server(Config(**asked))
    leave_word(server.address)
    with server.signals(), undisturbed():
        click.echo(f"yuragi serves on {server.address}")
        server.run()
    click.echo("yuragi has stopped")
