"""Record a take of a gig: what is heard at its inputs, or what sounds at its output."""

import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from bridge.error import BridgeError
from bridge.gig_protocol import Take
from bridge.live.conductor import Conductor
from bridge.live.order import Record
from bridge.live.recorder import Recorder, new_take
from bridge.live.recovery import summary
from bridge.live.take_journal import Head
from engines.live.event import Event


class Recording:
    """Be a take that is under way.

    Args:
        order: what is to be recorded, and where to.
        ports: the names of the inputs, or of the output.
        pulse: where the song is.
        start_s: the time by the port's clock.
        tell: called with sentences for the player, on a thread of its own.

    Raises:
        BridgeError: the take cannot be kept there.
    """

    def __init__(
        self,
        order: Record,
        ports: tuple[str, ...],
        pulse: Conductor,
        start_s: float,
        tell: Callable[[str], None],
    ) -> None:
        head = Head(
            version=version("yuragi"),
            began_s=time.time(),
            start_s=start_s,
            ports=ports,
            song=pulse.clock != "link",
            output=order.output,
            overwrite=order.overwrite,
        )
        folder = Path(order.folder)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BridgeError(f"{folder} cannot be made: {error.strerror}") from error
        self._recorder = Recorder(new_take(folder), head, pulse, tell)
        self._numbers = {name: number for number, name in enumerate(ports)}
        self._order, self._start_s = order, start_s

    def hear(self, event: Event, port: str) -> None:
        """Record what was heard at an input, if that is wanted."""
        if self._order.what == "heard":
            self._recorder.hear(event, self._numbers[port])

    def send(self, event: Event) -> None:
        """Record what has left at the output, if that is wanted."""
        if self._order.what == "sounded":
            self._recorder.hear(event)

    def look(self, now_s: float) -> None:
        """Mark where the song is; call it often."""
        self._recorder.look(now_s)

    def state(self, now_s: float) -> Take:
        """Say how far the take is."""
        return Take(self._order.output, self._recorder.notes, now_s - self._start_s)

    def close(self, now_s: float) -> str:
        """Write the MIDI file and return a sentence about it.

        Raises:
            BridgeError: it cannot be written; the journal stays.
        """
        path = self._recorder.close(now_s)
        return summary(self._recorder.notes, now_s - self._start_s, path)
