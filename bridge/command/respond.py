"""Answer what is played at a port."""

import threading
from typing import Any

import click

from bridge.client import Client
from bridge.command.port_options import bpm_option, clock_option, port_options
from bridge.command.status_line import StatusLine, pulse
from bridge.command.stopping import stopping
from bridge.error import BridgeError
from bridge.gig_protocol import Leave, Ports, Respond, Stand, State
from bridge.local import local_server
from bridge.server import Config

LOOK_S = 0.1
"""How things stand is asked so often."""

ANSWER_S = 30.0
"""So long opening a port may take; JACK stalls for some seconds after another client was killed."""


@click.command("respond")
@port_options
@clock_option
@bpm_option
@click.option(
    "--preset",
    default="band/natural",
    show_default=True,
    help="What makes the answers: any preset for clips, see yuragi presets.",
)
@click.option(
    "--bars",
    type=click.IntRange(1, 64),
    help="Length of a phrase.  [default: until you rest for an eighth before a bar line]",
)
@click.option(
    "--channel", type=click.IntRange(1, 16), help="Channel of the answers.  [default: yours]"
)
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), default=0, show_default=True)
def command(preset: str, bars: int | None, channel: int | None, seed: int, **ports: Any) -> None:
    """Answer what is played: play a phrase, and it comes back from the next bar line on.

    A preset that humanizes plays your phrase itself, one that generates makes something of it.
    Answers are made ahead; one that is not there in time is your phrase, struck a little otherwise.
    Without a clock the tempo is --bpm, or 120, and bar 1 begins with your first note.
    """
    with (
        local_server(Config(bind="tcp://127.0.0.1:0", warm=False)) as address,
        Client(address, timeout_s=ANSWER_S) as client,
        stopping() as over,
    ):
        client.ask_gig(
            Respond,
            preset=preset,
            bars=bars,
            channel=None if channel is None else channel - 1,
            seed=seed,
            ports=Ports(**ports),
        )
        click.echo(f"yuragi answers by {preset}; Ctrl-C ends it")
        try:
            _watch(client, over)
        finally:
            client.ask_gig(Leave)


def _watch(client: Client, over: threading.Event) -> None:
    """Say what there is to say until Ctrl-C.

    Raises:
        BridgeError: the gig is over.
    """
    line = StatusLine()
    while not over.wait(LOOK_S):
        standing = client.ask_gig(Stand)
        line.say(standing.told)
        if standing.state is None:
            raise BridgeError("the gig is over")
        line.show(status(standing.state))
    line.end()


def status(state: State) -> str:
    """Return how phrases were answered in one line."""
    answers = state.answers
    said = f"{answers.phrases} phrases, {answers.late} not answered in time" if answers else ""
    return f"{said}  {pulse(state)}"
