"""Ask a process for one bounce, and look that no plug-in keeps it."""

from collections.abc import Callable
from time import monotonic

import msgspec

from bridge.message import Failure
from bridge.protocol import AnyReply, Cancel, Progress
from bridge.sound.fault import SoundError
from bridge.sound.host_process import HostProcess
from bridge.sound.host_watch import LOOK_S, HostWatch
from bridge.sound.host_wire import HostWire
from bridge.sound.judgement import End
from bridge.sound.process_time import process_time
from bridge.sound_protocol import Block, Bounce, Bounced

OBEY_S = 1.0
"""So long a process may take to let go of a bounce that is not wanted any more."""


class Fallen(Exception):  # noqa: N818 - it is an event; whoever asked hears an error
    """Report that the process has ended, or is to be ended."""

    def __init__(self, end: End) -> None:
        super().__init__()
        self.end = end


class Errand:
    """Be one bounce at one process.

    Args:
        process: the process.
        asked: what is asked of it.
        number: its id at the process.
        look: raises what ends the bounce, if it is not wanted any more.
    """

    def __init__(
        self, process: HostProcess, asked: Bounce, number: int, look: Callable[[], None]
    ) -> None:
        self._process = process
        self._asked = asked
        self._number = number
        self._look = look
        self._wire: HostWire | None = None
        self._over = False
        self._frames = 0

    def run(self, heard: Callable[[Block], None], on_progress: Callable[[float], None]) -> Bounced:
        """Return what was made, when all blocks were heard.

        Raises:
            Fallen: the process went down.
            SoundError: the process refuses, or it is not wanted any more.
        """
        self._wire = self._process.wire(self._look)
        self._wire.send(msgspec.structs.replace(self._asked, id=self._number))
        watch = HostWatch(monotonic())
        while True:
            match self._next(self._wire, watch):
                case Block() as block:
                    self._frames = max(self._frames, block.start + len(block.audio) // 8)
                    heard(msgspec.structs.replace(block, id=self._asked.id))
                case Progress(fraction=fraction):
                    on_progress(fraction)
                case Bounced() as bounced:
                    self._over = True
                    return msgspec.structs.replace(bounced, id=self._asked.id)
                case Failure() as failure:
                    self._over = True
                    raise SoundError(failure.message, failure.code, failure.field)

    def call_off(self) -> bool:
        """Have the process let go of it, if it has not; return whether it did in time.

        Raises:
            SoundError: what came is no reply.
        """
        if self._over:
            return True
        if self._wire is None:
            return False
        self._wire.send(Cancel(self._number, request=self._number))
        by_s = monotonic() + OBEY_S
        while monotonic() < by_s and self._process.ended is None:
            reply = self._wire.receive(LOOK_S)
            if isinstance(reply, Bounced | Failure) and reply.id == self._number:
                return self._leaves(self._wire, by_s)
        return False

    def _leaves(self, wire: HostWire, by_s: float) -> bool:
        """Return whether the process leaves the plug-in that it is in, if it is in one, in time."""
        seen = self._process.look()
        while seen.within and self._process.look().moves == seen.moves:
            if monotonic() > by_s:
                return False
            wire.receive(LOOK_S)
        return True

    def _next(self, wire: HostWire, watch: HostWatch) -> AnyReply | None:
        """Return the next reply to the bounce, or None if there is none at the moment."""
        self._look()
        reply = wire.receive(LOOK_S)
        if reply is not None:
            return reply if reply.id == self._number else None
        second = self._frames / self._asked.sample_rate
        status = self._process.ended
        sight, time = self._process.look(), process_time(self._process.pid)
        if status is not None or watch.look(sight, monotonic(), time):
            raise Fallen(End(sight, status, second))
        return None
