"""Whatever comes over the ports, there is a sentence, and nothing is left sounding."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bridge.gig_protocol import Ports
from bridge.live.jack_musician import Musician, musician, wait_until
from bridge.live.order import Ask
from bridge.live.stage_door import OrderError, StageDoor
from engines.live.event import control, note_off, note_on
from tests.conftest import Ran

SONG = str(Path(__file__).parents[3] / "examples" / "piano.mid")


def between(player: Musician) -> Ports:
    return Ports(inputs=(f"{player.name}:out",), output=f"{player.name}:in")


def test_a_cable_back_to_the_input_is_cut_off_with_a_sentence(player: Musician) -> None:
    with StageDoor(Ports(virtual="loop")) as door, musician("patch bay") as keys:
        player.client.connect("loop:out", player.into)
        player.client.connect("loop:out", "loop:in")
        keys.client.connect(keys.out, "loop:in")
        keys.play(note_on(0, 60, 90))
        cut = "the input hears what yuragi plays: it is cut off until it has been quiet for 2 s"
        wait_until(lambda: any(one.startswith(cut) for one in door.told), "the sentence")
        count = len(player.heard)
        assert count < 200
        wait_until(lambda: player.sounding.silent, "silence while yuragi still plays")
        keys.play(note_off(0, 60))
    assert player.sounding.silent


def test_cut_messages_and_orphans_do_no_harm(player: Musician) -> None:
    with StageDoor(between(player)) as door:
        player.play(b"\x90\x3c", b"\x3c\x40", note_off(0, 61), b"\xf0\x01", note_on(0, 60, 9))
        player.wait_for(note_on(0, 60, 9))
        assert player.messages() == [note_on(0, 60, 9)]
        player.play(*[b"\xfe"] * 500, *[note_on(0, 60, 9)] * 20, note_off(0, 60))
        wait_until(lambda: player.sounding.silent and len(player.heard) > 20, "silence")
        wait_until(lambda: len(door.told) >= 3, "the sentences")
        assert any("90 3c, was cut and left out" in one for one in door.told)
        assert any("a sysex of 2 bytes did not end" in one for one in door.told)
        assert b"\xfe" not in player.messages()


def test_a_clock_that_stops_is_told_of_and_clips_rest(player: Musician) -> None:
    with musician("drum machine") as clock:
        ports = Ports(inputs=("drum machine:out",), output=f"{player.name}:in", clock="midi")
        with StageDoor(ports) as door:
            begin = clock.frame() + 4800
            for number in range(24):
                clock.play(b"\xf8", at=begin + number * 1000)
            stopped = "the MIDI clock has stopped"
            wait_until(lambda: any(one.startswith(stopped) for one in door.told), "the sentence")
            door.ask(Ask())
    assert door.state is not None
    assert door.state.beat is None


def test_an_output_that_goes_in_a_chord_is_silent_when_it_is_back(player: Musician) -> None:
    with musician("synth") as synth:
        door = StageDoor(Ports(inputs=(f"{player.name}:out",), output="synth:in"))
        player.play(note_on(0, 60, 90), control(0, 64, 127))
        synth.wait_for(control(0, 64, 127))
    with door:
        wait_until(lambda: len(door.told) >= 1, "the sentence")
        with musician("synth") as synth:
            synth.wait_for(control(0, 64, 0), control(0, 123, 0), control(15, 123, 0))
            player.play(note_on(0, 62, 90))
            synth.wait_for(note_on(0, 62, 90))


def test_ports_are_listed_with_what_to_type(
    player: Musician, run_yuragi: Callable[..., Ran]
) -> None:
    ran = run_yuragi("ports")
    assert ran.code == 0
    assert "JACK" in ran.out
    assert f"{player.name}:out" in ran.out
    assert "hear, with --in:" in ran.out


def test_without_a_midi_system_a_sentence_says_what_is_missing(
    jack: str, run_yuragi: Callable[..., Ran], monkeypatch: object
) -> None:
    monkeypatch.setenv("JACK_DEFAULT_SERVER", f"{jack}-not-there")  # type: ignore[attr-defined]
    for arguments in (("live", "--in", "1"), ("play", SONG, "--out", "1")):
        ran = run_yuragi(*arguments, "--system", "JACK")
        assert ran.code == 2
        assert "no MIDI system can be used. JACK: no server runs, start one" in ran.err
        assert ran.err.count("\n") == 1


def test_a_clock_that_nothing_could_hear_is_refused(player: Musician) -> None:
    with pytest.raises(OrderError, match="no input is named, and a MIDI clock is heard at one"):
        StageDoor(Ports(output=f"{player.name}:in", clock="midi"))
