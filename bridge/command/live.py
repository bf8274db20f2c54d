"""Play live through yuragi."""

import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import click
from rich.console import Console
from rich.live import Live

from bridge.client import Client
from bridge.command.door import check_midi_name
from bridge.command.keyboard import ESCAPE, keyboard
from bridge.command.live_screen import Dial, dials, draw
from bridge.command.port_options import bpm_option, clock_option, port_options
from bridge.error import BridgeError
from bridge.gig_protocol import (
    Choose,
    Finish,
    Learn,
    Open,
    Panic,
    Ports,
    Record,
    Stand,
    Standing,
    State,
    Turn,
)
from bridge.live_shelf import LiveShelf
from bridge.local import local_server
from bridge.server import Config
from bridge.write_whole import refuse_existing

LOOK_S = 0.1
"""The screen is drawn anew so often."""

ANSWER_S = 30.0
"""So long opening a port may take; JACK stalls for some seconds after another client was killed."""

SENTENCES, SHOWN_S = 3, 15.0
"""So many of the last sentences are shown, each for so long."""


@click.command("live")
@port_options
@clock_option
@bpm_option
@click.option("--preset", default="live/through", show_default=True, help="See yuragi presets.")
@click.option("--seed", type=click.IntRange(0, 2**53 - 1), default=0, show_default=True)
@click.option(
    "--bind",
    default="tcp://127.0.0.1:0",
    metavar="ADDRESS",
    help="Where other programs can turn its options.  [default: any free port]",
)
@click.option(
    "--record", "take", type=click.Path(path_type=Path), help="Keep what sounds in this MIDI file."
)
def command(preset: str, seed: int, bind: str, take: Path | None, **ports: Any) -> None:
    """Play live: what is heard is passed on at once, through the live engines of a preset.

    Whatever sounds is ended when you leave, also by Ctrl-C, and when the program is killed.
    """
    LiveShelf().find(preset)
    folder = None if take is None else _checked(take)
    with (
        local_server(Config(bind=bind, warm=False, takes=folder)) as address,
        Client(address, timeout_s=ANSWER_S) as client,
    ):
        client.ask_gig(Open, ports=Ports(**ports))
        client.ask_gig(Choose, preset=preset, seed=seed)
        desk = Desk(client, preset, seed)
        with nullcontext() if take is None else _recording(client, take):
            click.echo(f"yuragi plays {preset}; its options can be turned at {address}")
            if sys.stdout.isatty():
                _show(desk)
            else:
                _tell(desk)


def _checked(take: Path) -> Path:
    """Return the folder of a take that may be written.

    Raises:
        BridgeError: it may not.
    """
    check_midi_name(take)
    refuse_existing(take, overwrite=False)
    return take.absolute().parent


@contextmanager
def _recording(client: Client, take: Path) -> Iterator[None]:
    """Keep what sounds as long as the context; without its end the file is written all the same."""
    for sentence in client.ask_gig(Record, name=take.stem).told:
        click.echo(sentence)
    try:
        yield
    finally:
        for sentence in client.ask_gig(Finish).told:
            click.echo(sentence)


class Desk:
    """Be what a player sees and turns.

    Args:
        client: the way to the gig.
        preset: what is played through at first.
        seed: names the random streams of every preset.
    """

    def __init__(self, client: Client, preset: str, seed: int) -> None:
        self.told: deque[tuple[float, str]] = deque(maxlen=SENTENCES)
        self.chosen = 0
        self._client = client
        self._presets = LiveShelf().presets
        self._preset = preset
        self._seed = seed

    @property
    def summary(self) -> str:
        """What the preset says of itself."""
        return self._presets[self._preset].summary if self._preset in self._presets else ""

    def look(self) -> State:
        """Return how things stand.

        Raises:
            BridgeError: the gig is over.
        """
        return self._note(self._client.ask_gig(Stand))

    def press(self, key: str, state: State) -> bool:
        """Do what a key says; return whether to go on."""
        there = dials(state)
        self.chosen = min(self.chosen, max(len(there) - 1, 0))
        dial = there[self.chosen] if there else None
        try:
            self._do(key, dial, len(there))
        except BridgeError as error:
            self.told.append((time.monotonic(), str(error)))
        return key not in {"q", "Q"}

    def sentences(self) -> list[str]:
        """Return what the player was told of late."""
        after_s = time.monotonic() - SHOWN_S
        return [sentence for told_s, sentence in self.told if told_s > after_s]

    def _do(self, key: str, dial: Dial | None, count: int) -> None:
        if key == " ":
            self._client.ask_gig(Panic)
        elif key in {"p", "P"}:
            self._choose(1 if key == "p" else -1)
        elif key in {"up", "down"} and count:
            self.chosen = (self.chosen + (1 if key == "down" else -1)) % count
        elif key in {"left", "right"} and dial is not None:
            value = dial.turned(1 if key == "right" else -1)
            self._client.ask_gig(Turn, stage=dial.stage, options={dial.name: value})
        elif key == ESCAPE and dial is not None:
            self._client.ask_gig(Learn, stage=dial.stage, option="")
        elif key == "m" and dial is not None:
            self._client.ask_gig(Learn, stage=dial.stage, option=dial.name)

    def _choose(self, step: int) -> None:
        names = list(self._presets)
        at = names.index(self._preset) if self._preset in names else 0
        self._preset = names[(at + step) % len(names)]
        self._client.ask_gig(Choose, preset=self._preset, seed=self._seed)

    def _note(self, standing: Standing) -> State:
        for sentence in standing.told:
            self.told.append((time.monotonic(), sentence))
        if standing.state is None:
            raise BridgeError("; ".join(standing.told) or "the gig is over")
        return standing.state


def _show(desk: Desk) -> None:
    """Draw the screen until the player leaves."""
    console = Console()
    with keyboard() as keys, Live(console=console, screen=True, auto_refresh=False) as screen:
        going = True
        while going:
            state = desk.look()
            while going and (key := keys.pressed()):
                going = desk.press(key, state)
                state = desk.look()
            picture = draw(
                state, desk.chosen, desk.sentences(), desk.summary, size=get_terminal_size()
            )
            screen.update(picture, refresh=True)
            time.sleep(LOOK_S)


def _tell(desk: Desk) -> None:
    """Print what the player is told, where there is no terminal to draw on."""
    while True:
        desk.look()
        while desk.told:
            click.echo(desk.told.popleft()[1])
        time.sleep(LOOK_S)
