"""Ask a server for gigs, as the Live device or a script does, and listen to what they play."""

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import zmq

from bridge.client import Client
from bridge.error import RefusedError
from bridge.gig_protocol import (
    Asked,
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
from bridge.gigs import MOST_ASKED, Gigs
from bridge.live.jack_musician import RATE, READY_S, Musician, wait_until
from bridge.live.stage_door import StageDoor
from bridge.live_shelf import LiveShelf
from bridge.local import local_server
from bridge.message import Code, Failure, Reply
from bridge.midi_file import read_song
from bridge.protocol import Ping, Pong, decode_reply, encode
from bridge.server import Config
from engines.live.event import note_off, note_on
from engines.stage import Stage
from tests.bridge.live.test_play import clip


@pytest.fixture(scope="module")
def takes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of takes that nobody has made."""
    return tmp_path_factory.mktemp("server") / "takes"


@pytest.fixture(scope="module")
def address(jack: str, takes: Path) -> Iterator[str]:  # noqa: ARG001 - the server is to find JACK
    config = Config(bind="tcp://127.0.0.1:0", warm=False, takes=takes)
    with local_server(config) as served:
        yield served


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


def test_what_sounds_is_recorded_in_the_folder_of_takes(
    client: Client, player: Musician, takes: Path
) -> None:
    client.ask_gig(Open, ports=ports(player))
    take = state_of(client.ask_gig(Record, name="a take")).take
    assert take is not None
    assert len(list(takes.glob("*.take"))) == 1
    player.play(note_on(0, 60, 64), note_off(0, 60))
    wait_until(lambda: len(player.heard) == 2, "the note")
    with pytest.raises(RefusedError, match="a take is under way already") as refused:
        client.ask_gig(Record, name="another take")
    assert refused.value.failure.code == Code.BUSY
    [said] = client.ask_gig(Finish).told
    assert said.startswith("1 note in ")
    [clip] = read_song(takes / "a take.mid").clips
    assert clip.notes.pitch.tolist() == [60]
    with pytest.raises(RefusedError, match="is there already, allowed is a new name") as refused:
        client.ask_gig(Record, name="a take")
    assert (refused.value.failure.code, refused.value.failure.field) == (Code.INVALID, "name")


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
    with pytest.raises(RefusedError, match="preset is 'live/wah', allowed are") as refused:
        client.ask_gig(Choose, preset="live/wah")
    assert (refused.value.failure.code, refused.value.failure.field) == (Code.INVALID, "preset")
    with pytest.raises(RefusedError, match=r"options\.drive is 9\.0, allowed are numbers"):
        client.ask_gig(Choose, stages=(Stage("live.velocity", {"drive": 9.0}),))
    client.ask_gig(Choose, stages=(Stage("live.velocity"),))
    with pytest.raises(RefusedError, match=r"drive is 9\.0") as refused:
        client.ask_gig(Turn, stage=0, options={"drive": 9.0})
    assert refused.value.failure.field == "drive"


def answer(gigs: Gigs, asked: Asked) -> Reply:
    """Ask, and return the answer."""
    gigs.ask(b"peer", asked)
    wait_until(lambda: bool(gigs.answers), "the answer", within_s=2 * READY_S)
    return gigs.answers.popleft()[1]


@pytest.mark.slow
def test_a_gig_whose_process_was_killed_is_closed_and_can_be_opened_again(
    lonely: Musician, tmp_path: Path
) -> None:
    doors: list[StageDoor] = []

    def enter(ports: Ports) -> StageDoor:
        doors.append(StageDoor(ports))
        return doors[-1]

    play = Play(4, clips=(clip(60),), ports=ports(lonely))
    with closing(Gigs(LiveShelf(), lambda: None, "", tmp_path, enter=enter)) as gigs:
        assert isinstance(answer(gigs, Open(1, ports=ports(lonely))), Standing)
        assert isinstance(answer(gigs, Record(2, name="broken off")), Standing)
        lonely.play(note_on(0, 60, 80))
        lonely.wait_for(note_on(0, 60, 80))
        os.kill(doors[0].pid, signal.SIGKILL)
        wait_until(lambda: not doors[0].alive, "its death")
        standing = answer(gigs, Stand(3))
        assert isinstance(standing, Standing)
        assert standing.state is None
        died, saved = standing.told
        assert died == "the process that plays has ended; what it left sounding is ended"
        assert saved.startswith("a take that was broken off is kept, 1 note in")
        wait_until(lambda: lonely.sounding.silent, "silence")
        assert isinstance(answer(gigs, play), Standing)
        os.kill(doors[1].pid, signal.SIGKILL)
        wait_until(lambda: not doors[1].alive, "its death")
        standing = answer(gigs, play)
        assert isinstance(standing, Standing)
        assert standing.state is not None
        assert standing.told[0].startswith("the process that plays has ended; ")


@pytest.mark.usefixtures("jack")
def test_more_is_not_asked_of_a_gig_than_it_can_answer_soon(tmp_path: Path) -> None:
    with closing(Gigs(LiveShelf(), lambda: None, "", tmp_path)) as gigs:
        gigs.ask(b"peer", Open(0, ports=Ports(virtual="door")))
        for number in range(1, MOST_ASKED + 1):
            gigs.ask(b"peer", Stand(number))
        [(_, refused)] = gigs.answers
        assert isinstance(refused, Failure)
        assert (refused.id, refused.code) == (MOST_ASKED, Code.BUSY)
    assert {reply.id for _, reply in gigs.answers} == set(range(MOST_ASKED + 1))
    last = gigs.answers[-1][1]
    assert isinstance(last, Failure)
    assert last.code == Code.STOPPING


@pytest.mark.usefixtures("jack")
def test_a_request_under_way_is_answered_when_the_server_stops() -> None:
    with ExitStack() as stack:
        context = stack.enter_context(zmq.Context())
        with local_server() as served:
            socket = stack.enter_context(context.socket(zmq.DEALER))
            socket.rcvtimeo = int(READY_S * 1e3)
            socket.connect(served)
            socket.send(encode(Open(1, ports=Ports(virtual="door"))))
            socket.send(encode(Stand(2)))
            socket.send(encode(Ping(3)))
            assert decode_reply(socket.recv()) == Pong(3)  # so the others are under way
        first, second = decode_reply(socket.recv()), decode_reply(socket.recv())
    assert isinstance(first, Standing)
    assert isinstance(second, Failure)
    assert (first.id, second.id, second.code) == (1, 2, Code.STOPPING)


def test_a_gig_that_nobody_asks_about_ends_with_a_server_that_may_leave(
    player: Musician,
) -> None:
    config = Config(bind="tcp://127.0.0.1:0", warm=False, leave_after_s=0.1, leave_gig_after_s=1.0)
    with local_server(config) as served, Client(served, timeout_s=30) as one:
        one.ask_gig(Play, clips=(clip(60),), ports=ports(player))
        begin = player.frame()
        for pitch in range(60, 90):  # whoever plays needs no client
            player.play(note_on(0, pitch, 80), at=begin + (pitch - 59) * RATE // 15)
            player.play(note_off(0, pitch), at=begin + (pitch - 59) * RATE // 15 + 1)
        player.wait_for(note_off(0, 89))
        wait_until(lambda: not player.into.connections, "its end")
    assert player.sounding.silent
