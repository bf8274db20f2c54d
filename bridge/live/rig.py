"""Join what is heard, the live engines and what sounds, without a port.

Every key's ons and offs are made to alternate before an engine hears them. A note that began in a
chain ends in it, so a chain can be changed while keys are down: the old one hears its own offs
until the last has come, and is then ended.
"""

from collections.abc import Callable, Iterable
from typing import Any

from bridge.live.loop_guard import Echoes, LoopGuard
from engines.error import OptionError
from engines.live.chain import LiveChain
from engines.live.engine import NEVER, Pulse, Silence
from engines.live.event import (
    ALL_NOTES_OFF,
    ALL_SOUND_OFF,
    CONTROL,
    RESET,
    SYSTEM,
    Event,
    note_off,
)

ACTIVE_SENSING = 0xFE
"""It says that a cable is there; it is not passed on, for we are no cable."""

Tell = Callable[[str], None]


class Rig:
    """Hear events and say what sounds.

    Args:
        tell: called with sentences for the player.

    Attributes:
        pulse: where the song is.
    """

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self.pulse: Pulse = Silence()
        self.clock: Callable[[Event], Any] = _unheard
        """Hears what says where the song is."""
        self.chain = LiveChain([])
        self._old: list[LiveChain] = []
        self._down: dict[tuple[int, int], LiveChain] = {}
        self._guards: dict[str, LoopGuard] = {}
        self._echoes = Echoes()
        self.notes_in = 0

    def hear(self, event: Event, port: str = "") -> list[Event]:
        """Return what sounds because of an event from a port."""
        if event.data[0] == ACTIVE_SENSING or not self._passes(event, port):
            return []
        if event.data[0] > SYSTEM:
            self.clock(event)
            return [event]
        said = self._play(event)
        for one in said:
            self._echoes.send(one)
        if self._guards[port].suspected:
            said += self._echoes.pattern(event.time_s)
        return said

    def tick(self, until_s: float) -> list[Event]:
        """Return what sounds because a time has come."""
        said: list[Event] = []
        for chain in (*self._old, self.chain):
            if chain.due_s <= until_s:
                said += chain.wake(until_s)
        for one in said:
            self._echoes.send(one)
        return said

    @property
    def due_s(self) -> float:
        """When `tick` has something to do."""
        return min((chain.due_s for chain in (*self._old, self.chain)), default=NEVER)

    def change(self, chain: LiveChain, now_s: float) -> list[Event]:
        """Play by another chain from now on; keys that are down stay with the one before."""
        self._old.append(self.chain)
        self.chain = chain
        return self._retire(now_s)

    def turn(self, stage: int, changes: dict[str, Any], now_s: float) -> list[Event]:
        """Give a stage of the chain other values for some options.

        Raises:
            OptionError: there is no such stage or option, or a value is not allowed.
        """
        return self.chain.turn(stage, changes, now_s)

    def release_all(self, now_s: float) -> list[Event]:
        """Let go of all keys and end all that the chains hold."""
        said: list[Event] = []
        for key in list(self._down):
            said += self._release(Event(now_s, note_off(*key)))
        for chain in (*self._old, self.chain):
            said += chain.end(now_s)
        self._old = []
        return said

    def _passes(self, event: Event, port: str) -> bool:
        """Return whether an event is to be heard; say when its port is cut off."""
        guard = self._guards.setdefault(port, LoopGuard())
        was = guard.cut
        passes = guard.passes(event, self._echoes)
        if guard.cut and not was:
            self._tell(
                f"{port or 'the input'} hears what yuragi plays: it is cut off until it has been"
                " quiet for 2 s; take the cable or the connection back to it away"
            )
        return passes

    def _play(self, event: Event) -> list[Event]:
        if event.is_note_on:
            return self._press(event)
        return self._release(event) if event.is_note_off else self._other(event)

    def _press(self, event: Event) -> list[Event]:
        self.notes_in += 1
        said: list[Event] = []
        if event.key in self._down:
            said += self._release(Event(event.time_s, note_off(*event.key)))
        self._down[event.key] = self.chain
        return said + self.chain.hear(event)

    def _release(self, event: Event) -> list[Event]:
        chain = self._down.pop(event.key, None)
        if chain is None:
            return []
        said = chain.hear(event)
        return said + self._retire(event.time_s) if self._old else said

    def _other(self, event: Event) -> list[Event]:
        said: list[Event] = []
        if event.status == CONTROL and event.data[1] in {ALL_NOTES_OFF, ALL_SOUND_OFF, RESET}:
            for key in [key for key in self._down if key[0] == event.channel]:
                if event.data[1] != RESET:
                    said += self._release(Event(event.time_s, note_off(*key)))
        for chain in self._old:
            chain.hear(event)
        return said + self.chain.hear(event)

    def _retire(self, now_s: float) -> list[Event]:
        """End the old chains of which no key is down."""
        kept = {id(chain) for chain in self._down.values()}
        said: list[Event] = []
        for chain in self._old:
            if id(chain) not in kept:
                said += chain.end(now_s)
        self._old = [chain for chain in self._old if id(chain) in kept]
        return said


def _unheard(_event: Event) -> None:
    """Hear nothing."""


def checked_stage(chain: LiveChain, stage: int | str) -> int:
    """Return a stage's index in a chain by its index or by its engine's name, or the end of it.

    Raises:
        OptionError: it has no such stage.
    """
    names = [engine.name for engine in chain.engines]
    fits: Iterable[int] = (
        index
        for index, name in enumerate(names)
        if stage in {index, name, name.removeprefix("live.")}
    )
    found = next(iter(fits), None)
    if found is None:
        allowed = ", ".join(names) or "none: the preset has no stages"
        raise OptionError("stage", f"is {stage!r}, allowed are {allowed}")
    return found
