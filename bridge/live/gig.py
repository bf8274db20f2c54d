"""Play live: join ports, rig, ledger and clock, and carry out what is asked for meanwhile.

All that is heard, ticked or changed runs on the one thread of the MIDI system, so a change comes
between two events and never within one.
"""

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from typing import Any, TypeVar

from bridge.gig_protocol import Clock, Port, Ports, Song, State
from bridge.live.bindings import Bindings
from bridge.live.clip_player import ClipPlayer
from bridge.live.follower import Follower
from bridge.live.latency import Latency
from bridge.live.ledger import Ledger
from bridge.live.order import Choose, Learn, Turn
from bridge.live.rig import Rig, checked_stage
from bridge.live.score import Score
from bridge.live.timeline import Mapped, Steady, Timeline
from bridge.ports.port import AT_ONCE, Input, Output, PortError, Status, System, choose
from engines.clip import DEFAULT_BPM
from engines.live.chain import LiveChain
from engines.live.engine import NEVER, Player
from engines.live.event import SYSTEM, Event

log = logging.getLogger(__name__)

TURN_S = 2.0
"""So long a change may wait for the MIDI system's thread."""

START_S = 0.1
"""A song on its own clock begins so soon."""

Tell = Callable[[str], None]
T = TypeVar("T")


class Gig:
    """Be what plays.

    Args:
        system: the machine's MIDI system, open.
        ledger: where what sounds is kept.
        tell: called with sentences for the player; it must not block.
    """

    def __init__(self, system: System, ledger: Ledger, tell: Tell) -> None:
        self.system = system
        self.ledger = ledger
        self.rig = Rig(tell)
        self.rig.clock = self._hear_clock
        self._tell = tell
        self._inputs: list[Input] = []
        self._output: Output | None = None
        self._preset = ""
        self._bindings = Bindings()
        self._follower = Follower(tell)
        self._song: ClipPlayer | None = None
        self._clock: Clock = "own"
        self._bpm: float | None = None
        self._changes: deque[Callable[[], None]] = deque()
        self._latency = Latency(system.passing_s)
        self._notes_out = 0

    def open(self, ports: Ports) -> None:
        """Open the ports that are asked for, and begin to play through.

        Raises:
            PortError: a port is not there, or none is asked for.
        """
        if not (ports.inputs or ports.output or ports.virtual):
            raise PortError("no port is named, allowed are --in, --out and --virtual")
        sources, sinks = self.system.inputs(), self.system.outputs()
        names = [choose(name, sources, "input") for name in ports.inputs]
        for name in dict.fromkeys(names or [""] * bool(ports.virtual)):
            self._inputs.append(self.system.open_input(name, self._listener(name)))
        if ports.output or ports.virtual:
            name = choose(ports.output, sinks, "output") if ports.output else ""
            self._output = self.system.open_output(name, self._sent)
        self._clock, self._bpm = ports.clock, ports.bpm
        if ports.clock != "own":
            self.rig.pulse = self._pulse()
        self.system.start(self._tick)

    def choose(self, order: Choose) -> None:
        """Play through another chain; what sounds goes on as it was.

        Raises:
            OptionError: an unknown engine or option, or a value that is not allowed.
        """
        chain = LiveChain(order.stages, seed=order.seed, pulse=self.rig.pulse, warn=self._tell)

        def change() -> None:
            self._send(self.rig.change(chain, self.system.now_s()))
            self._bindings.clear()
            self._preset = order.name

        self._between(change)

    def turn(self, order: Turn) -> None:
        """Give a stage other values for some options.

        Raises:
            OptionError: there is no such stage or option, or a value is not allowed.
        """

        def change() -> None:
            stage = checked_stage(self.rig.chain, order.stage)
            self._send(self.rig.turn(stage, order.options, self.system.now_s()))

        self._between(change)

    def learn(self, order: Learn) -> None:
        """Bind an option to the next controller that moves.

        Raises:
            OptionError: there is no such stage or option, or no knob can turn it.
        """

        def change() -> None:
            stage = checked_stage(self.rig.chain, order.stage)
            self._bindings.learn(self.rig.chain, stage, order.option)

        self._between(change)

    def play(self, score: Score, loops: int | None) -> None:
        """Play a score so many times, for ever by default, from the next bar line on."""

        def change() -> None:
            self._end_song()
            pulse = self._pulse(score, loops)
            self.rig.pulse = pulse
            at = 0.0 if self._clock == "own" else None
            self._song = ClipPlayer(score, pulse, at=at, loops=NEVER if loops is None else loops)

        self._between(change)

    def swap(self, score: Score) -> None:
        """Go on with another score at the next bar line; begin with it if none is played."""
        song = self._song
        if song is None or song.ended:
            self.play(score, None)
        else:
            self._between(lambda: song.swap(score))

    def stop(self) -> None:
        """Play the score no more."""
        self._between(self._end_song)

    def panic(self) -> None:
        """End all that sounds, and all that waits to."""
        self._between(self._silence)

    def state(self) -> State:
        """Say how things stand."""
        return self._between(self._state)

    def watch(self) -> None:
        """Take up ports that have come back, and end what a port that went has left sounding.

        Raises:
            PortError: the whole system has ended.
        """
        for sentence in self.system.watch():
            self._tell(sentence)
            self._between(self._silence)

    def leave(self) -> None:
        """End all that sounds."""
        try:
            self._between(self._silence)
        except PortError as error:
            log.warning("could not end all: %s", error)

    def _listener(self, name: str) -> Callable[[Event], None]:
        return lambda event: self._hear(event, name)

    def _hear(self, event: Event, port: str) -> None:
        turned = self._bindings.take(event)
        if turned is not None:
            self._send(self.rig.turn(*turned, event.time_s))
            return
        self._send(self.rig.hear(event, port))

    def _tick(self, until_s: float) -> None:
        while self._changes:
            self._changes.popleft()()
        if self._follower.due_s <= until_s:
            self._follower.wake(until_s)
        if self.rig.due_s <= until_s:
            self._send(self.rig.tick(until_s))
        if self._song is not None and self._song.due_s <= until_s:
            self._send(self._song.wake(until_s))

    def _hear_clock(self, event: Event) -> None:
        self._follower.hear(event)

    def _pulse(self, score: Score | None = None, loops: int | None = None) -> Timeline:
        """Return the pulse that was asked for."""
        if self._clock == "midi":
            return self._follower
        start_s = self.system.now_s() + START_S
        if self._bpm is not None or score is None:
            return Steady(self._bpm or DEFAULT_BPM, start_s)
        return Mapped(score.tempo, start_s, score.length if loops != 1 else NEVER)

    def _end_song(self) -> None:
        if self._song is not None:
            self._send(self._song.end(self.system.now_s()))
            self._song = None

    def _send(self, events: list[Event]) -> None:
        if self._output is not None:
            for event in events:
                self._latency.want(event)
                self._output.send(event)

    def _sent(self, event: Event) -> None:
        """Enter a message as it leaves."""
        if event.status != SYSTEM:
            self.ledger.enter(event.data)
            self._latency.send(event)
            self._notes_out += event.is_note_on

    def _silence(self) -> None:
        """Drop what waits, let go of all keys, end what the ledger holds."""
        self.rig.release_all(self.system.now_s())
        self._song = None
        if self._output is not None:
            self._output.drop()
            for data in self.ledger.ends():
                self._output.send(Event(AT_ONCE, data))

    def _state(self) -> State:
        chain = self.rig.chain
        now_s = self.system.now_s()
        pulse, song = self.rig.pulse, self._song
        return State(
            system=self.system.name,
            inputs=tuple(_port(one.status()) for one in self._inputs),
            output=_port(self._output.status()) if self._output else None,
            preset=self._preset,
            engines=tuple(engine.name for engine in chain.engines),
            options=tuple(_told(options) for options in chain.options),
            notes_in=self.rig.notes_in,
            notes_out=self._notes_out,
            sounding=len(self.ledger.sounding),
            bpm=pulse.bpm,
            beat=pulse.beat(now_s),
            lateness=self._latency.told(),
            song=Song(song.turn, song.late, song.ended) if song else None,
            bindings=self._bindings.sentences(),
            learning=max((getattr(one, "learning", 0.0) for one in chain.players), default=0.0),
            learned=next((learned for one in chain.players if (learned := _learned(one))), ()),
        )

    def _between(self, change: Callable[[], T]) -> T:
        """Do something on the MIDI system's thread, between two events, and return its result.

        Raises:
            PortError: the MIDI system does not run any more.
        """
        done: Future[T] = Future()

        def do() -> None:
            try:
                done.set_result(change())
            except Exception as error:  # whoever waits shall have it
                done.set_exception(error)

        self._changes.append(do)
        try:
            return done.result(TURN_S)
        except LateError as error:
            raise PortError(f"{self.system.name} does not run any more") from error


def _port(status: Status) -> Port:
    return Port(status.peer or status.name, status.there, status.joined)


def _learned(player: Player) -> tuple[float, ...]:
    learned: tuple[float, ...] = getattr(player, "learned", ())
    return learned


def _told(options: Any) -> dict[str, Any]:
    return {name: getattr(options, name) for name in options.__struct_fields__}
