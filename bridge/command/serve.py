"""Run the server."""

import logging
from pathlib import Path

import click

from bridge.address import DEFAULT_ADDRESS
from bridge.server import Config, Server


@click.command("serve")
@click.option(
    "--bind", default=DEFAULT_ADDRESS, show_default=True, help="Address; port 0 takes a free one."
)
@click.option(
    "--journal",
    type=click.Path(path_type=Path, file_okay=False),
    help="Keep every request and reply in this folder, for yuragi replay.",
)
@click.option(
    "--presets",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Folder of your own presets.  [default: the one that yuragi doctor names]",
)
@click.option("--verbose", "-v", is_flag=True, help="Log every refusal.")
def command(bind: str, journal: Path | None, presets: Path | None, verbose: bool) -> None:
    """Serve humanizers and generators to DAWs and clients, until Ctrl-C.

    The address is printed as soon as requests are taken. Ctrl-C finishes what was asked; a second
    one stops at once.
    """
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING, format="%(levelname)s %(message)s"
    )
    server = Server(Config(bind=bind, journal=journal, presets=presets))
    with server.signals(), server.undisturbed():
        click.echo(f"yuragi serves on {server.address}")
        server.run()
    click.echo("yuragi has stopped")
