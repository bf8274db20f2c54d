from pathlib import Path

import numpy as np
import pytest

from bridge.message import Code, Failure, Reply
from bridge.protocol import Cancel, Cancelled, Hello, Ping, Pong, Render, Welcome
from bridge.sound_protocol import Block, Bounce, Bounced
from bridge.witness import Doing, Sight, Witness
from tests.clips import stiff_clip
from tests.vst_host.process import NOTE, Host, Peer, Row, host_process, peer_of, track
from vst_host.session import FRAME_BYTES, MOST_WAITING

LONG: list[Row] = [NOTE, (600.0, 0x80, 69, 0)]
"""Ten minutes: long enough for anything to happen in it."""


SLOW: list[Row] = [NOTE, (200.0, 0x80, 69, 0)]
"""At 8,000 Hz 13 MB: more than sockets hold."""


MANY_LOOKS = 1_000_000
"""So many take some 30 s."""


def seen(host: Host) -> Sight:
    witness = Witness(host.witness)
    try:
        return witness.look()
    finally:
        witness.close()


def test_it_ends_when_its_input_does(tmp_path: Path) -> None:
    with host_process(tmp_path) as host:
        assert host.end() == 0


def test_it_ends_in_the_midst_of_a_bounce_when_its_input_does(tmp_path: Path, synth: Path) -> None:
    with host_process(tmp_path) as host, peer_of(host) as peer:
        peer.send(Bounce(1, tracks=(track(LONG, synth),)))
        assert isinstance(peer.receive(), Block)
        assert host.end() == 0


def test_hello_and_ping_are_answered(peer: Peer) -> None:
    peer.send(Hello(1))
    welcome = peer.receive()
    assert isinstance(welcome, Welcome)
    assert (welcome.id, welcome.engines, welcome.presets) == (1, [], [])
    assert (welcome.limits.frame_bytes, welcome.limits.waiting) == (FRAME_BYTES, MOST_WAITING)
    peer.send(Ping(2))
    assert peer.receive() == Pong(2)


@pytest.mark.parametrize("frame", [b"", b"junk", b"\x80", b"\xc1" * 50])
def test_frames_that_are_none_get_a_failure(peer: Peer, frame: bytes) -> None:
    peer.send_raw(frame)
    failure = peer.receive()
    assert isinstance(failure, Failure)
    assert failure.code is Code.BAD_FRAME


def test_what_is_for_the_server_gets_a_failure(peer: Peer) -> None:
    peer.send(Render(5, clips=(stiff_clip(),), preset="x"))
    failure = peer.receive()
    assert isinstance(failure, Failure)
    assert (failure.id, failure.field) == (5, "op")
    assert failure.message.startswith("op is 'render', allowed are bounce, cancel, hello, ping")


def test_plugins_may_print_what_they_like(tmp_path: Path, plugins: Path, synth: Path) -> None:
    gain = track([NOTE], synth)
    with host_process(tmp_path) as host, peer_of(host) as peer:
        effects = track([NOTE], plugins / "Test Gain.vst3")
        peer.refusal(effects)
        assert peer.bounce(gain, tail_s=0.1).bounced.frames == 4_800
        host.end()
        assert "Test Gain is made\n" in host.said


def test_requests_are_done_one_after_another(peer: Peer, synth: Path) -> None:
    ids = [peer.next_id() for _ in range(4)]
    for number, request in enumerate(ids):
        rows: list[Row] = [NOTE, (0.1 * (number + 1), 0x80, 69, 0)]
        peer.send(Bounce(request, tracks=(track(rows, synth),), tail_s=0))
    frames = [peer.hear(request).bounced.frames for request in ids]
    assert frames == [4_800, 9_600, 14_400, 19_200]


def test_the_first_block_is_short_and_comes_long_before_the_last(peer: Peer, synth: Path) -> None:
    heard = peer.bounce(track([NOTE, (3.0, 0x80, 69, 0)], synth), tail_s=0)
    assert heard.blocks[:4] == [2_048, 4_096, 8_192, 8_192]
    assert sum(heard.blocks) == heard.bounced.frames == 144_000


def test_progress_is_told_and_rises(peer: Peer, synth: Path) -> None:
    heard = peer.bounce(track([NOTE, (60.0, 0x80, 69, 0)], synth), progress=True)
    assert heard.progress
    assert heard.progress == sorted(heard.progress)
    assert 0 < heard.progress[0] < heard.progress[-1] < 1


def test_a_bounce_that_runs_is_cancelled(peer: Peer, synth: Path) -> None:
    asked = Bounce(peer.next_id(), tracks=(track(LONG, synth),))
    peer.send(asked)
    assert isinstance(peer.receive(), Block)
    peer.send(Cancel(peer.next_id(), request=asked.id))
    while isinstance(reply := peer.receive(), Block):
        assert reply.start < 600 * 48_000
    assert isinstance(reply, Cancelled)
    assert reply.found
    failure = peer.receive()
    assert isinstance(failure, Failure)
    assert (failure.id, failure.code) == (asked.id, Code.CANCELLED)
    assert peer.bounce(track([NOTE], synth), tail_s=0).bounced.frames == 0


def test_a_bounce_that_waits_is_cancelled(peer: Peer, synth: Path) -> None:
    runs, waits = peer.next_id(), peer.next_id()
    peer.send(Bounce(runs, tracks=(track(LONG, synth),)))
    peer.send(Bounce(waits, tracks=(track(LONG, synth),)))
    for request in (waits, runs):
        peer.send(Cancel(peer.next_id(), request=request))
    said: list[Reply] = []
    while len(said) < 4:
        reply = peer.receive()
        if not isinstance(reply, Block):
            said.append(reply)
    failed = [reply.id for reply in said if isinstance(reply, Failure)]
    assert failed == [waits, runs]


def test_a_client_that_goes_away_does_not_keep_the_host(host: Host, synth: Path) -> None:
    with peer_of(host) as gone:
        gone.send(Bounce(1, tracks=(track(LONG, synth),)))
        assert isinstance(gone.receive(), Block)
    with peer_of(host) as peer:
        assert peer.bounce(track([NOTE], synth), tail_s=0.1).bounced.frames == 4_800


def test_a_client_that_does_not_read_makes_the_host_wait_and_misses_nothing(
    tmp_path: Path, synth: Path
) -> None:
    with host_process(tmp_path) as host, peer_of(host) as slow, peer_of(host) as other:
        asked = Bounce(slow.next_id(), tracks=(track(SLOW, synth),), tail_s=0, sample_rate=8_000)
        slow.send(asked)
        other.send(Ping(1))
        assert other.receive() == Pong(1)  # it is answered though the other does not read
        assert slow.hear(asked.id).bounced.frames == 200 * 8_000


def test_a_plugin_that_crashes_is_named_by_the_witness(tmp_path: Path, plugins: Path) -> None:
    path = plugins / "Test Crash Note.vst3"
    rows: list[Row] = [(k / 100, 0x90, 40 + k % 50, 90) for k in range(600)]
    with host_process(tmp_path) as host, peer_of(host) as peer:
        peer.send(Bounce(1, tracks=(track(rows, path),)))
        assert host.process.wait(60) != 0
        assert seen(host).within
        assert (seen(host).plugin, seen(host).doing) == (str(path), Doing.PLAYING)


def test_a_plugin_that_crashes_when_loaded_is_named_by_the_witness(
    tmp_path: Path, plugins: Path
) -> None:
    path = plugins / "Test Crash.vst3"
    with host_process(tmp_path) as host, peer_of(host) as peer:
        peer.send(Bounce(1, tracks=(track([NOTE], path),), load_s=7))
        assert host.process.wait(60) != 0
        assert seen(host)[1:] == (7, str(path), Doing.LOADING)


def test_a_plugin_that_crashes_when_it_is_let_go_of_has_given_all_and_is_named_so(
    tmp_path: Path, plugins: Path
) -> None:
    path = plugins / "Test Crash End.vst3"
    with host_process(tmp_path) as host, peer_of(host) as peer:
        heard = peer.bounce(track([NOTE, (0.1, 0x80, 69, 0)], path), load_s=7, tail_s=0)
        assert heard.bounced.frames == 4_800
        assert host.process.wait(60) != 0
        assert seen(host)[1:] == (7, str(path), Doing.CLOSING)


@pytest.mark.parametrize("name", ["Test Hang Note", "Test Hang"])
def test_the_host_answers_while_a_plugin_hangs(tmp_path: Path, plugins: Path, name: str) -> None:
    path = plugins / f"{name}.vst3"
    rows: list[Row] = [(k / 1000, 0x90, 40 + k, 90) for k in range(5)]
    with host_process(tmp_path) as host, peer_of(host) as peer:
        peer.send(Bounce(1, tracks=(track(rows, path),), patience_s=3, load_s=4))
        assert any(seen(host).plugin == str(path) for _ in range(MANY_LOOKS))
        for request in range(2, 200):  # soon it hangs, and stays so
            peer.send(Ping(request))
            assert peer.receive() == Pong(request)
        assert seen(host).within
        host.process.kill()
        host.process.wait(30)


def test_an_id_that_is_in_use_is_refused(peer: Peer, synth: Path) -> None:
    asked = Bounce(peer.next_id(), tracks=(track(LONG, synth),))
    peer.send(asked)
    peer.send(asked)
    replies = iter(peer.receive, None)
    failure = next(reply for reply in replies if not isinstance(reply, Block))
    assert isinstance(failure, Failure)
    assert failure.field == "id"
    peer.send(Cancel(peer.next_id(), request=asked.id))
    assert not any(isinstance(next(replies), Bounced) for _ in range(2))


def test_many_tracks_play_together(peer: Peer, synth: Path) -> None:
    one: list[Row] = [NOTE, (0.1, 0x80, 69, 0)]
    tracks = [track(one, synth) for _ in range(40)]
    mix = peer.bounce(*tracks, tail_s=0).mix
    alone = peer.bounce(tracks[0], tail_s=0).mix
    assert np.allclose(mix, 40 * alone, atol=1e-4)
