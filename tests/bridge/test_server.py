import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import zmq

from bridge.client import Client
from bridge.error import BridgeError, RefusedError
from bridge.local import local_server
from bridge.message import Code, Failure
from bridge.protocol import Limits, Pong, decode_reply, encode
from bridge.protocol import Ping as PingRequest
from bridge.server import Config, Server
from engines import Clip, Stage, Target
from tests.clips import stiff_clip
from tests.conftest import serve

ECHO = (Stage("echo"),)
HUMAN = (
    Stage("rules.velocity"),
    Stage("rules.groove"),
    Stage("rules.articulation"),
    Stage("rules.pedal"),
)
LONG = (Stage("sleeper", {"seconds": 30}),)


@contextmanager
def in_background(work: threading.Thread) -> Iterator[None]:
    work.start()
    try:
        yield
    finally:
        work.join(timeout=30)
        assert not work.is_alive()


def test_echo_returns_the_clip_bit_for_bit(client: Client) -> None:
    clip = stiff_clip(100)
    assert client.render((clip,), stages=ECHO, seed=1).takes == ((clip,),)


def test_several_clips_come_back_in_their_order(client: Client) -> None:
    clips = tuple(stiff_clip(8 + k, name=f"clip {k}") for k in range(5))
    assert client.render(clips, stages=ECHO, seed=1).takes == (clips,)


def test_the_same_seed_gives_the_same_clip_and_another_seed_another(client: Client) -> None:
    first, again, other = (
        client.render((stiff_clip(),), stages=HUMAN, seed=seed).takes for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_take_k_is_what_its_own_seed_gives(client: Client) -> None:
    takes = client.render((stiff_clip(),), stages=HUMAN, seed=10, takes=3).takes
    alone = client.render((stiff_clip(),), stages=HUMAN, seed=12).takes
    assert takes[2] == alone[0]


def test_a_request_of_amount_zero_changes_no_bit(client: Client) -> None:
    clip = stiff_clip(64)
    assert client.render((clip,), preset="band/natural", amount=0.0).takes == ((clip,),)


def test_the_amounts_of_a_request_hold_in_both_lanes(client: Client) -> None:
    clip = stiff_clip(64)
    stages, less = (Stage("rules.velocity"), Stage("rules.groove")), {"velocity": 0.0}
    slow = (*stages, Stage("sleeper", {"seconds": 0.1}))
    for asked in (stages, slow):
        ((after,),) = client.render((clip,), stages=asked, amounts=less, seed=1).takes
        assert np.array_equal(after.notes.velocity, clip.notes.velocity)
        assert not np.array_equal(after.notes.onset, clip.notes.onset)


def outside_is_untouched(before: Clip, after: Clip, inside: np.ndarray) -> bool:
    return before.notes.take(~inside) == after.notes.take(~inside)


def test_outside_a_target_in_time_nothing_changes(client: Client) -> None:
    clip = stiff_clip(64)
    target = Target(start=8.0, end=16.0)
    ((after,),) = client.render((clip,), stages=HUMAN, target=target, seed=3).takes
    inside = (clip.notes.onset >= 8) & (clip.notes.onset < 16)
    assert outside_is_untouched(clip, after, inside)
    assert after.notes.take(inside) != clip.notes.take(inside)
    assert ((after.controllers.time >= 8) & (after.controllers.time < 16)).all()


def test_other_notes_than_those_of_a_target_do_not_change(client: Client) -> None:
    clip = stiff_clip(64)
    target = Target(note_ids=(3, 4, 5))
    ((after,),) = client.render((clip,), stages=HUMAN, target=target, seed=3).takes
    assert outside_is_untouched(clip, after, np.isin(clip.notes.note_id, [3, 4, 5]))
    assert after.controllers == clip.controllers


def test_a_generator_leaves_everything_outside_its_target_alone(client: Client) -> None:
    clip = stiff_clip(64)
    stages = (Stage("euclid", {"keep": False}),)
    ((after,),) = client.render((clip,), stages=stages, target=Target(8.0, 16.0), seed=3).takes
    inside = (after.notes.onset >= 8) & (after.notes.onset < 16)
    kept = (clip.notes.onset < 8) | (clip.notes.onset >= 16)
    assert after.notes.take(~inside) == clip.notes.take(kept)


def test_a_long_request_streams_its_progress(client: Client) -> None:
    seen: list[float] = []
    client.render((stiff_clip(),), seen.append, stages=(Stage("sleeper", {"seconds": 0.5}),))
    assert len(seen) >= 5
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= 1


def test_what_the_progress_callback_raises_cancels_the_request(client: Client) -> None:
    def stop(_fraction: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        client.render((stiff_clip(),), stop, stages=LONG)
    # the long lane is free again: a request of a tenth of a second is answered
    client.render((stiff_clip(),), stages=(Stage("sleeper", {"seconds": 0.1}),))


def test_a_deadline_ends_a_long_request(client: Client) -> None:
    with pytest.raises(RefusedError) as caught:
        client.render((stiff_clip(),), stages=LONG, deadline_ms=300)
    assert caught.value.failure.code == Code.DEADLINE


def test_an_engine_that_never_returns_is_ended_and_the_lane_goes_on(client: Client) -> None:
    with pytest.raises(RefusedError) as caught:
        client.render((stiff_clip(),), stages=(Stage("hanger"),), deadline_ms=300)
    assert caught.value.failure.code == Code.DEADLINE
    client.render((stiff_clip(),), stages=(Stage("sleeper", {"seconds": 0.1}),))


def test_an_engine_that_ends_its_process_fails_and_the_lane_goes_on(client: Client) -> None:
    with pytest.raises(RefusedError) as caught:
        client.render((stiff_clip(),), stages=(Stage("crasher"),))
    assert caught.value.failure.code == Code.INTERNAL
    client.render((stiff_clip(),), stages=(Stage("sleeper", {"seconds": 0.1}),))


def test_an_engine_that_raises_is_reported_without_its_traceback(client: Client) -> None:
    with pytest.raises(RefusedError) as caught:
        client.render((stiff_clip(),), stages=(Stage("raiser"),))
    assert caught.value.failure.code == Code.INTERNAL
    assert "ZeroDivisionError" in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert client.ping() > 0


def test_what_an_engine_could_not_do_is_said_once(client: Client) -> None:
    answer = client.render((stiff_clip(),), stages=(Stage("doubter"),) * 2, seed=5, takes=2)
    assert answer.warnings == ["it is late", "seed 5", "seed 6"]


def test_the_long_lane_tells_what_an_engine_could_not_do(client: Client) -> None:
    stages = (Stage("doubter"), Stage("sleeper", {"seconds": 0.01}))
    assert client.render((stiff_clip(),), stages=stages, seed=5).warnings == [
        "it is late",
        "seed 5",
    ]


def test_a_humanizer_that_loses_a_note_is_refused(client: Client) -> None:
    with pytest.raises(RefusedError, match="returned 15 notes, allowed are 16"):
        client.render((stiff_clip(16),), stages=(Stage("loser"),))


def test_an_engine_that_does_not_load_is_named_with_its_reason(client: Client) -> None:
    with pytest.raises(
        RefusedError, match=r"engine is missing, which does not load: .*NoSuchEngine"
    ):
        client.render((stiff_clip(),), stages=(Stage("missing"),))


def test_a_humanizer_is_answered_while_a_long_request_runs(client: Client) -> None:
    answers: list[float] = []

    def humanize_once(fraction: float) -> None:
        if not answers:
            with Client(client.address) as other:
                other.render((stiff_clip(),), stages=HUMAN)
                answers.append(fraction)

    client.render((stiff_clip(),), humanize_once, stages=(Stage("sleeper", {"seconds": 1.0}),))
    assert answers
    assert answers[0] < 0.5


def test_a_newer_request_for_a_slot_supersedes_a_running_one(client: Client) -> None:
    refusals: list[Code] = []

    def ask_again(_fraction: float) -> None:
        if not refusals:
            refusals.append(Code.INTERNAL)  # only once
            client._session.render((stiff_clip(),), {"stages": ECHO, "slot": "A"})  # noqa: SLF001
            client._flush()  # noqa: SLF001

    with pytest.raises(RefusedError) as caught:
        client.render((stiff_clip(),), ask_again, stages=LONG, slot="A")
    assert caught.value.failure.code == Code.SUPERSEDED


def test_a_frame_over_the_limit_is_refused_in_words() -> None:
    config = Config(bind="tcp://127.0.0.1:0", warm=False, limits=Limits(frame_bytes=10_000))
    with local_server(config) as address, Client(address) as client:
        with pytest.raises(RefusedError, match="allowed are 10000") as caught:
            client.render((stiff_clip(1000),), stages=ECHO)
        assert caught.value.failure.code == Code.TOO_LARGE
        assert client.ping() > 0


def test_a_million_notes_are_refused_in_words(client: Client) -> None:
    with pytest.raises(RefusedError, match="allowed are") as caught:
        client.render((stiff_clip(1_000_000),), stages=ECHO)
    assert caught.value.failure.code == Code.TOO_LARGE


def test_the_server_answers_a_plain_dealer() -> None:
    with local_server() as address, zmq.Context() as context, context.socket(zmq.DEALER) as bare:
        bare.connect(address)
        bare.send(encode(PingRequest(3)))
        assert bare.poll(5000)
        assert decode_reply(bare.recv()) == Pong(3)


def test_several_parts_and_empty_frames_are_answered_too() -> None:
    with local_server() as address, zmq.Context() as context, context.socket(zmq.DEALER) as bare:
        bare.connect(address)
        for parts in ([b""], [b"", b"x"], [b"a", b"b", b"c"]):
            bare.send_multipart(parts)
            assert bare.poll(5000)
            assert isinstance(decode_reply(bare.recv()), Failure)


def test_a_taken_port_is_told_in_words() -> None:
    with local_server() as address, pytest.raises(BridgeError, match="is yuragi serve running"):
        Server(Config(bind=address))


@pytest.mark.parametrize("address", ["nonsense", "tcp://1.2.3.4.5:x", "tcp://127.0.0.1:99999"])
def test_an_address_that_cannot_be_bound_is_told_in_words(address: str) -> None:
    with pytest.raises(BridgeError, match=f"cannot serve on {address}"):
        Server(Config(bind=address))


def test_a_stopped_server_has_answered_what_was_asked(tmp_path: Path) -> None:
    server = Server(Config(bind="tcp://127.0.0.1:0", warm=False, presets=tmp_path))
    thread = threading.Thread(target=server.run)
    with in_background(thread), Client(server.address) as client:
        stop = iter([server.stop])

        def stop_once(_fraction: float) -> None:
            next(stop, lambda: None)()

        stages = (Stage("sleeper", {"seconds": 0.5}),)
        assert client.render((stiff_clip(),), stop_once, stages=stages).takes


def test_a_stopped_server_gives_up_what_exceeds_its_grace(tmp_path: Path) -> None:
    config = Config(bind="tcp://127.0.0.1:0", warm=False, presets=tmp_path, grace_s=0.2)
    server = Server(config)
    thread = threading.Thread(target=server.run)
    with in_background(thread), Client(server.address) as client:
        with pytest.raises(RefusedError) as caught:
            client.render((stiff_clip(),), lambda _: server.stop(), stages=LONG)
        assert caught.value.failure.code == Code.STOPPING


def test_ctrl_c_in_a_terminal_lets_a_long_request_end() -> None:
    command = [sys.executable, "-m", "bridge.command.main", "serve", "--bind", "tcp://127.0.0.1:0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    with Client(process.stdout.readline().split()[-1]) as client:
        interrupt = iter([lambda: os.killpg(process.pid, signal.SIGINT)])
        stages = (Stage("sleeper", {"seconds": 1.0}),)
        answer = client.render(
            (stiff_clip(),), lambda _: next(interrupt, lambda: None)(), stages=stages
        )
    assert answer.takes == ((stiff_clip(),),)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 0
    assert "Traceback" not in out + err


def test_a_slow_reader_gets_every_reply_in_the_end() -> None:
    with local_server() as address, zmq.Context() as context, context.socket(zmq.DEALER) as slow:
        slow.rcvhwm = 1
        slow.sndhwm = 0
        slow.connect(address)
        for number in range(3000):  # far more than ZeroMQ's queues of 1,000 hold
            slow.send(encode(PingRequest(number)))
        with Client(address) as client:
            assert client.ping() > 0
        seen: list[int | None] = []
        while len(seen) < 3000:
            assert slow.poll(5000)
            seen.append(decode_reply(slow.recv()).id)
        assert seen == list(range(3000))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_cleanly(number: signal.Signals) -> None:
    with serve() as served:
        with Client(served.address) as client:
            client.ping()
        served.process.send_signal(number)
        assert served.process.wait(timeout=10) == 0
        assert served.process.stdout is not None
        assert "yuragi has stopped" in served.process.stdout.read()
        port = int(served.address.rsplit(":", 1)[1])
        with socket.socket() as again:
            again.bind(("127.0.0.1", port))


def test_a_preset_of_the_user_wins_and_is_seen_without_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "presets"
    config = Config(bind="tcp://127.0.0.1:0", warm=False, presets=folder)
    with local_server(config) as address, Client(address) as client:
        (folder / "band").mkdir(parents=True)
        (folder / "band" / "natural.toml").write_text(
            'summary = "Mine."\nrole = "auto"\n[[stage]]\nengine = "echo"\n'
        )
        summaries = {preset["name"]: preset["summary"] for preset in client.hello().presets}
        assert summaries["band/natural"] == "Mine."
        clip = stiff_clip()
        assert client.render((clip,), preset="band/natural", seed=1).takes == ((clip,),)
