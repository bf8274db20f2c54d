"""Join what is heard, the live engines and what sounds, without a port.

Every key's ons and offs are made to alternate before an engine hears them. A note that began in a
chain ends in it, so a chain can be changed while keys are down: the old one hears its own offs
until the last has come, and is then ended. Whatever is no note is heard by the new one alone.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from bridge.live.loop_guard import Echoes, LoopGuard
from engines.error import OptionError
from engines.live.chain import LiveChain
from engines.live.ending import ends_notes, resets
from engines.live.engine import NEVER, Pulse, Silence
from engines.live.event import ALL_SOUND_OFF, CONTROL, HOLDS, SYSTEM, Event, control, note_off

ACTIVE_SENSING = 0xFE
"""It says that a cable is there; it is not passed on, for we are no cable."""

HELD_BACK_S = 0.065
"""No message is held back longer by an engine: `live.humanize` does by 30 ms, and by 30 more."""

Tell = Callable[[str], None]


class Press(NamedTuple):
    """Be a key that is down: the chain in which its note began, and the port that pressed it."""

    chain: LiveChain
    port: str


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
        self._settled_s = -NEVER
        self._down: dict[tuple[int, int], Press] = {}
        self._feet: dict[tuple[int, int], str] = {}
        self._held: dict[tuple[int, int], str] = {}
        self._guards: dict[str, LoopGuard] = {}
        self._echoes = Echoes()
        self.notes_in = 0

    def hear(self, event: Event, port: str = "") -> list[Event]:
        """Return what sounds because of an event from a port."""
        if event.data[0] == ACTIVE_SENSING:
            return []
        guard = self._guards.setdefault(port, LoopGuard())
        was_cut, known = guard.cut, guard.known
        if not guard.passes(event, self._echoes):
            return self._cut(port, event.time_s, known) if guard.cut and not was_cut else []
        said = self._play(event, port)
        for one in said:
            self._echoes.send(one)
        if guard.suspected and (pattern := self._echoes.pattern(event.time_s)):
            guard.begin_trial(event.time_s)
            said += pattern
        return said

    def tick(self, until_s: float) -> list[Event]:
        """Return what sounds because a time has come."""
        said: list[Event] = []
        for chain in self._old:
            if chain.due_s <= until_s:
                said += self._of_old(chain.wake(until_s))
        if self.chain.due_s <= until_s:
            said += self._of_new(self.chain.wake(until_s))
        for one in said:
            self._echoes.send(one)
        return said

    @property
    def due_s(self) -> float:
        """When `tick` has something to do."""
        return min((chain.due_s for chain in (*self._old, self.chain)), default=NEVER)

    def change(self, chain: LiveChain, now_s: float) -> list[Event]:
        """Play by another chain from now on; keys that are down stay with the one before."""
        if self.chain.due_s < now_s + HELD_BACK_S:
            self._settled_s = now_s + HELD_BACK_S
        self._old.append(self.chain)
        self.chain = chain
        return self._retire(now_s)

    def turn(self, stage: int, changes: dict[str, Any], now_s: float) -> list[Event]:
        """Give a stage of the chain other values for some options.

        Raises:
            OptionError: there is no such stage or option, or a value is not allowed.
        """
        return self._of_new(self.chain.turn(stage, changes, now_s))

    def release_all(self, now_s: float) -> list[Event]:
        """Let go of all keys and end all that the chains hold."""
        said: list[Event] = []
        for key in list(self._down):
            said += self._release(Event(now_s, note_off(*key)))
        for chain in (*self._old, self.chain):
            said += chain.end(now_s)
        self._old = []
        return said

    def _cut(self, port: str, now_s: float, known: bool) -> list[Event]:
        """Let go of what a port that is cut off holds, and say that it is, if nobody knows."""
        if not known:
            self._tell(
                f"{port or 'the input'} hears what yuragi plays: it is cut off until it has been"
                " quiet for 2 s; take the cable or the connection back to it away"
            )
        said: list[Event] = []
        for channel, number in [pedal for pedal, its in self._feet.items() if its == port]:
            said += self._other(Event(now_s, control(channel, number, 0)), port)
        for key in [key for key, press in self._down.items() if press.port == port]:
            said += self._release(Event(now_s, note_off(*key)))
        return said

    def _play(self, event: Event, port: str) -> list[Event]:
        if event.data[0] > SYSTEM:
            self.clock(event)
            return [event]
        if event.is_note_on:
            return self._press(event, port)
        return self._release(event) if event.is_note_off else self._other(event, port)

    def _press(self, event: Event, port: str) -> list[Event]:
        self.notes_in += 1
        said: list[Event] = []
        if event.key in self._down:
            said += self._release(Event(event.time_s, note_off(*event.key)))
        self._down[event.key] = Press(self.chain, port)
        return said + self._of_new(self.chain.hear(event))

    def _release(self, event: Event) -> list[Event]:
        press = self._down.pop(event.key, None)
        if press is None:
            return []
        if press.chain is self.chain:
            return self._of_new(self.chain.hear(event))
        return self._of_old(press.chain.hear(event)) + self._retire(event.time_s)

    def _other(self, event: Event, port: str) -> list[Event]:
        said: list[Event] = []
        if ends_notes(event):
            for key in [key for key in self._down if key[0] == event.channel]:
                said += self._release(Event(event.time_s, note_off(*key)))
        _step(self._feet, event, port)
        return said + self._of_new(self.chain.hear(event))

    def _of_new(self, said: Sequence[Event]) -> list[Event]:
        """Let what the chain says come behind what the chains before it hold back."""
        for event in said:
            _step(self._held, event)
        settled_s = self._settled_s
        return [
            event.at(settled_s) if event.time_s < settled_s and _sets(event) else event
            for event in said
        ]

    def _of_old(self, said: Sequence[Event]) -> list[Event]:
        """Leave out where an old chain's foot lifts a pedal that another one holds by now."""
        return [event for event in said if not (_lifts(event) and event.key in self._held)]

    def _retire(self, now_s: float) -> list[Event]:
        """End the old chains of which no key is down."""
        kept = {id(press.chain) for press in self._down.values()}
        said: list[Event] = []
        for chain in self._old:
            if id(chain) not in kept:
                said += self._of_old(chain.end(now_s))
        self._old = [chain for chain in self._old if id(chain) in kept]
        return said


def _sets(event: Event) -> bool:
    """Return whether an event says how notes sound, and neither begins nor ends any."""
    mode = event.status == CONTROL and event.data[1] >= ALL_SOUND_OFF
    return not (mode or event.is_note_on or event.is_note_off)


def _lifts(event: Event) -> bool:
    return event.status == CONTROL and event.data[1] in HOLDS and event.data[2] == 0


def _step(feet: dict[tuple[int, int], str], event: Event, port: str = "") -> None:
    """Note which pedals are down, channel and number, and which port pressed them."""
    if resets(event):
        for pedal in [pedal for pedal in feet if pedal[0] == event.channel]:
            del feet[pedal]
    elif _lifts(event):
        feet.pop(event.key, None)
    elif event.status == CONTROL and event.data[1] in HOLDS:
        feet[event.key] = port


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
