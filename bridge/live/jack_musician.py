"""Join JACK as a musician would: play to a port, and listen to one. For benchmarks and tests."""

import logging
import os
import shutil
import subprocess
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from bridge.ports.jack_system import LARGEST
from bridge.ports.port import PortError
from bridge.ports.sysex import Assembly, pieces
from engines.live.event import SYSTEM, Event

log = logging.getLogger(__name__)

RATE, PERIOD = 48_000, 64
READY_S = 20.0
"""Under load, and after a client of JACK was killed, all takes longer than it should."""

STEADY_S = 0.2
"""JACK runs steadily if nearly no period is left out for so long."""


class Heard(NamedTuple):
    """Be a message that came, its frame, and when it was heard by `time.perf_counter`."""

    frame: int
    data: bytes
    time_s: float


class Sounding:
    """Know what has not ended, as an instrument would: it knows nothing of how yuragi keeps it.

    Attributes:
        keys: channel and pitch of what sounds.
        pedals: channel and number of pedals that are not all the way up.
        bent: channels whose bend is not at rest.
    """

    def __init__(self) -> None:
        self.keys: set[tuple[int, int]] = set()
        self.pedals: set[tuple[int, int]] = set()
        self.bent: set[int] = set()

    @property
    def silent(self) -> bool:
        """Whether nothing sounds, is held or bent."""
        return not (self.keys or self.pedals or self.bent)

    def enter(self, data: bytes) -> None:
        """Enter a message of a channel. Source: MIDI 1.0, tables 1 and 3."""
        kind, channel = data[0] & 0xF0, data[0] & 0x0F
        if kind in {0x80, 0x90}:
            change = self.keys.add if kind == 0x90 and data[2] else self.keys.discard
            change((channel, data[1]))
        elif kind == 0xB0 and data[1] in {64, 66, 67, 69}:
            change = self.pedals.add if data[2] else self.pedals.discard
            change((channel, data[1]))
        elif kind == 0xB0 and data[1] in {120, 123}:
            self.keys = {key for key in self.keys if key[0] != channel}
        elif kind == 0xB0 and data[1] == 121:
            self.pedals = {pedal for pedal in self.pedals if pedal[0] != channel}
            self.bent.discard(channel)
        elif kind == 0xE0:
            (self.bent.discard if data[1:] == b"\x00\x40" else self.bent.add)(channel)


@contextmanager
def jack_server(name: str) -> Iterator[str]:
    """Run a JACK server of that name without a sound card, for this process and its children.

    Raises:
        PortError: jackd is not installed, or does not start.
    """
    if shutil.which("jackd") is None:
        raise PortError("jackd is not installed (Debian: jackd2), so nothing can be played live")
    command = ["jackd", "-n", name, "-r", "-S", "-d", "dummy", "-r", str(RATE), "-p", str(PERIOD)]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, stdout=quiet, stderr=quiet)  # noqa: S603 - JACK's own
    before = {key: os.environ.get(key) for key in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER")}
    os.environ.update(JACK_DEFAULT_SERVER=name, JACK_NO_START_SERVER="1")
    try:
        wait_until(lambda: _answers(name), "JACK to answer")
        yield name
    finally:
        for key, value in before.items():
            os.environ.pop(key) if value is None else os.environ.update({key: value})
        process.terminate()
        process.wait(READY_S)


def wait_until(true: Callable[[], bool], what: str, within_s: float = READY_S) -> None:
    """Wait for something to become true.

    Raises:
        PortError: it does not within the time.
    """
    by_s = time.monotonic() + within_s
    while not true():
        if time.monotonic() >= by_s:
            raise PortError(f"waited {within_s:g} s for {what}")
        time.sleep(0.002)


class Musician:
    """Be a client of JACK with a port `out` that plays and a port `in` that listens.

    Args:
        name: what others see of it.

    Attributes:
        into: the port that listens.
        out: the port that plays.
        heard: all that came, in order.
        sounding: what of it has not ended.
    """

    def __init__(self, name: str) -> None:
        import jack  # noqa: PLC0415 - it cannot be imported where libjack is missing

        self.name = name
        self.heard: list[Heard] = []
        self.sounding = Sounding()
        self.client = jack.Client(name, no_start_server=True)
        self.into = self.client.midi_inports.register("in")
        self.out = self.client.midi_outports.register("out")
        self._plays: deque[tuple[int, bytes]] = deque()
        self._periods = 0
        self._whole = Assembly(self._hear, log.warning)
        self.client.set_process_callback(self._process)
        self.client.activate()

    def play(self, *messages: bytes, at: int | None = None) -> None:
        """Play messages at a frame, or now."""
        for data in messages:
            self._plays.extend((0 if at is None else at, some) for some in pieces(data, LARGEST))

    def frame(self) -> int:
        """Return the frame that it is now."""
        return int(self.client.frame_time)

    def messages(self) -> list[bytes]:
        """Return all messages that came."""
        return [one.data for one in self.heard]

    def wait_for(self, *messages: bytes, within_s: float = READY_S) -> None:
        """Wait until all of these have come."""
        wait_until(lambda: set(messages) <= set(self.messages()), f"{messages}", within_s)

    def wait_for_ports(self, *names: str) -> None:
        """Wait until ports of these names are joined to this client's."""

        def joined() -> bool:
            both = [*self.into.connections, *self.out.connections]
            return {port.name for port in both} >= set(names)

        wait_until(joined, f"{names} to be joined to {self.name}")

    def wait_until_alone(self) -> None:
        """Wait until nothing is joined to this client's ports."""
        wait_until(lambda: not (self.into.connections or self.out.connections), "ports to go")

    def wait_until_steady(self) -> None:
        """Wait until JACK runs as it should: it stalls for seconds when a client was killed."""

        def steady() -> bool:
            begun = self._periods
            time.sleep(STEADY_S)
            return self._periods - begun > 0.9 * STEADY_S * RATE / PERIOD

        wait_until(steady, "JACK to run steadily")

    def close(self) -> None:
        """Leave."""
        self.client.deactivate()
        self.client.close()

    def _hear(self, event: Event) -> None:
        self.heard.append(Heard(int(event.time_s), event.data, time.perf_counter()))
        if event.status != SYSTEM:
            self.sounding.enter(event.data)

    def _process(self, frames: int) -> None:
        self._periods += 1
        begin = self.client.last_frame_time
        for offset, data in self.into.incoming_midi_events():
            self._whole.take(Event(begin + offset, bytes(data)))
        self.out.clear_buffer()
        last = 0
        while self._plays and self._plays[0][0] < begin + frames:
            frame, data = self._plays[0]
            if self.out.max_event_size < len(data):
                return
            last = max(frame - begin, last)
            self.out.write_midi_event(last, data)
            self._plays.popleft()


@contextmanager
def musician(name: str = "musician") -> Iterator[Musician]:
    """Join JACK, and leave it."""
    one = Musician(name)
    try:
        yield one
    finally:
        one.close()


def _answers(name: str) -> bool:
    import jack  # noqa: PLC0415 - it cannot be imported where libjack is missing

    jack.set_error_function(_unheard)
    jack.set_info_function(_unheard)
    try:
        jack.Client("look", no_start_server=True, servername=name).close()
    except jack.JackOpenError:
        return False
    return True


def _unheard(_text: str) -> None:
    """Hear nothing of what JACK says."""
