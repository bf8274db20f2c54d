"""Reach JACK: what is heard can sound in the same period, what is played sounds on its sample.

One client has all ports. Its process callback hears first, then ticks, then writes what is due at
its frame. Source: JACK API, `jack_midi_event_write` and `jack_last_frame_time`.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from bridge.ports.guard import Guard
from bridge.ports.port import AT_ONCE, Change, PortError, Status
from bridge.ports.queue import Queue
from bridge.ports.silence import silence
from bridge.ports.sysex import Assembly, length_of, pieces
from engines.live.event import Event

log = logging.getLogger(__name__)

LARGEST = 4096
"""A message is written in pieces of so many bytes; a port's buffer has room for some of them."""

LAST_S = 20.0
"""So long what is due may take to leave when the ports are closed: a server that waits for all its
clients (`-S`) stalls for up to 15 s when one of them was killed."""

FRAMES = 2**32
"""JACK counts frames up to this number and begins again."""


class JackInput:
    """Be a port that hears."""

    def __init__(self, client: Any, name: str, peer: str, assembly: Assembly) -> None:
        self.port = client.midi_inports.register(name)
        self.peer = peer
        self._client = client
        self._assembly = assembly

    def events(self, begin: int, rate: int) -> Iterator[Event]:
        """Yield what came in this period."""
        for offset, data in self.port.incoming_midi_events():
            yield Event((begin + offset) / rate, bytes(data))

    def take(self, event: Event) -> None:
        """Hear something that came."""
        self._assembly.take(event)

    def status(self) -> Status:
        """Say how the port stands."""
        return _status(self.port, self.peer)

    def join(self) -> None:
        """Let the peer play to this port."""
        self._client.connect(self.peer, self.port)


class JackOutput:
    """Be a port that plays."""

    def __init__(self, client: Any, name: str, peer: str, sent: Callable[[Event], None]) -> None:
        self.port = client.midi_outports.register(name)
        self.peer = peer
        self._sent = sent
        self._client = client
        self._queue = Queue()
        self._rest: list[bytes] = []
        self._empty = True

    def send(self, event: Event) -> None:
        """Let an event sound at its time, or at once if that is over."""
        self._queue.put(event)

    def clear(self) -> None:
        """Begin a period: what is left in the port's buffer would sound again."""
        self.port.clear_buffer()
        self._empty = True

    def write(self, begin: int, frames: int, rate: int) -> None:
        """Write what is due in this period."""
        if self._rest and not self._write_rest(0):
            return
        last = 0
        while (due_s := self._queue.due_s()) is not None:
            offset = 0 if due_s == AT_ONCE else round(due_s * rate) - begin
            if offset >= frames:
                return
            last = max(offset, last)
            data = self._queue.take().data
            self._rest = pieces(data, LARGEST)
            self._sent(Event((begin + last) / rate, data))
            if not self._write_rest(last):
                return

    def drop(self) -> None:
        """Drop what waits for its time; a message of which a piece has left is ended."""
        self._queue.clear()

    def waits(self, now_s: float) -> bool:
        """Return whether something that is due has not left."""
        return bool(self._rest) or self._queue.waits(now_s)

    def status(self) -> Status:
        """Say how the port stands."""
        return _status(self.port, self.peer)

    def join(self) -> None:
        """Let this port play to the peer."""
        self._client.connect(self.port, self.peer)

    def _write_rest(self, offset: int) -> bool:
        """Write pieces until the period has no room; return whether all are written."""
        while self._rest:
            piece, room = self._rest[0], self.port.max_event_size
            if room < len(piece):
                if length_of(piece[0]) or not room or not self._empty:
                    return False
                piece = piece[:room]  # a sysex that even an empty buffer has no room for
            self.port.write_midi_event(offset, piece)
            self._empty = False
            left = self._rest[0][len(piece) :]
            self._rest[:1] = [left] if left else []
        return True


class JackSystem:
    """Be JACK.

    Args:
        client_name: what others see of us.
        tell: called with sentences about what a port sent and could not be used.

    Raises:
        PortError: there is no JACK on this machine, or no server runs.
    """

    name = "JACK"

    def __init__(self, client_name: str, tell: Callable[[str], None]) -> None:
        self._jack = _library()
        os.environ.setdefault("JACK_NO_START_SERVER", "1")
        with silence():
            try:
                self._client = self._jack.Client(client_name, no_start_server=True)
            except self._jack.JackOpenError as error:
                raise PortError(_refusal(self._jack, client_name, error.status)) from error
        self._tell = tell
        self._ins: list[JackInput] = []
        self._outs: list[JackOutput] = []
        self._there: dict[str, bool] = {}
        self._cut: set[str] = set()
        self._guard = Guard()
        self._tick: Callable[[float], None] = _nothing
        self._rate = self._client.samplerate
        self._anchor = (0, self._client.frame_time)
        self._ended = ""
        self.passing_s = self._client.blocksize / self._rate
        self._client.set_shutdown_callback(self._end)

    def now_s(self) -> float:
        """Return the time of JACK's clock in seconds."""
        return self._unrolled(self._client.frame_time) / self._rate

    def inputs(self) -> list[str]:
        """Return the names of ports that can be heard."""
        return self._others(is_output=True)

    def outputs(self) -> list[str]:
        """Return the names of ports that can be played to."""
        return self._others(is_input=True)

    def open_input(self, peer: str, hear: Callable[[Event], None]) -> JackInput:
        """Hear a port; with no name, open a port for others to play to."""
        name = f"in_{len(self._ins) + 1}" if self._ins else "in"
        port = JackInput(self._client, name, peer, Assembly(hear, self._tell))
        self._ins = [*self._ins, port]
        return port

    def open_output(self, peer: str, sent: Callable[[Event], None]) -> JackOutput:
        """Play to a port; with no name, open a port for others to hear."""
        name = f"out_{len(self._outs) + 1}" if self._outs else "out"
        port = JackOutput(self._client, name, peer, sent)
        self._outs = [*self._outs, port]
        return port

    def start(self, tick: Callable[[float], None]) -> None:
        """Begin to hear and to tick, and join the ports that were named.

        Raises:
            PortError: a port that was named is not there.
        """
        self._tick = tick
        self._client.set_process_callback(self._process)
        self._client.set_port_connect_callback(self._note_cut)
        self._client.set_port_registration_callback(self._note_new)
        self._client.activate()
        for port in self._ports():
            if port.peer:
                self._join(port)
                self._there[port.port.name] = True

    def watch(self) -> list[Change]:
        """Join ports again that have come back, and return which came or went."""
        if self._ended:
            raise PortError(f"JACK has ended ({self._ended}): start it, and yuragi again")
        changes = []
        for port in self._ports():
            name = port.port.name
            was, stays = self._there.get(name, True), port.status().there
            there = stays or self._joins(port)
            if was and (not stays or name in self._cut):  # a chord hangs, be it back or not
                changes.append(Change(port.peer, back=False))
                was = False
            if there and not was:
                changes.append(Change(port.peer, back=True))
            self._cut.discard(name)
            self._there[name] = there
        return changes

    def close(self) -> None:
        """Let go of all ports, after what was sent for now has left."""
        self._wait_for_silence()
        self._client.deactivate()
        self._client.close()

    def _ports(self) -> list[JackInput | JackOutput]:
        return [*self._ins, *self._outs]

    def _wait_for_silence(self) -> None:
        """Wait until what is due has left, but not for ever: JACK may have ended."""
        by_s = time.monotonic() + LAST_S
        while any(out.waits(self.now_s()) for out in self._outs):
            if self._ended or time.monotonic() > by_s:
                return
            time.sleep(0.002)
        time.sleep(4 * self.passing_s)

    def _joins(self, port: JackInput | JackOutput) -> bool:
        """Join a port to its peer if that is back, and return whether it is."""
        with suppress(PortError):  # it went again meanwhile
            if port.peer in self._every(port):
                self._join(port)
                return True
        return False

    def _join(self, port: JackInput | JackOutput) -> None:
        try:
            port.join()
        except self._jack.JackError as error:
            there = ", ".join(self._every(port)) or "none"
            raise PortError(f"port {port.peer!r} is not there, allowed are {there}") from error

    def _every(self, port: JackInput | JackOutput) -> list[str]:
        return self.inputs() if isinstance(port, JackInput) else self.outputs()

    def _others(self, **kind: bool) -> list[str]:
        own = f"{self._client.name}:"
        ports = self._client.get_ports(is_midi=True, **kind)
        return [port.name for port in ports if not port.name.startswith(own)]

    def _process(self, frames: int) -> None:
        """Hear, tick and write one period; an error must not end the sound of all others."""
        now = self._client.last_frame_time
        begin = self._unrolled(now)
        self._anchor = (begin, now)
        for port in self._ins:
            self._guard(self._read, port, begin)
        for out in self._outs:  # not before: an own port that is joined to it reads its buffer
            self._guard(out.clear)
        self._guard(self._tick, (begin + frames) / self._rate)
        for out in self._outs:
            self._guard(out.write, begin, frames, self._rate)

    def _read(self, port: JackInput, begin: int) -> None:
        for event in port.events(begin, self._rate):
            self._guard(port.take, event)

    def _note_cut(self, one: Any, other: Any, joined: bool) -> None:
        """Keep in mind whose connection was cut: it may be whole again when it is looked at."""
        if not joined:
            ends = {one.name, other.name}
            self._cut.update(
                port.port.name for port in self._ports() if {port.port.name, port.peer} == ends
            )

    def _note_new(self, new: Any, registered: bool) -> None:
        """Keep in mind whose peer is a new one: the one before may have ended unseen."""
        if registered:
            self._cut.update(port.port.name for port in self._ports() if port.peer == new.name)

    def _unrolled(self, frame: int) -> int:
        """Return a frame as if JACK counted on for ever."""
        base, last = self._anchor
        return base + (frame - last + FRAMES // 2) % FRAMES - FRAMES // 2

    def _end(self, _status: Any, reason: str) -> None:
        self._ended = reason or "it was stopped"


def _status(port: Any, peer: str) -> Status:
    joined = tuple(other.name for other in port.connections)
    return Status(port.name, peer, not peer or peer in joined, joined)


def _refusal(jack: Any, client_name: str, status: Any) -> str:
    """Say why JACK has not let us in."""
    if status.server_failed:
        return "no server runs, start one: jackd, or PipeWire's"
    most = jack.client_name_size() - 2  # it counts an end, and JACK 2 one that it does not take
    if (size := len(client_name.encode())) > most:
        return f"client name is {client_name!r} of {size} bytes, allowed are up to {most}"
    return f"the server does not take the client {client_name!r} ({status})"


def _nothing(_until_s: float) -> None:
    """Do nothing."""


def _library() -> Any:
    """Return JACK's library.

    Raises:
        PortError: it is not installed.
    """
    try:
        import jack  # noqa: PLC0415 - importing it fails where libjack is missing
    except OSError as error:
        raise PortError("libjack is missing (Debian: jackd2)") from error
    jack.set_error_function(log.debug)
    jack.set_info_function(log.debug)
    return jack
