"""Learn how hard somebody plays a keyboard."""

import time
from typing import Any

import click

from bridge.calibration import ENGINE, keep_calibration
from bridge.client import Client
from bridge.command.port_options import port_options
from bridge.error import BridgeError
from bridge.gig_protocol import Choose, Open, Ports, Stand
from bridge.local import local_server
from engines.stage import Stage

LOOK_S, ANSWER_S = 0.2, 30.0
"""How often it is asked how things stand, and how long an answer may take."""

HAND = Stage(ENGINE, {"amount": 0.0, "calibration": ()})
"""What learns, and changes nothing meanwhile."""


@click.command("calibrate")
@port_options
def command(**ports: Any) -> None:
    """Play for a minute, and yuragi knows how hard you play this keyboard.

    From then on every live preset with live.velocity evens out its touch from the first note.
    Pauses are not counted. With --out, or --virtual, you hear yourself meanwhile.
    """
    with local_server() as address, Client(address, timeout_s=ANSWER_S) as client:
        client.ask_gig(Open, ports=Ports(**ports))
        state = client.ask_gig(Choose, stages=(HAND,)).state
        click.echo("play as softly and as loudly as you ever do, for a minute")
        learned = _learn(client)
    path = keep_calibration(state.inputs[0].name if state and state.inputs else "", learned)
    click.echo(f"learned; it is in {path}, delete it to forget")


def _learn(client: Client) -> tuple[float, ...]:
    """Return what was learned, when enough was played."""
    with click.progressbar(length=100, label="listening", show_eta=False) as bar:
        while True:
            standing = client.ask_gig(Stand)
            for sentence in standing.told:
                click.echo(f"\n{sentence}", err=True)
            if standing.state is None:
                raise BridgeError("the port is closed")
            bar.update(round(standing.state.learning * 100) - bar.pos)
            if standing.state.learned:
                return standing.state.learned
            time.sleep(LOOK_S)
