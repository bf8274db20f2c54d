"""Ask a server for gigs, as the Live device or a script does, and listen to what they play."""

from collections.abc import Iterator

import pytest

from bridge.client import Client
from bridge.error import RefusedError
from bridge.gig_protocol import (
    Choose,
    Finish,
    Leave,
    Open,
    Panic,
    Play,
    Ports,
    Record,
    Stand,
    Standing,
    State,
    Stop,
    Swap,
    Turn,
)
from bridge.live.jack_musician import Musician, wait_until
from bridge.live.recovery import takes_folder
from bridge.message import Code
from bridge.midi_file import read_song
from engines.live.event import note_off, note_on
from engines.stage import Stage
from tests.bridge.live.test_play import clip
from tests.conftest import serve


@pytest.fixture(scope="module")
def address(jack: str) -> Iterator[str]:  # noqa: ARG001 - the server is to find JACK
    with serve() as served:
        yield served.address


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address, timeout_s=30) as one:
        yield one
        for gig in ("main", "left", "right"):
            one.ask_gig(Leave, gig=gig)


def ports(player: Musician) -> Ports:
    return Ports(inputs=(f"{player.name}:out",), output=f"{player.name}:in")


def state_of(standing: Standing) -> State:
    assert standing.state is not None
    return standing.state


def test_a_client_opens_a_gig_and_turns_its_options_while_it_plays(
    client: Client, player: Musician
) -> None:
    client.ask_gig(Open, ports=ports(player))
    client.ask_gig(Choose, stages=(Stage("live.velocity"),))
    player.play(note_on(0, 60, 64))
    wait_until(lambda: len(player.heard) == 1, "the note")
    state = state_of(client.ask_gig(Turn, stage="velocity", options={"high": 50}))
    assert state.options[0]["high"] == 50
    player.play(note_off(0, 60), note_on(0, 62, 127))
    wait_until(lambda: len(player.heard) == 3, "the next note")
    assert player.messages()[2][2] <= 50


def test_clips_are_played_swapped_and_stopped(client: Client, player: Musician) -> None:
    client.ask_gig(Play, clips=(clip(60),), ports=ports(player))
    wait_until(lambda: any(data[1] == 60 for data in player.messages()), "the clip")
    client.ask_gig(Swap, clips=(clip(72),))
    wait_until(lambda: any(data[1] == 72 for data in player.messages()), "the other clip")
    assert state_of(client.ask_gig(Stop)).song is None
    wait_until(lambda: player.sounding.silent, "silence")


def test_a_panic_and_leaving_end_what_sounds(client: Client, player: Musician) -> None:
    client.ask_gig(Open, ports=ports(player))
    for what in (Panic, Leave):
        player.play(note_on(0, 60, 64))
        wait_until(lambda: not player.sounding.silent, "a note")
        client.ask_gig(what)
        wait_until(lambda: player.sounding.silent, "silence")
    assert client.ask_gig(Stand).state is None


def test_what_sounds_is_recorded_in_the_folder_of_takes(client: Client, player: Musician) -> None:
    client.ask_gig(Open, ports=ports(player))
    take = state_of(client.ask_gig(Record, name="a take")).take
    assert take is not None
    player.play(note_on(0, 60, 64), note_off(0, 60))
    wait_until(lambda: len(player.heard) == 2, "the note")
    [said] = client.ask_gig(Finish).told
    assert said.startswith("1 note in ")
    [clip] = read_song(takes_folder() / "a take.mid").clips
    assert clip.notes.pitch.tolist() == [60]
    with pytest.raises(RefusedError, match="is there already, allowed is a new name"):
        client.ask_gig(Record, name="a take")


@pytest.mark.parametrize("name", ["", ".hidden", "../up", "a/b", "c:d", "a\0b", "x" * 65])
def test_a_take_goes_nowhere_else(client: Client, player: Musician, name: str) -> None:
    client.ask_gig(Open, ports=ports(player))
    with pytest.raises(RefusedError) as refused:
        client.ask_gig(Record, name=name)
    assert refused.value.failure.code == Code.INVALID


def test_two_gigs_are_open_at_once(client: Client, player: Musician) -> None:
    client.ask_gig(Open, gig="left", ports=Ports(virtual="left"))
    client.ask_gig(Open, gig="right", ports=Ports(virtual="right", output=f"{player.name}:in"))
    assert state_of(client.ask_gig(Stand, gig="left")).inputs[0].name == "left:in"
    assert state_of(client.ask_gig(Stand, gig="right")).inputs[0].name == "right:in"


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (Ports(), "no port is named, allowed are --in"),
        (Ports(output="theremin"), "output is 'theremin'"),
        (Ports(virtual="x", system="OSC"), "system is 'OSC'"),
    ],
)
def test_ports_that_cannot_be_opened_are_refused_with_a_sentence(
    client: Client, asked: Ports, message: str
) -> None:
    with pytest.raises(RefusedError, match=message) as refused:
        client.ask_gig(Open, ports=asked)
    assert refused.value.failure.code == Code.PORT


def test_what_is_asked_of_a_gig_that_is_not_open_is_refused(client: Client) -> None:
    with pytest.raises(RefusedError, match="the gig is not open, allowed is to open it first"):
        client.ask_gig(Panic)


def test_options_and_presets_that_are_not_allowed_are_refused(
    client: Client, player: Musician
) -> None:
    client.ask_gig(Open, ports=ports(player))
    with pytest.raises(RefusedError, match="preset is 'live/wah', allowed are"):
        client.ask_gig(Choose, preset="live/wah")
    with pytest.raises(RefusedError, match=r"options\.drive is 9\.0, allowed are numbers"):
        client.ask_gig(Choose, stages=(Stage("live.velocity", {"drive": 9.0}),))
    client.ask_gig(Choose, stages=(Stage("live.velocity"),))
    with pytest.raises(RefusedError, match=r"drive is 9\.0") as refused:
        client.ask_gig(Turn, stage=0, options={"drive": 9.0})
    assert refused.value.failure.field == "drive"
