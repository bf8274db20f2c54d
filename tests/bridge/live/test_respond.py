"""Play phrases and listen for their answers."""

import os
import signal
from collections.abc import Iterator

import numpy as np
import pytest

from bridge.client import Client
from bridge.error import RefusedError
from bridge.gig_protocol import Answers, Leave, Panic, Ports, Respond, Stand, Stop
from bridge.live.jack_musician import RATE, Musician, musician, wait_until
from bridge.message import Code
from engines.live.event import note_off, note_on
from engines.stage import Stage
from tests.bridge.live.programs import yuragi
from tests.conftest import serve

BPM = 240.0
BAR = RATE
"""Frames of a bar of four beats."""

PHRASE = (60, 64, 67)
SOON = RATE // 4

SOFTEN = (Stage("soften"),)


@pytest.fixture(scope="module")
def address(jack: str) -> Iterator[str]:  # noqa: ARG001 - the server is to find JACK
    with serve() as served:
        yield served.address


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address, timeout_s=30) as one:
        yield one
        one.ask_gig(Leave)


@pytest.fixture
def keys(jack: str) -> Iterator[Musician]:
    """Yield another musician: who plays and listens at once hears a period later."""
    with musician(f"{jack}-keys") as one:
        yield one


def ports(keys: Musician, player: Musician) -> Ports:
    return Ports(inputs=(f"{keys.name}:out",), output=f"{player.name}:in", bpm=BPM)


def phrase(keys: Musician) -> int:
    """Play a phrase of an eighth each, soon, and return the frame at which it begins."""
    begin = keys.frame() + SOON
    for number, pitch in enumerate(PHRASE):
        keys.play(note_on(0, pitch, 80), at=begin + number * BAR // 8)
        keys.play(note_off(0, pitch), at=begin + number * BAR // 8 + BAR // 16)
    return begin


def answer(player: Musician, begin: int) -> list[tuple[int, int]]:
    """Return the notes of an answer to a phrase: frames from its bar line on, and pitches."""
    notes = [(one.frame - begin - BAR, one.data[1]) for one in player.heard if is_on(one.data)]
    return [note for note in notes if note[0] > -BAR // 8]


def is_on(data: bytes) -> bool:
    return data[0] & 0xF0 == 0x90 and data[2] > 0


def test_a_phrase_is_answered_on_the_bar_line(
    client: Client, keys: Musician, player: Musician
) -> None:
    client.ask_gig(Respond, stages=SOFTEN, ports=ports(keys, player))
    begin = phrase(keys)
    wait_until(lambda: len(answer(player, begin)) == len(PHRASE), "the answer")
    frames, pitches = np.array(answer(player, begin)).T
    assert pitches.tolist() == list(PHRASE)
    assert np.abs(frames - np.arange(len(PHRASE)) * BAR // 8).max() <= RATE / 1000
    state = client.ask_gig(Stand).state
    assert state is not None
    assert state.answers == Answers(phrases=1, late=0)
    wait_until(lambda: player.sounding.silent, "silence")


def test_a_generator_makes_something_of_a_phrase(
    client: Client, keys: Musician, player: Musician
) -> None:
    client.ask_gig(Respond, preset="drums/drumify", bars=1, ports=ports(keys, player))
    begin = phrase(keys)
    wait_until(lambda: len(answer(player, begin)) > len(PHRASE), "the answer")
    state = client.ask_gig(Stand).state
    assert state is not None
    assert state.answers == Answers(phrases=1, late=0)


def test_an_engine_that_is_too_slow_leaves_no_hole(
    client: Client, keys: Musician, player: Musician
) -> None:
    slow = (Stage("sleeper", {"seconds": 0.5}),)
    client.ask_gig(Respond, stages=slow, bars=1, ports=ports(keys, player))
    begin = phrase(keys)
    wait_until(lambda: len(answer(player, begin)) == len(PHRASE), "the answer")
    frames, pitches = np.array(answer(player, begin)).T
    assert pitches.tolist() == list(PHRASE)
    assert np.abs(frames - np.arange(len(PHRASE)) * BAR // 8).max() <= RATE / 1000
    standing = client.ask_gig(Stand)
    assert standing.state is not None
    assert standing.state.answers == Answers(phrases=1, late=1)


@pytest.mark.parametrize("end", [Stop, Panic, Leave])
def test_an_answer_that_is_ended_leaves_no_note(
    client: Client, keys: Musician, player: Musician, end: type[Stop | Panic | Leave]
) -> None:
    client.ask_gig(Respond, stages=SOFTEN, ports=ports(keys, player))
    begin = phrase(keys)
    wait_until(lambda: bool(answer(player, begin)), "the answer")
    client.ask_gig(end)
    wait_until(lambda: player.sounding.silent, "silence")


def test_a_preset_that_is_not_there_is_refused(
    client: Client, keys: Musician, player: Musician
) -> None:
    with pytest.raises(RefusedError, match="preset is 'band/wah'") as refused:
        client.ask_gig(Respond, preset="band/wah", ports=ports(keys, player))
    assert refused.value.failure.code == Code.INVALID


def test_without_ports_that_are_open_nothing_is_answered(client: Client) -> None:
    with pytest.raises(RefusedError, match="the gig is not open"):
        client.ask_gig(Respond, stages=SOFTEN)


def test_a_kill_of_the_command_in_an_answer_ends_what_sounds(
    keys: Musician, player: Musician
) -> None:
    arguments = ("--in", f"{keys.name}:out", "--out", f"{player.name}:in", "--bpm", f"{BPM}")
    with yuragi("respond", *arguments) as process:
        assert process.stdout is not None
        assert any("yuragi answers" in line for line in process.stdout), "it has ended"
        begin = phrase(keys)
        wait_until(lambda: bool(answer(player, begin)), "the answer")
        os.kill(process.pid, signal.SIGKILL)
        wait_until(lambda: player.sounding.silent, "silence")


def test_ctrl_c_ends_the_command(keys: Musician, player: Musician) -> None:
    arguments = ("--in", f"{keys.name}:out", "--out", f"{player.name}:in")
    with yuragi("respond", *arguments) as process:
        assert process.stdout is not None
        assert any("yuragi answers" in line for line in process.stdout), "it has ended"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
