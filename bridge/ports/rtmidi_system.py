"""Reach ALSA, CoreMIDI and Windows through python-rtmidi.

rtmidi sends at once and cannot say how much its buffers still take, so what is sent for later waits
here, and bursts are spread out. Source: RtMidi documentation, "Virtual Ports" and "MIDI Input".
"""

import logging
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

import rtmidi

from bridge.ports.guard import Guard
from bridge.ports.port import Change, PortError, Status
from bridge.ports.port_name import alike, known_again
from bridge.ports.queue import Queue
from bridge.ports.silence import silence
from bridge.ports.sysex import Assembly
from engines.live.event import Event

log = logging.getLogger(__name__)

TICK_S = 0.001
"""What waits is looked at so often."""

LAST_S = 5.0
"""So long what is due may take to leave when the ports are closed: the longest sysex takes 4 s."""

BURST = 1024
"""So many bytes leave within a tick, then the next one's turn has come; at this pace no buffer of
16 KiB that is emptied every 10 ms overflows."""

NAMES = {
    "JACK": rtmidi.API_UNIX_JACK,
    "ALSA": rtmidi.API_LINUX_ALSA,
    "CoreMIDI": rtmidi.API_MACOSX_CORE,
    "WinMM": rtmidi.API_WINDOWS_MM,
}

NO_VIRTUAL = (
    "Windows has no virtual MIDI ports of its own: install loopMIDI or Windows MIDI Services,"
    " make a port there, and name it with --in or --out"
)


class RtInput:
    """Be a port that hears."""

    def __init__(self, system: "RtSystem", peer: str, hear: Callable[[Event], None]) -> None:
        self.peer = self.called = peer
        self.known: list[str] = []
        self._system = system
        self._assembly = Assembly(hear, system.tell)
        self.midi = rtmidi.MidiIn(system.api, system.client_name)
        self.midi.ignore_types(sysex=False, timing=False, active_sense=False)
        self.midi.set_callback(self._take)

    def status(self) -> Status:
        """Say how the port stands."""
        return _status(self._system, self)

    def _take(self, given: tuple[list[int], float], _data: Any) -> None:
        event = Event(time.perf_counter(), bytes(given[0]))
        with self._system.lock:
            self._system.guard(self._assembly.take, event)


class RtOutput:
    """Be a port that plays."""

    def __init__(self, system: "RtSystem", peer: str, sent: Callable[[Event], None]) -> None:
        self.peer = self.called = peer
        self.known: list[str] = []
        self._sent = sent
        self._system = system
        self._queue = Queue()
        self._room = BURST
        self.midi = rtmidi.MidiOut(system.api, system.client_name)

    def send(self, event: Event) -> None:
        """Let an event sound at its time, or at once if that is over."""
        with self._system.lock:
            self._queue.put(event)
            self.write(time.perf_counter())

    def write(self, now_s: float) -> None:
        """Send what is due, as far as the burst allows."""
        while self._room > 0 and (due_s := self._queue.due_s()) is not None and due_s <= now_s:
            data = self._queue.take().data
            self._room -= len(data)
            try:
                self.midi.send_message(data)
                self._sent(Event(time.perf_counter(), data))
            except (rtmidi.SystemError, rtmidi.InvalidUseError) as error:
                log.warning("%s took nothing: %s", self.peer, error)

    def refill(self) -> None:
        """Begin a new tick."""
        self._room = min(self._room + BURST, BURST)

    def drop(self) -> None:
        """Drop what waits for its time."""
        with self._system.lock:
            self._queue.clear()

    def waits(self) -> bool:
        """Return whether something is due and not sent."""
        return self._queue.waits(time.perf_counter())

    def status(self) -> Status:
        """Say how the port stands."""
        return _status(self._system, self)


class RtSystem:
    """Be one of the systems that rtmidi knows.

    Args:
        name: which one, a key of `NAMES`.
        client_name: what others see of us.
        tell: called with sentences about what a port sent and could not be used.

    Raises:
        PortError: the system is not there.
    """

    def __init__(self, name: str, client_name: str, tell: Callable[[str], None]) -> None:
        self.name, self.api, self.client_name, self.tell = name, NAMES[name], client_name, tell
        self.passing_s = 0.0
        self.lock = threading.RLock()
        self.guard = Guard()
        self._ins: list[RtInput] = []
        self._outs: list[RtOutput] = []
        self._there: dict[RtInput | RtOutput, bool] = {}
        self._closing = threading.Event()
        self._ticker: threading.Thread | None = None
        try:
            with silence():
                self._look_in = rtmidi.MidiIn(self.api, client_name)
                self._look_out = rtmidi.MidiOut(self.api, client_name)
        except (rtmidi.SystemError, rtmidi.InvalidUseError) as error:
            raise PortError(f"it does not answer ({error})") from error

    def now_s(self) -> float:
        """Return the time of the machine's steady clock in seconds."""
        return time.perf_counter()

    def inputs(self) -> list[str]:
        """Return the names of ports that can be heard."""
        return list(self._look_in.get_ports())

    def outputs(self) -> list[str]:
        """Return the names of ports that can be played to."""
        return list(self._look_out.get_ports())

    def open_input(self, peer: str, hear: Callable[[Event], None]) -> RtInput:
        """Hear a port; with no name, open a virtual one."""
        port = RtInput(self, peer, hear)
        self._ins.append(port)
        self._open(port, self.inputs())
        return port

    def open_output(self, peer: str, sent: Callable[[Event], None]) -> RtOutput:
        """Play to a port; with no name, open a virtual one."""
        port = RtOutput(self, peer, sent)
        self._outs.append(port)
        self._open(port, self.outputs())
        return port

    def start(self, tick: Callable[[float], None]) -> None:
        """Begin to tick; ports hear as soon as they are open."""
        self._ticker = threading.Thread(target=self._run, args=(tick,), daemon=True)
        self._ticker.start()

    def watch(self) -> list[Change]:
        """Open ports again that have come back, and return which came or went."""
        changes = []
        for port in self._ports():
            was, there = self._there[port], port.status().there
            if there and not was:
                there = self._opens(port)
            if there != was:
                changes.append(Change(port.peer, back=there))
            self._there[port] = there
        return changes

    def close(self) -> None:
        """Let go of all ports, after what was sent for now has left."""
        by_s = time.perf_counter() + LAST_S
        while self._ticker and any(out.waits() for out in self._outs):
            if time.perf_counter() > by_s:
                log.warning("what was due at the end has not left")
                break
            time.sleep(TICK_S)
        self._closing.set()
        if self._ticker:
            self._ticker.join(LAST_S)
        for port in self._ports():
            port.midi.close_port()

    def _ports(self) -> list[RtInput | RtOutput]:
        return [*self._ins, *self._outs]

    def _opens(self, port: RtInput | RtOutput) -> bool:
        """Open a port again, and return whether that could be done."""
        port.midi.close_port()
        try:
            self._open(port, self.inputs() if isinstance(port, RtInput) else self.outputs())
        except PortError as error:
            log.warning("%s", error)
            return False
        return True

    def _open(self, port: RtInput | RtOutput, names: list[str]) -> None:
        try:
            if port.peer:
                port.called = known_again(port.called, port.known, names) or port.called
                port.midi.open_port(names.index(port.called), self.client_name)
                port.known = alike(port.called, names)
            else:
                port.midi.open_virtual_port(self.client_name)
        except ValueError as error:
            there = ", ".join(names) or "none"
            raise PortError(f"port {port.peer!r} is not there, allowed are {there}") from error
        except (NotImplementedError, rtmidi.UnsupportedOperationError) as error:
            raise PortError(NO_VIRTUAL if sys.platform == "win32" else str(error)) from error
        except rtmidi.SystemError as error:
            raise PortError(f"port {port.peer!r} cannot be opened: {error}") from error
        self._there[port] = True

    def _run(self, tick: Callable[[float], None]) -> None:
        while not self._closing.is_set():
            time.sleep(TICK_S)  # an event's wait is 15 ms long on Windows
            with self.lock:
                now_s = time.perf_counter()
                self.guard(tick, now_s)
                for out in self._outs:
                    out.refill()
                    self.guard(out.write, now_s)


def _status(system: RtSystem, port: RtInput | RtOutput) -> Status:
    if peer := port.peer:
        now = known_again(port.called, port.known, port.midi.get_ports())
        return Status(peer, peer, now is not None, (now,) if now else ())
    return Status(system.client_name, "", True, ())
