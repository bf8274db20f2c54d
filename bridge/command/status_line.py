"""Keep a line at the bottom of a terminal that says how things stand."""

import sys
from collections.abc import Iterable

import click

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
