"""Record what is played at a port."""

from pathlib import Path
from typing import Any

import click

from bridge.command.door import check_midi_name, overwrite_option
from bridge.command.port_options import bpm_option, clock_option, port_options
from bridge.command.status_line import StatusLine, pulse
from bridge.command.stopping import stopping
from bridge.error import BridgeError
from bridge.gig_protocol import Ports, State
from bridge.live.order import Ask, Finish, Record
from bridge.live.recovery import recover, takes_folder
from bridge.live.stage_door import StageDoor
from bridge.write_whole import refuse_existing

LOOK_S = 0.1
"""How things stand is asked so often."""


@click.command("record")
@port_options
@clock_option
@bpm_option
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path), help="The MIDI file to write."
)
@overwrite_option
@click.option("--recover", "only", is_flag=True, help="Only finish takes that were broken off.")
def command(file: Path | None, overwrite: bool, only: bool, **ports: Any) -> None:
    """Record what is played at a port as a MIDI file, until Ctrl-C.

    What is heard is kept at once, so no crash takes a note of it: a take that was broken off is
    finished when yuragi records again. With --out, it is passed on while it is recorded. With a
    clock, or with --bpm, bars are those of the song; with --bpm the first begins with a note.
    """
    for sentence in recover(takes_folder()):
        click.echo(sentence)
    if only:
        return
    if file is None:
        raise BridgeError("no file is named, allowed is --output FILE.mid")
    check_midi_name(file)
    refuse_existing(file, overwrite=overwrite)
    order = Record(folder=str(takes_folder()), output=str(file.absolute()), overwrite=overwrite)
    try:
        _record(Ports(**ports), order)
    except BridgeError:
        for sentence in recover(takes_folder()):  # the process that records was killed
            click.echo(sentence)
        raise


def _record(ports: Ports, order: Record) -> None:
    line = StatusLine()
    with StageDoor(ports) as door, stopping() as over:
        try:
            door.ask(order)
            line.say([f"yuragi records {Path(order.output).name}; Ctrl-C ends it"])
            while not over.wait(LOOK_S):
                door.ask(Ask())
                line.say(_told(door))
                line.show(status(door.state) if door.state else "")
            door.ask(Finish())
            door.ask(Ask())
        finally:
            line.say(_told(door))
            line.end()


def _told(door: StageDoor) -> list[str]:
    return [door.told.popleft() for _ in range(len(door.told))]


def status(state: State) -> str:
    """Return how a take stands in one line."""
    take = state.take
    parts = [f"{take.notes} notes", f"{take.seconds:.1f} s"] if take else []
    return "  ".join([*parts, pulse(state)])
