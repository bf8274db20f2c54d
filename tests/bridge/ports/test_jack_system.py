"""Be a client of JACK in this process, and listen to what it plays."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

import pytest

from bridge.gig_protocol import Ports
from bridge.live.jack_musician import Musician, wait_until
from bridge.live.stage_door import StageDoor
from bridge.ports.jack_system import JackOutput, JackSystem
from bridge.ports.port import AT_ONCE, Change, PortError
from engines.live.event import Event, control, note_off, note_on

ON, OFF = note_on(0, 60, 80), note_off(0, 60)


def unheard(_event: Event) -> None:
    """Hear nothing."""


class Stumbler:
    """Pass on what is heard, but fail at a note's off and, if told to, at every tick."""

    def __init__(self) -> None:
        self.output: JackOutput | None = None
        self.ticks_fail = False
        self.failed = 0

    def hear(self, event: Event) -> None:
        if event.is_note_off:
            raise ValueError("no off")
        assert self.output is not None
        self.output.send(Event(AT_ONCE, event.data))

    def tick(self, _until_s: float) -> None:
        if self.ticks_fail:
            self.failed += 1
            raise ValueError("no tick")


@contextmanager
def joined(
    player: Musician, hear: Callable[[Event], None], tick: Callable[[float], None]
) -> Iterator[tuple[JackSystem, JackOutput]]:
    """Yield a system that runs between the musician's ports."""
    system = JackSystem("stumbling", print)
    try:
        system.open_input(f"{player.name}:out", hear)
        output = system.open_output(f"{player.name}:in", unheard)
        system.start(tick)
        player.wait_until_steady()  # a connection holds from the next period on
        yield system, output
    finally:
        system.close()


def test_a_tick_that_fails_neither_repeats_nor_loses_a_note(
    player: Musician, caplog: pytest.LogCaptureFixture
) -> None:
    one = Stumbler()
    with joined(player, one.hear, one.tick) as (_, one.output):
        player.play(ON)
        player.wait_for(ON)
        one.ticks_fail = True
        wait_until(lambda: one.failed > 100, "ticks to fail")
        player.play(note_on(0, 62, 80))
        player.wait_for(note_on(0, 62, 80))
    assert player.messages() == [ON, note_on(0, 62, 80)]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]


def test_an_event_that_fails_does_not_take_those_of_its_period_along(player: Musician) -> None:
    one = Stumbler()
    with joined(player, one.hear, one.tick) as (_, one.output):
        at = player.frame() + 4800
        player.play(ON, OFF, note_on(0, 62, 80), at=at)
        player.wait_for(note_on(0, 62, 80))
    assert player.messages() == [ON, note_on(0, 62, 80)]


def test_a_connection_that_is_cut_is_told_and_joined_again(player: Musician) -> None:
    one = Stumbler()
    with joined(player, one.hear, one.tick) as (system, one.output):
        player.client.disconnect(one.output.status().name, player.into)
        assert system.watch() == [Change(player.into.name, False), Change(player.into.name, True)]
        assert one.output.status().there
        wait_until(lambda: system.watch() == [], "nothing more to change")


def test_a_connection_that_is_cut_and_joined_unseen_is_told(player: Musician) -> None:
    one = Stumbler()
    with joined(player, one.hear, one.tick) as (system, one.output):
        assert system.watch() == []
        player.client.disconnect(one.output.status().name, player.into)
        player.client.connect(one.output.status().name, player.into)
        looks = iter(system.watch, None)
        told = next(changes for changes in islice(looks, 2000) if changes)
        assert told == [Change(player.into.name, False), Change(player.into.name, True)]


def test_a_chord_whose_connection_is_cut_for_a_moment_ends(player: Musician) -> None:
    ports = Ports(inputs=(f"{player.name}:out",), output=f"{player.name}:in", virtual="cut")
    with StageDoor(ports):
        player.play(ON, control(0, 64, 127))
        player.wait_for(ON, control(0, 64, 127))
        player.client.disconnect("cut:out", player.into)
        player.play(OFF)
        player.wait_for_ports("cut:out")
        wait_until(lambda: player.sounding.silent, "silence")


@pytest.mark.usefixtures("jack")
def test_a_client_name_that_is_too_long_is_refused_with_what_is_allowed() -> None:
    with pytest.raises(PortError, match="of 64 bytes, allowed are up to 63"):
        JackSystem("a" * 64, print)


def test_where_no_server_runs_a_sentence_says_so(
    jack: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", f"{jack}-not-there")
    with pytest.raises(PortError, match="no server runs, start one"):
        JackSystem("a", print)


class SmallPort:
    """Be a port of JACK whose buffer has room for so many bytes."""

    def __init__(self, room: int) -> None:
        self.room = self.max_event_size = room
        self.written: list[bytes] = []

    def register(self, _name: str) -> "SmallPort":
        return self

    @property
    def midi_outports(self) -> "SmallPort":
        return self

    def clear_buffer(self) -> None:
        self.max_event_size = self.room

    def write_midi_event(self, _offset: int, data: bytes) -> None:
        assert len(data) <= self.max_event_size
        self.max_event_size -= len(data)
        self.written.append(data)


def test_a_sysex_is_cut_to_what_a_buffer_has_room_for_and_a_note_waits() -> None:
    port = SmallPort(room=100)
    output = JackOutput(port, "out", "", unheard)
    sysex = bytes((0xF0, *[1] * 248, 0xF7))
    for data in (ON, sysex, *[OFF] * 33):
        output.send(Event(AT_ONCE, data))
    for period in range(6):
        output.clear()
        output.write(64 * period, 64, 48_000)
    # the note, then 250 bytes by 100, and beside the last 50 there is room for 16 offs
    assert port.written == [ON, sysex[:100], sysex[100:200], sysex[200:], *[OFF] * 33]
