"""A gig, at a MIDI system that is made of nothing and at JACK."""

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from bridge.gig_protocol import Ports
from bridge.live.gig import Gig
from bridge.live.jack_musician import PERIOD, Musician, wait_until
from bridge.live.ledger import Ledger
from bridge.live.order import Ask, Choose, Open, Order, Panic, Record, Turn, encode
from bridge.live.sheet import to_score
from bridge.live.stage_door import OrderError, StageDoor
from bridge.message import Code
from bridge.ports.port import Change, PortError, Status
from engines.live.event import Event, note_off, note_on
from engines.stage import Stage
from tests.bridge.live.test_play import sheet


class Nowhere:
    """Be a system with one port, that ticks and hears nothing."""

    name = "nowhere"
    passing_s = 0.0

    def __init__(self) -> None:
        self.over = threading.Event()
        self.stalls = False
        self.hear: Callable[[Event], None] = print
        self.changes: list[Change] = []

    def now_s(self) -> float:
        return time.monotonic()

    def inputs(self) -> list[str]:
        return ["keys"]

    def outputs(self) -> list[str]:
        return []

    def open_input(self, peer: str, hear: Callable[[Event], None]) -> "Nowhere":  # noqa: ARG002
        self.hear = hear
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
        return self.changes

    def close(self) -> None:
        self.over.set()

    def _run(self, tick: Callable[[float], None]) -> None:
        while not self.over.wait(0.001):
            if not self.stalls:
                tick(self.now_s())


@contextmanager
def opened(system: Nowhere | None = None, told: list[str] | None = None) -> Iterator[Gig]:
    system, told = system or Nowhere(), [] if told is None else told
    gig = Gig(system, Ledger(), told.append, lambda _: None, stall_s=1.0)
    gig.open(Ports(inputs=("keys",)))
    try:
        yield gig
    finally:
        system.stalls = False
        gig.leave()
        system.close()


def between(player: Musician) -> Ports:
    return Ports(inputs=(f"{player.name}:out",), output=f"{player.name}:in")


def test_the_pulse_of_a_chain_that_was_chosen_before_a_song_tells_its_beats() -> None:
    with opened() as gig:
        pulse = gig.rig.pulse
        gig.choose(Choose(name="", stages=()))
        assert pulse.beat(gig.system.now_s()) is None
        gig.play(to_score(sheet(60)), None)
        assert pulse.beat(gig.system.now_s()) is not None
        assert pulse.bpm == 150.0
        assert gig.state().bpm == 150.0


def test_a_system_that_stalls_is_told_of_and_what_was_given_up_is_never_done() -> None:
    system = Nowhere()
    with opened(system) as gig:
        gig.choose(Choose(name="first", stages=()))
        system.stalls = True
        with pytest.raises(PortError, match="nowhere has not run for 1 s: nothing was changed"):
            gig.choose(Choose(name="second", stages=()))
        assert gig.state().preset == "first"
        system.stalls = False
        gig.panic()  # which waits for all before it
        assert gig.state().preset == "first"


def test_a_port_that_goes_while_a_system_stalls_ends_nothing_else() -> None:
    system, told = Nowhere(), list[str]()
    with opened(system, told) as gig:
        system.stalls = True
        system.changes = [Change("keys", back=False)]
        gig.watch()
    assert told == ["keys has gone; it is taken up again when it comes back"]


def test_on_its_own_clock_nobody_is_told_of_another_one() -> None:
    system, told = Nowhere(), list[str]()
    with opened(system, told):
        now_s = system.now_s()
        for at_s in (0.0, 0.02, 0.04, 2.0, 2.02):
            system.hear(Event(now_s + at_s, b"\xf8"))
    assert told == []


@pytest.mark.parametrize("at", ["hear", "wake", "end"])
def test_an_engine_that_fails_is_taken_away_with_a_sentence_and_all_goes_on(
    player: Musician, at: str
) -> None:
    chosen = Choose(name="mine", stages=(Stage("live.raiser", {"at": at}),))
    with StageDoor(between(player)) as door:
        door.ask(chosen)
        player.play(note_on(0, 60, 80))
        player.wait_for(note_on(0, 60, 80))
        player.play(note_off(0, 60))
        if at == "end":
            door.ask(Panic())
        wait_until(lambda: player.sounding.silent, "silence")
        player.play(note_on(0, 62, 80), note_off(0, 62))
        player.wait_for(note_off(0, 62))
        wait_until(lambda: any("third party" in one for one in door.told), "the sentence")
        door.ask(Ask())
    assert door.state is not None
    assert (door.state.preset, door.state.engines) == ("", ())
    told = [one for one in door.told if "a fault of a third party" in one]
    assert [one[: one.index(":")] for one in told] == ["an engine failed, so yuragi plays through"]


def test_a_preset_is_taken_though_the_one_before_fails_in_ending(player: Musician) -> None:
    with StageDoor(between(player)) as door:
        door.ask(Choose(name="mine", stages=(Stage("live.raiser", {"at": "end"}),)))
        door.ask(Choose(name="next", stages=(Stage("live.latch"),)))
        door.ask(Ask())
    assert door.state is not None
    assert (door.state.preset, door.state.engines) == ("next", ("live.latch",))


def test_an_order_that_fails_is_refused_and_others_are_carried_out(player: Musician) -> None:
    with StageDoor(between(player)) as door:
        door.ask(Choose(name="mine", stages=(Stage("live.raiser", {"at": "turn"}),)))
        with pytest.raises(OrderError, match="a fault of a third party") as refused:
            door.ask(Turn(stage=0, options={"at": "hear"}))
        assert refused.value.code == Code.INTERNAL
        door.ask(Panic())


def stream_held_keys(player: Musician, over: threading.Event) -> None:
    """Press more and more keys, none of which is let go."""
    begin = player.frame()
    for number in count():
        if over.is_set():
            return
        player.play(note_on(0, number % 128, 80), at=begin + number * PERIOD)
        wait_until(lambda at=begin + number * PERIOD: player.frame() >= at, "its time")  # type: ignore[misc]


@pytest.mark.parametrize("records", [False, True])
def test_when_its_parent_dies_while_notes_stream_nothing_is_left_sounding(
    lonely: Musician, tmp_path: Path, records: bool
) -> None:
    ledger, over = tmp_path / "ledger", threading.Event()
    with orphan(lonely, ledger, tmp_path / "a.mid" if records else None) as process:
        keys = threading.Thread(target=stream_held_keys, args=(lonely, over))
        keys.start()
        try:
            wait_until(lambda: len(lonely.heard) > 500, "many keys")
            process.communicate(timeout=60)  # its orders end
        finally:
            over.set()
            keys.join()
    wait_until(lambda: lonely.sounding.silent, "silence")


@contextmanager
def orphan(
    player: Musician, ledger: Path, take: Path | None
) -> "Iterator[subprocess.Popen[bytes]]":
    """Run the process that plays, and hold the other end of its pipe."""
    orders: list[Order] = [Open(ports=between(player))]
    if take:
        orders.append(Record(folder=str(take.parent), output=str(take)))
    command = [sys.executable, "-P", "-m", "bridge.live.process", str(ledger)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe) as process:
        assert process.stdin is not None
        process.stdin.write(b"".join(map(encode, orders)))
        process.stdin.flush()
        yield process


@pytest.mark.slow
def test_while_jack_stalls_it_is_said_how_things_stand_and_a_panic_is_not_refused(
    lonely: Musician,
) -> None:
    text = "import sys, time; from bridge.live.jack_musician import Musician as M;"
    text += "one = M('doomed'); print(flush=True); time.sleep(99)"
    with (
        subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE) as doomed,
        StageDoor(between(lonely)) as door,
    ):
        assert doomed.stdout is not None
        doomed.stdout.readline()
        lonely.play(note_on(0, 60, 80))
        lonely.wait_for(note_on(0, 60, 80))
        doomed.kill()
        doomed.wait()
        begun_s = time.monotonic()
        for _ in range(20):
            door.ask(Ask())
        assert time.monotonic() - begun_s < 1.0
        door.ask(Panic())
        wait_until(lambda: lonely.sounding.silent, "silence")
