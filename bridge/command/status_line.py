"""Keep a line at the bottom of a terminal that says how things stand."""

import math
import sys
from collections.abc import Iterable

import click

from bridge.gig_protocol import State

ERASE = "\r\x1b[K"
"""Goes to the line's beginning and erases it. Source: ECMA-48, erase in line."""


class StatusLine:
    """Say sentences, and keep a line below them; where there is no terminal, there is no line."""

    def __init__(self) -> None:
        self._terminal = sys.stdout.isatty()
        self._shown = ""

    def say(self, sentences: Iterable[str]) -> None:
        """Say sentences, each on a line that stays."""
        for sentence in sentences:
            click.echo((ERASE if self._shown else "") + sentence)
            self._shown = ""

    def show(self, line: str) -> None:
        """Let the line be this one from now on."""
        if self._terminal and line != self._shown:
            click.echo(ERASE + line, nl=False)
            self._shown = line

    def end(self) -> None:
        """Let whatever is said next begin on a line of its own."""
        if self._shown:
            click.echo()


def pulse(state: State) -> str:
    """Return where the song is: its tempo, and the bar and the beat of a song in 4/4."""
    if state.bpm is None:
        return "no clock"
    if state.beat is None:
        return f"{state.bpm:.1f} bpm"
    bar, beat = divmod(math.floor(state.beat), 4)
    return f"{state.bpm:.1f} bpm  bar {bar + 1} beat {beat + 1}"
