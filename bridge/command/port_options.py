"""Say once how ports are asked for."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

OPTIONS = (
    click.option(
        "--in", "inputs", multiple=True, metavar="PORT", help="Port to hear; there may be several."
    ),
    click.option("--out", "output", default="", metavar="PORT", help="Port to play to."),
    click.option(
        "--virtual", default="", metavar="NAME", help="Make ports of that name for others to join."
    ),
    click.option("--system", help="JACK, or the system's own.  [default: JACK where it runs]"),
)


def port_options(command: F) -> F:
    """Give a command the options `inputs`, `output`, `virtual` and `system`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


clock_option = click.option(
    "--clock",
    type=click.Choice(("own", "midi", "link")),
    default="own",
    show_default=True,
    help="Who says the tempo: the song, the MIDI clock heard at --in, or Ableton Link.",
)
bpm_option = click.option(
    "--bpm",
    type=click.FloatRange(20, 999),
    help="Tempo on the own clock, and the one that Link begins with.  [default: the song's]",
)
