"""Define what a MIDI system is, and choose its ports by what people call them.

A system hears and ticks on one thread at a time, so whoever listens needs no lock. What it calls
must not block and must not raise.
"""

import math
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import NamedTuple, Protocol

from bridge.error import BridgeError
from engines.live.event import Event

AT_ONCE = -math.inf
"""The time of an event that is to sound at once."""


class PortError(BridgeError):
    """Report a port or a MIDI system that cannot be used."""


class Status(NamedTuple):
    """Say how an own port stands: what it is joined to, and whether that is there now.

    `peer` is the full name of the port at the other end, empty for a virtual port, which waits for
    others to join it; `joined` are all that are joined to it, as far as the system can tell.
    """

    name: str
    peer: str
    there: bool
    joined: tuple[str, ...]


class Change(NamedTuple):
    """Say that a port at the other end has gone, or is back, with a sentence for people."""

    peer: str
    back: bool

    @property
    def sentence(self) -> str:
        """What people are told."""
        state = "is back" if self.back else "has gone; it is taken up again when it comes back"
        return f"{self.peer} {state}"


class Output(Protocol):
    """Send events."""

    def send(self, event: Event) -> None:
        """Let an event sound at its time, or at once if that is over; never earlier."""
        ...

    def drop(self) -> None:
        """Drop what waits for its time."""
        ...

    def status(self) -> Status:
        """Say how the port stands."""
        ...


class Input(Protocol):
    """Hear events until it is closed with its system."""

    def status(self) -> Status:
        """Say how the port stands."""
        ...


class System(Protocol):
    """Be one of the machine's ways to carry MIDI, such as JACK or ALSA.

    Attributes:
        name: what people call it.
        passing_s: how long the system itself takes to pass a message on.
    """

    name: str
    passing_s: float

    def now_s(self) -> float:
        """Return the time of the system's own steady clock in seconds, as events have it."""
        ...

    def inputs(self) -> list[str]:
        """Return the names of ports that can be heard."""
        ...

    def outputs(self) -> list[str]:
        """Return the names of ports that can be played to."""
        ...

    def open_input(self, peer: str, hear: Callable[[Event], None]) -> Input:
        """Hear a port by its full name; with no name, open a virtual port for others to play to.

        Raises:
            PortError: there is no such port, or it is in use, or no virtual ports are possible.
        """
        ...

    def open_output(self, peer: str, sent: Callable[[Event], None]) -> Output:
        """Play to a port by its full name; with no name, open a virtual port for others to hear.

        `sent` is called with each message as it leaves, at the time at which it does.

        Raises:
            PortError: there is no such port, or it is in use, or no virtual ports are possible.
        """
        ...

    def start(self, tick: Callable[[float], None]) -> None:
        """Begin to hear, and to call `tick` often with the time up to which events can be sent."""
        ...

    def watch(self) -> list[Change]:
        """Take up ports again that have come back, and return which came or went.

        Raises:
            PortError: the whole system has ended.
        """
        ...

    def close(self) -> None:
        """Let go of all ports; what was sent for now has left before."""
        ...


def choose(wanted: str, names: Sequence[str], what: str) -> str:
    """Return the port that people mean by a number, a name, a part of one, or nearly one.

    Args:
        wanted: a number from 1 as `yuragi ports` lists them, or text.
        names: full names of the ports there are.
        what: "input" or "output", for the sentence.

    Raises:
        PortError: it fits no port, or several.
    """
    if wanted in names:
        return wanted
    if wanted.isdecimal() and 1 <= int(wanted) <= len(names):
        return names[int(wanted) - 1]
    fits = _fits(wanted, names)
    if len(fits) == 1:
        return fits[0]
    if fits:
        raise PortError(f"{what} is {wanted!r}, which may be {' or '.join(fits)}: say more of it")
    there = ", ".join(names) or "none: plug one in, or start the program that has one"
    raise PortError(f"{what} is {wanted!r}, allowed are {there}")


def _fits(wanted: str, names: Sequence[str]) -> list[str]:
    """Return the ports that fit best: by part, else by all words, else by likeness."""
    low = {name: name.casefold() for name in names}
    text = wanted.casefold().strip()
    if not text:
        return []
    ends = [name for name in names if low[name].split(":")[-1] == text]
    parts = [name for name in names if text in low[name]]
    words = [name for name in names if all(word in low[name] for word in text.split())]
    return ends or parts or words or _alike(text, names)


def _alike(text: str, names: Sequence[str]) -> list[str]:
    """Return the port whose name, or one end of it, is nearly what was typed."""
    ends = {end.casefold(): name for name in names for end in (name, *name.split(":"))}
    return list(dict.fromkeys(ends[end] for end in get_close_matches(text, ends, n=1)))
