"""Tell the process that plays what to do, and listen to what becomes of it."""

import os
import signal
from pathlib import Path

import pytest

from bridge.error import BridgeError
from bridge.gig_protocol import Port, Ports
from bridge.live import stage_door
from bridge.live.jack_musician import READY_S, Musician, musician, wait_until
from bridge.live.ledger import Ledger
from bridge.live.mourning import mourn
from bridge.live.order import Ask, Choose, Done, Learn, Panic, Sign, Standing, Turn
from bridge.live.stage_door import OrderError, StageDoor
from bridge.message import Code
from engines.live.event import control, note_off, note_on
from engines.stage import Stage

CHORD = [note_on(0, pitch, 80) for pitch in (60, 64, 67)]
OFFS = [note_off(0, pitch) for pitch in (60, 64, 67)]


def opened(player: Musician) -> StageDoor:
    return StageDoor(
        Ports(inputs=(f"{player.name}:out",), output=f"{player.name}:in", virtual="yuragi-test")
    )


def test_how_things_stand_is_told(player: Musician) -> None:
    with opened(player) as door:
        door.ask(Choose(name="mine", stages=(Stage("live.velocity"),)))
        player.play(*CHORD)
        wait_until(lambda: len(player.heard) == 3, "the chord")
        door.ask(Ask())
    state = door.state
    assert state is not None
    assert state.inputs == (Port(f"{player.name}:out", True, (f"{player.name}:out",)),)
    assert state.output == Port(f"{player.name}:in", True, (f"{player.name}:in",))
    assert (state.preset, state.engines) == ("mine", ("live.velocity",))
    assert (state.notes_in, state.notes_out, state.sounding) == (3, 3, 3)
    assert state.lateness.p99_ms > 0


def test_a_panic_ends_a_chord_and_its_pedal(player: Musician) -> None:
    with opened(player) as door:
        player.play(*CHORD, control(0, 64, 127))
        player.wait_for(control(0, 64, 127))
        door.ask(Panic())
        wait_until(lambda: player.sounding.silent, "silence")


def test_a_panic_tells_every_channel_to_be_silent(player: Musician) -> None:
    with opened(player) as door:
        door.ask(Panic())
        every = [control(channel, number, 0) for channel in range(16) for number in (64, 123)]
        player.wait_for(*every)


def test_a_preset_changed_in_a_chord_leaves_no_note(player: Musician) -> None:
    with opened(player) as door:
        door.ask(Choose(name="latch", stages=(Stage("live.latch"),)))
        player.play(*CHORD)
        player.wait_for(*CHORD)
        door.ask(Choose(name="through", stages=()))
        player.play(*OFFS)
        wait_until(lambda: player.sounding.silent, "silence")


def test_an_option_turned_in_a_chord_leaves_no_note(player: Musician) -> None:
    with opened(player) as door:
        door.ask(Choose(name="h", stages=(Stage("live.harmonise", {"tonic": "C"}),)))
        player.play(*CHORD)
        wait_until(lambda: len(player.heard) >= 6, "the harmony")
        door.ask(Turn(stage="harmonise", options={"tonic": "D"}))
        player.play(*OFFS)
        wait_until(lambda: player.sounding.silent, "silence")


def test_a_controller_turns_what_it_was_bound_to(player: Musician) -> None:
    with opened(player) as door:
        door.ask(Choose(name="v", stages=(Stage("live.velocity"),)))
        door.ask(Learn(stage="velocity", option="drive"))
        player.play(control(0, 21, 127), note_on(0, 60, 64))
        wait_until(lambda: len(player.heard) == 1, "the note")
        door.ask(Ask())
    state = door.state
    assert state is not None
    assert state.options[0]["drive"] == 1.0
    assert state.bindings == ("controller 21 of channel 1 turns drive of velocity",)


def test_a_fault_is_told_and_nothing_stops(player: Musician) -> None:
    with opened(player) as door:
        with pytest.raises(BridgeError, match=r"engine is 'live.wah', allowed are .*live.latch"):
            door.ask(Choose(name="x", stages=(Stage("live.wah"),)))
        with pytest.raises(BridgeError, match="stage is 3, allowed are none"):
            door.ask(Turn(stage=3, options={}))
        player.play(*CHORD)
        player.wait_for(*CHORD)


def test_a_port_that_goes_in_a_chord_leaves_silence_and_is_taken_up_again(
    player: Musician,
) -> None:
    with musician("keys") as keys:
        door = StageDoor(Ports(inputs=("keys:out",), output=f"{player.name}:in"))
        keys.play(*CHORD, control(0, 64, 127))
        player.wait_for(*CHORD, control(0, 64, 127))
    with door:
        wait_until(lambda: player.sounding.silent, "silence")
        gone = "keys:out has gone; it is taken up again when it comes back"
        wait_until(lambda: gone in door.told, "the sentence")
        with musician("keys") as keys:
            wait_until(lambda: "keys:out is back" in door.told, "the port to be taken up")
            keys.play(note_on(0, 72, 1))
            player.wait_for(note_on(0, 72, 1))


def test_a_flood_of_notes_comes_whole_and_in_order(player: Musician) -> None:
    flood = [note_on(number // 127 % 16, number % 127, 1 + number % 127) for number in range(2000)]
    with opened(player):
        player.play(*flood)
        wait_until(lambda: len(player.heard) >= len(flood), "all of them")
        assert player.messages() == flood
    assert player.sounding.silent


def test_a_sysex_of_a_megabyte_passes_whole(player: Musician) -> None:
    sysex = bytes((0xF0, *(number % 128 for number in range(1_000_000)), 0xF7))
    with opened(player):
        player.play(sysex)
        player.wait_for(sysex)


def test_a_port_that_is_not_there_is_refused_with_those_that_are(player: Musician) -> None:
    with pytest.raises(BridgeError, match=f"input is 'theremin', allowed are .*{player.name}:out"):
        StageDoor(Ports(inputs=("theremin",)))


def test_without_a_port_nothing_is_opened(jack: str) -> None:
    with pytest.raises(BridgeError, match="no port is named, allowed are --in, --out"):
        StageDoor(Ports(system=jack and "JACK"))


def test_link_that_is_not_installed_is_refused_with_what_to_install(
    player: Musician, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aalink.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=os.pathsep)
    with pytest.raises(OrderError, match=r"pip install 'yuragi\[link\]'") as refused:
        StageDoor(Ports(output=f"{player.name}:in", clock="link"))
    assert refused.value.code == Code.PORT


@pytest.mark.slow
def test_what_a_process_that_was_killed_left_sounding_is_ended_before_anybody_asks(
    lonely: Musician,
) -> None:
    with opened(lonely) as door:
        lonely.play(*CHORD)
        lonely.wait_for(*CHORD)
        os.kill(door.pid, signal.SIGKILL)
        wait_until(lambda: lonely.sounding.silent, "silence", within_s=2 * READY_S)
        said = "the process that plays has ended; what it left sounding is ended"
        wait_until(lambda: said in door.told, "the sentence")
        with pytest.raises(OrderError, match="the process that plays has ended") as refused:
            door.ask(Panic())
        assert refused.value.code == Code.PORT


@pytest.mark.slow
def test_who_joined_since_the_last_ask_is_not_forgotten(lonely: Musician) -> None:
    with StageDoor(Ports(virtual="thru")) as door:
        lonely.client.connect(lonely.out, "thru:in")
        lonely.client.connect("thru:out", lonely.into)
        wait_until(lambda: door.joined == ("lonely:in",), "word of it")
        lonely.play(*CHORD)
        lonely.wait_for(*CHORD)
        os.kill(door.pid, signal.SIGKILL)
        wait_until(lambda: lonely.sounding.silent, "silence", within_s=2 * READY_S)


def test_what_an_answer_says_is_joined_is_known_at_once(player: Musician) -> None:
    with StageDoor(Ports(virtual="thru")) as door:
        player.client.connect("thru:out", player.into)
        door.ask(Ask())
        assert door.joined == (f"{player.name}:in",)


def test_a_listener_that_has_gone_keeps_nobody_else_from_silence(player: Musician) -> None:
    ledger = Ledger()
    for data in CHORD:
        player.sounding.enter(data)
        ledger.enter(data)
    last = Sign("JACK", ("monitor:in", f"{player.name}:in"), notes_in=3)
    assert mourn(ledger, last) == "what it left sounding is ended"
    wait_until(lambda: player.sounding.silent, "silence")


def test_that_nobody_is_known_to_hear_what_sounds_is_said(player: Musician) -> None:
    ledger = Ledger()
    ledger.enter(CHORD[0])
    last = Sign("JACK", ("monitor:in",), notes_in=1)
    assert player.name
    assert mourn(ledger, last) == "notes may sound still: nobody knows at which ports"
    assert mourn(ledger, None) == "notes may sound still: nobody knows at which ports"


def test_after_a_late_answer_each_order_has_its_own(
    player: Musician, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(player) as door:
        monkeypatch.setattr(stage_door, "ANSWER_S", 0.0)
        with pytest.raises(OrderError, match="has not answered in 0 s"):
            door.ask(Panic())
        monkeypatch.undo()
        assert isinstance(door.ask(Ask()), Standing)
        with pytest.raises(OrderError, match="stage is 9"):
            door.ask(Turn(stage=9, options={}))
        assert isinstance(door.ask(Panic()), Done)
