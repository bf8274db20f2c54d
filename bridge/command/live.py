"""Play live through yuragi."""

import time
from typing import Any

import click

from bridge.command.port_options import bpm_option, clock_option, port_options
from bridge.live.order import Ask, Choose, Open
from bridge.live.stage_door import StageDoor

LOOK_S = 0.1
"""The screen is drawn anew so often."""


@click.command("live")
@port_options
@clock_option
@bpm_option
@click.option("--preset", help="See yuragi presets.  [default: pass on all as it is]")
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), default=0, show_default=True)
def command(preset: str | None, seed: int, **asked: Any) -> None:
    """Play live: what is heard is passed on at once, through the live engines of a preset.

    Whatever sounds is ended when you leave, also by Ctrl-C, and when the program is killed.
    """
    with StageDoor(Open(**asked)) as door:
        if preset is not None:
            from bridge.live_shelf import LiveShelf  # noqa: PLC0415

            chosen = LiveShelf().find(preset)
            door.ask(Choose(name=chosen.name, stages=chosen.stages, seed=seed))
        click.echo(f"yuragi plays {preset or 'through'}; Ctrl-C ends it")
        while door.alive:
            door.ask(Ask())
            while door.told:
                click.echo(door.told.popleft())
            time.sleep(LOOK_S)
