"""Play live: join ports, rig, ledger and clock, and carry out what is asked for meanwhile.

All that is heard, ticked or changed runs on the one thread of the MIDI system, so a change comes
between two events and never within one. How things stand is read from without: that needs no
thread that may stall, and takes no time where notes are waited for.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from bridge.error import BridgeError
from bridge.gig_protocol import Answers, Ports, Song, State
from bridge.live.bindings import Bindings
from bridge.live.change_queue import ChangeQueue
from bridge.live.clip_player import ClipPlayer
from bridge.live.conductor import Conductor
from bridge.live.latency import Latency
from bridge.live.ledger import Ledger
from bridge.live.order import Answered, BusyError, Called, Choose, Learn, Record, Respond, Turn
from bridge.live.recording import Recording
from bridge.live.response import Call, Response
from bridge.live.rig import Rig, checked_stage
from bridge.live.score import Score
from bridge.live.standing import chain_state, port_state
from bridge.ports.jack_system import LAST_S
from bridge.ports.port import AT_ONCE, Input, Output, PortError, System, choose
from engines.clip import DEFAULT_BPM
from engines.live.chain import LiveChain
from engines.live.engine import NEVER
from engines.live.event import ALL_NOTES_OFF, CHANNELS, SUSTAIN, SYSTEM, Event, control

log = logging.getLogger(__name__)

Tell = Callable[[str], None]


class Gig:
    """Be what plays.

    Args:
        system: the machine's MIDI system, open.
        ledger: where what sounds is kept.
        tell: called with sentences for the player; it must not block.
        call: called with phrases that are to be answered; it must not block.
        stall_s: so long a change may wait for the MIDI system's thread.
    """

    def __init__(
        self,
        system: System,
        ledger: Ledger,
        tell: Tell,
        call: Callable[[Called], None],
        *,
        stall_s: float = LAST_S,
    ) -> None:
        self.system = system
        self.ledger = ledger
        self.rig = Rig(tell)
        self._conductor = Conductor(system.now_s, tell)
        self.rig.pulse = self._conductor
        self._tell, self._call = tell, call
        self._inputs: dict[str, Input] = {}
        self._output: Output | None = None
        self._preset = ""
        self._bindings = Bindings()
        self._song: ClipPlayer | None = None
        self._recording: Recording | None = None
        self._response: Response | None = None
        self._changes = ChangeQueue(system.name, stall_s)
        self._latency = Latency(system.passing_s)
        self._notes_out = 0
        self._left = False

    def open(self, ports: Ports) -> None:
        """Open the ports that are asked for, and begin to play through.

        Raises:
            PortError: a port is not there, or none is asked for.
            BridgeError: Link cannot be joined.
        """
        if not (ports.inputs or ports.output or ports.virtual):
            raise PortError("no port is named, allowed are --in, --out and --virtual")
        if ports.clock == "midi" and not (ports.inputs or ports.virtual):
            raise PortError("no input is named, and a MIDI clock is heard at one: give --in too")
        sources, sinks = self.system.inputs(), self.system.outputs()
        names = [choose(name, sources, "input") for name in ports.inputs]
        for name in dict.fromkeys(names or [""] * bool(ports.virtual)):
            self._inputs[name] = self.system.open_input(name, self._listener(name))
        if ports.output or ports.virtual:
            name = choose(ports.output, sinks, "output") if ports.output else ""
            self._output = self.system.open_output(name, self._sent)
        self._conductor.follow(ports.clock, ports.bpm)
        if ports.clock == "midi":
            self.rig.clock = self._conductor.hear
        self.system.start(self._tick)

    def choose(self, order: Choose) -> None:
        """Play through another chain; what sounds goes on as it was.

        Raises:
            OptionError: an unknown engine or option, or a value that is not allowed.
        """
        chain = LiveChain(order.stages, seed=order.seed, pulse=self.rig.pulse, warn=self._tell)

        def change() -> None:
            self._send(self._said(self.rig.change, chain, self.system.now_s()))
            self.rig.chain = chain  # even if the one before failed when it was to end
            self._bindings.clear()
            self._preset = order.name

        self._changes.do(change)

    def turn(self, order: Turn) -> None:
        """Give a stage other values for some options.

        Raises:
            OptionError: there is no such stage or option, or a value is not allowed.
        """

        def change() -> None:
            stage = checked_stage(self.rig.chain, order.stage)
            self._send(self.rig.turn(stage, order.options, self.system.now_s()))

        self._changes.do(change)

    def learn(self, order: Learn) -> None:
        """Bind an option to the next controller that moves.

        Raises:
            OptionError: there is no such stage or option, or no knob can turn it.
        """

        def change() -> None:
            stage = checked_stage(self.rig.chain, order.stage)
            self._bindings.learn(self.rig.chain, stage, order.option)

        self._changes.do(change)

    def play(self, score: Score, loops: int | None) -> None:
        """Play a score so many times, for ever by default, from the next bar line on."""

        def change() -> None:
            self._end_song()
            at = self._conductor.play(score, loops)
            times = NEVER if loops is None else loops
            self._song = ClipPlayer(score, self._conductor, at=at, loops=times)

        self._changes.do(change)

    def swap(self, score: Score) -> None:
        """Go on with another score at the next bar line; begin with it if none is played.

        On the own clock its tempo holds from there on.
        """
        song = self._song
        if song is None or song.ended:
            self.play(score, None)
        else:
            self._changes.do(lambda: self._conductor.swap(score, song.swap(score)))

    def stop(self) -> None:
        """Play the score no more, and answer no more."""

        def change() -> None:
            self._end_song()
            self._end_response()

        self._changes.do(change)

    def respond(self, order: Respond) -> None:
        """Answer what is heard from now on."""

        def change() -> None:
            self._end_response()
            self._conductor.await_note(DEFAULT_BPM)
            self._response = Response(
                self._conductor,
                self._ask,
                bars=order.bars,
                channel=order.channel,
                seed=order.seed,
            )

        self._changes.do(change)

    def answer(self, order: Answered) -> None:
        """Bring an answer; one that comes too late is dropped."""
        response = self._response
        if response is not None:
            self._changes.do(lambda: response.answer(order.number, order.clip))

    def panic(self) -> None:
        """End all that sounds and all that waits to, and what instruments hold by themselves."""
        self._changes.do(self._panic)

    def record(self, order: Record) -> None:
        """Record from now on.

        Raises:
            BridgeError: it cannot be kept there, there is no such port, or a take is under way.
        """
        if self._recording is not None:
            raise BusyError("a take is under way already, allowed is one: finish it first")
        names = tuple(self._inputs)
        if order.what == "sounded":
            names = (self._output.status().name,) if self._output else ()
        if not names:
            raise PortError(f"no port is open of which to record what is {order.what}")
        start_s = self.system.now_s()
        recording = Recording(order, names, self._conductor, start_s, self._tell)

        def change() -> None:
            self._conductor.await_note()
            self._recording = recording

        self._changes.do(change)

    def finish(self) -> None:
        """End the take that is recorded, if any, and tell what became of it.

        Raises:
            BridgeError: its file cannot be written.
        """
        recording = self._recording
        if recording is not None:
            self._changes.do(self._end_recording)
            self._tell(recording.close(self.system.now_s()))

    @property
    def joined(self) -> tuple[str, ...]:
        """What the output plays to, as far as is known."""
        return self._output.status().joined if self._output else ()

    def state(self) -> State:
        """Say how things stand, whether or not the MIDI system runs."""
        now_s = self.system.now_s()
        song, recording, response = self._song, self._recording, self._response
        return State(
            system=self.system.name,
            inputs=tuple(port_state(one.status()) for one in self._inputs.values()),
            output=port_state(self._output.status()) if self._output else None,
            preset=self._preset,
            notes_in=self.rig.notes_in,
            notes_out=self._notes_out,
            sounding=len(self.ledger.sounding),
            bpm=self._conductor.bpm,
            beat=self._conductor.beat(now_s),
            lateness=self._latency.told(),
            song=Song(song.turn, song.late, song.ended) if song else None,
            take=recording.state(now_s) if recording else None,
            answers=Answers(response.calls, response.unanswered) if response else None,
            bindings=self._bindings.sentences(),
            **chain_state(self.rig.chain),
        )

    def watch(self) -> None:
        """Take up ports that have come back, and end what a port that went has left sounding.

        Nobody waits until that is ended: a system may stall for what made the port go.

        Raises:
            PortError: the whole system has ended.
        """
        try:
            changes = self.system.watch()
        except PortError:
            self._changes.ended = True
            raise
        for change in changes:
            self._tell(change.sentence)
            if not change.back:
                self._changes.put(self._silence)
            elif self._output is not None and change.peer == self._output.status().peer:
                self._changes.put(self._quieten)

    def leave(self) -> None:
        """Play nothing more, end all that sounds, and then the take."""
        self._left = True
        silence = partial(self._changes.do, self._silence)
        for end in (silence, self.finish, self._conductor.close):
            try:
                end()
            except BridgeError as error:
                log.warning("could not end all: %s", error)

    def _listener(self, name: str) -> Callable[[Event], None]:
        return lambda event: self._hear(event, name)

    def _hear(self, event: Event, port: str) -> None:
        if self._left:
            return
        if event.is_note_on:
            self._conductor.hear_note(event.time_s)
        if (recording := self._recording) is not None:
            recording.hear(event, port)
        if self._response is not None:
            self._response.hear(event)
        turned = self._bindings.take(event)
        if turned is not None:
            self._send(self._said(self.rig.turn, *turned, event.time_s))
            return
        self._send(self._said(self.rig.hear, event, port))

    def _tick(self, until_s: float) -> None:
        self._changes.run()
        if self._left:
            return
        if self._conductor.due_s <= until_s:
            self._conductor.wake(until_s)
        if (recording := self._recording) is not None:
            recording.look(until_s)
        self._send(self._said(self.rig.tick, until_s))
        if self._song is not None and self._song.due_s <= until_s:
            self._send(self._song.wake(until_s))
        if self._response is not None and self._response.due_s <= until_s:
            self._send(self._response.wake(until_s))

    def _ask(self, call: Call) -> None:
        self._call(Called(call.number, call.clip, call.deadline_s - self.system.now_s()))

    def _end_song(self) -> None:
        if self._song is not None:
            self._send(self._song.end(self.system.now_s()))
            self._song = None

    def _end_recording(self) -> None:
        self._recording = None

    def _end_response(self) -> None:
        if self._response is not None:
            self._send(self._response.end(self.system.now_s()))
            self._response = None

    def _said(self, deed: Callable[..., list[Event]], *given: Any) -> list[Event]:
        """Return what the rig says; if an engine fails, play on without it.

        An engine may be anybody's. What it left undone would fail again in each period, and keep
        all others from being heard.
        """
        try:
            return deed(*given)
        except Exception:
            log.exception("an engine failed, so yuragi plays through: choose a preset anew")
            self._play_through()
            return []

    def _play_through(self) -> None:
        """Take up a rig without engines, and end what the one before has left sounding."""
        before, self.rig = self.rig, Rig(self._tell)
        self.rig.clock, self.rig.pulse = before.clock, before.pulse
        self.rig.notes_in = before.notes_in
        self._bindings.clear()
        self._preset = ""
        self._end_notes()

    def _send(self, events: list[Event]) -> None:
        if self._output is not None:
            for event in events:
                self._latency.want(event)
                self._output.send(event)

    def _sent(self, event: Event) -> None:
        """Enter a message as it leaves."""
        if (recording := self._recording) is not None:
            recording.send(event)
        if event.status != SYSTEM:
            self.ledger.enter(event.data)
            self._latency.send(event)
            self._notes_out += event.is_note_on

    def _panic(self) -> None:
        self._silence()
        self._quieten()

    def _quieten(self) -> None:
        """End what an instrument that was away may have gone on playing."""
        for channel in range(CHANNELS if self._output else 0):
            for number in (SUSTAIN, ALL_NOTES_OFF):
                self._send([Event(AT_ONCE, control(channel, number, 0))])

    def _silence(self) -> None:
        """Let go of all keys, and end all that plays and sounds."""
        self._said(self.rig.release_all, self.system.now_s())
        self._song = None
        if self._response is not None:
            self._response.end(self.system.now_s())
        self._end_notes()

    def _end_notes(self) -> None:
        """Drop what waits, and end what the ledger holds."""
        if self._output is not None:
            self._output.drop()
            for data in self.ledger.ends():
                self._output.send(Event(AT_ONCE, data))
