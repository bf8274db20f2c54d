"""A gig at a MIDI system that is made of nothing."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bridge.gig_protocol import Ports
from bridge.live.gig import Gig
from bridge.live.ledger import Ledger
from bridge.live.order import Choose
from bridge.live.sheet import to_score
from bridge.ports.port import Change, Status
from engines.live.event import Event
from tests.bridge.live.test_play import sheet


class Nowhere:
    """Be a system with one port, that ticks and hears nothing."""

    name = "nowhere"
    passing_s = 0.0

    def __init__(self) -> None:
        self.over = threading.Event()

    def now_s(self) -> float:
        return time.monotonic()

    def inputs(self) -> list[str]:
        return ["keys"]

    def outputs(self) -> list[str]:
        return []

    def open_input(self, peer: str, hear: Callable[[Event], None]) -> "Nowhere":  # noqa: ARG002
        return self

    def open_output(self, peer: str, sent: Callable[[Event], None]) -> "Nowhere":  # noqa: ARG002
        return self

    def send(self, event: Event) -> None:
        """Send nothing."""

    def drop(self) -> None:
        """Drop nothing."""

    def status(self) -> Status:
        return Status("in", "keys", there=True, joined=())

    def start(self, tick: Callable[[float], None]) -> None:
        threading.Thread(target=self._run, args=(tick,), daemon=True).start()

    def watch(self) -> list[Change]:
        return []

    def close(self) -> None:
        self.over.set()

    def _run(self, tick: Callable[[float], None]) -> None:
        while not self.over.wait(0.001):
            tick(self.now_s())


@contextmanager
def opened() -> Iterator[Gig]:
    system = Nowhere()
    gig = Gig(system, Ledger(), lambda _: None, lambda _: None)
    gig.open(Ports(inputs=("keys",)))
    try:
        yield gig
    finally:
        gig.leave()
        system.close()


def test_the_pulse_of_a_chain_that_was_chosen_before_a_song_tells_its_beats() -> None:
    with opened() as gig:
        pulse = gig.rig.pulse
        gig.choose(Choose(name="", stages=()))
        assert pulse.beat(gig.system.now_s()) is None
        gig.play(to_score(sheet(60)), None)
        assert pulse.beat(gig.system.now_s()) is not None
        assert pulse.bpm == 150.0
        assert gig.state().bpm == 150.0
