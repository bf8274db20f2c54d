"""Play a MIDI file to a port."""

import time
from pathlib import Path
from typing import Any

import click

from bridge.command.port_options import bpm_option, clock_option, port_options
from bridge.command.status_line import StatusLine, pulse
from bridge.error import BridgeError
from bridge.gig_protocol import Ports, State
from bridge.live.order import Ask, Play
from bridge.live.sheet import to_sheet
from bridge.live.song_score import song_score
from bridge.live.stage_door import StageDoor
from bridge.midi_file import read_song

LOOK_S = 0.1
"""How things stand is asked so often."""


@click.command("play")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@port_options
@clock_option
@bpm_option
@click.option("--loop", is_flag=True, help="Play it over and over, until Ctrl-C.")
def command(file: Path, loop: bool, **ports: Any) -> None:
    """Play FILE, a MIDI file, to a port: on its own clock, or in time with others.

    In time with others it begins at the next bar line, goes where they go, and rests when they do.
    """
    score = song_score(read_song(file))
    if not score.messages:
        raise BridgeError(f"{file} has nothing to play, allowed are files with one message or more")
    line = StatusLine()
    with StageDoor(Ports(**ports)) as door:
        door.ask(Play(score=to_sheet(score), loops=None if loop else 1))
        line.say([f"yuragi plays {file.name}; Ctrl-C ends it"])
        try:
            while not _ended(door):
                line.say(door.told.popleft() for _ in range(len(door.told)))
                line.show(_status(door.state))
                time.sleep(LOOK_S)
        finally:
            line.end()
        _tell_late(door)


def _status(state: State | None) -> str:
    """Return where the song is, or what it waits for."""
    if state is None or state.beat is not None:
        return pulse(state) if state else ""
    return "waiting for the clock"


def _ended(door: StageDoor) -> bool:
    door.ask(Ask())
    return door.state is not None and door.state.song is not None and door.state.song.ended


def _tell_late(door: StageDoor) -> None:
    late = door.state.song.late if door.state and door.state.song else 0
    if late:
        click.echo(f"{late} messages were played late: the machine was too busy", err=True)
