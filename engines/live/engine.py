"""Define what a live engine is: a name, a summary, its options, and a player that hears and plays.

It is announced, listed and given its options like the engines that play clips; what differs is its
call, for a note that is played now cannot wait for the next one.
"""

import math
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import numpy as np

from engines.engine import Options
from engines.live.event import Event
from engines.stream import stream
from engines.warning import ignore_warning

NEVER = math.inf


class Pulse(Protocol):
    """Tell where the song is, by a MIDI clock, Link or nothing at all."""

    def beat(self, time_s: float) -> float | None:
        """Return the song's position in beats at a time of the port's clock; None if unknown."""
        ...

    @property
    def bpm(self) -> float | None:
        """The tempo in quarter notes a minute; None if unknown."""
        ...


class Silence:
    """Be a pulse of which nothing is known."""

    bpm: float | None = None

    def beat(self, time_s: float) -> float | None:  # noqa: ARG002
        """Return None."""
        return None


class LiveContext:
    """Hand a live engine what it may draw on.

    Args:
        seed: names its random streams.
        stage: the index of the engine in its preset.
        engine: the engine's name.
        pulse: where the song is.
        warn: called with a sentence for the player about what the engine could not do.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        stage: int = 0,
        engine: str = "",
        pulse: Pulse | None = None,
        warn: Callable[[str], None] = ignore_warning,
    ) -> None:
        self.pulse: Pulse = pulse or Silence()
        self.warn = warn
        self.names = (seed, stage, engine)

    def rng(self, purpose: str) -> np.random.Generator:
        """Return the random stream for a purpose; the same stream at each call."""
        return stream(*self.names, purpose)


class Player(Protocol):
    """Hear events in order of time and say what sounds.

    What it says may lie later than what it heard, never earlier; the note off of a note that it
    moved is moved with it. It never blocks, opens nothing and answers within a fraction of a
    millisecond. All it says for one note on it also ends when that note's off is heard, or in
    `end`. What lies later waits in the player until `wake`, so that the next one hears events in
    order of time too; only `end` says at once what is still to come.
    """

    @property
    def due_s(self) -> float:
        """When `wake` wants to be called, NEVER if nothing waits."""
        ...

    def hear(self, event: Event) -> Sequence[Event]:
        """Return what sounds because of an event: itself, changed, more, or nothing."""
        ...

    def wake(self, now_s: float) -> Sequence[Event]:
        """Return what sounds because a time has come; `due_s` is then later, or NEVER."""
        ...

    def turn(self, options: Any, now_s: float) -> Sequence[Event]:
        """Go on with other options, and end what they do not hold any more."""
        ...

    def end(self, now_s: float) -> Sequence[Event]:
        """End all that this player alone holds: notes that it added or latched, its pedal.

        Notes whose keys are still held are not its own: their offs come.
        """
        ...


@runtime_checkable
class LiveEngine(Protocol):
    """Make players that hear one message at a time."""

    name: ClassVar[str]
    summary: ClassVar[str]
    kind: ClassVar[Literal["live"]]
    Options: ClassVar[type[Options]]

    def __call__(self, options: Any, context: LiveContext) -> Player:
        """Return a player that has heard nothing yet."""
        ...
