"""The pulse of an Ableton Link session, in a network of the test's own.

Link sends to all on the network, so no test here opens it but in a namespace without a way out.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bridge.error import BridgeError
from bridge.live.link import LinkPulse, Sight
from tests.bridge.live.networks import LIMIT_S, own_network

OLDER_S = 1.0
"""The session that is older by more than half a second is the one that all join. Source: Ableton
Link, Sessions.hpp, SESSION_EPS."""

PEER = """
import asyncio, json, time
import aalink

async def main():
    link = aalink.Link(97.0)
    link.quantum = 4.0
    link.enabled = True
    until = time.monotonic() + 30
    while time.monotonic() < until:
        await asyncio.sleep(0.01)
        looks = []
        for _ in range(5):
            before = time.monotonic()
            beat = link.beat
            after = time.monotonic()
            looks.append((after - before, (before + after) / 2, beat))
        _, at, beat = min(looks)
        print(json.dumps([at, beat, link.tempo, link.num_peers]), flush=True)

asyncio.run(main())
"""
"""A peer that says every 10 ms which beat it has."""

OURS = """
import json, sys, time
from bridge.live.link import LinkPulse

told = []
pulse = LinkPulse(time.monotonic, bpm=120.0, bar=4.0, tell=told.append)
until = time.monotonic() + 20
while not pulse.peers and time.monotonic() < until:
    time.sleep(0.01)
settled = time.monotonic() + 2
while time.monotonic() < settled:
    time.sleep(0.01)
now = time.monotonic()
at = pulse.time_s(pulse.beat(now) + 8)
print(json.dumps([now, pulse.beat(now), pulse.bpm, pulse.beat(at) - pulse.beat(now), told]))
pulse.close()
"""
"""Our pulse, that finds the peer, waits until their clocks agree, and says which beat it has."""


@pytest.fixture(scope="module")
def network() -> Iterator[list[str]]:
    """Yield the beginning of a command that runs in a network of its own."""
    with own_network(f"yuragi-{os.getpid()}") as command:
        yield [*command, "-c"]


@pytest.fixture(scope="module")
def meeting(network: list[str]) -> tuple[list[list[float]], list[object]]:
    """Return what a peer at 97 bpm says, and what our pulse says, that begins with 120."""
    with subprocess.Popen([*network, PEER], stdout=subprocess.PIPE, text=True) as peer:
        assert peer.stdout is not None
        try:
            began = json.loads(peer.stdout.readline())[0]
            while json.loads(peer.stdout.readline())[0] < began + OLDER_S:
                pass
            ours = subprocess.run(
                [*network, OURS], capture_output=True, text=True, timeout=LIMIT_S, check=True
            )
        finally:
            peer.terminate()
        said, _ = peer.communicate(timeout=LIMIT_S)
    theirs = [json.loads(line) for line in said.splitlines() if line.endswith("]")]
    return theirs, json.loads(ours.stdout)


@pytest.mark.slow
def test_our_beat_is_that_of_a_peer(meeting: tuple[list[list[float]], list[float]]) -> None:
    theirs, (at, beat, *_) = meeting
    near, there, *_ = min(theirs, key=lambda one: abs(one[0] - at))
    apart = (beat - there - (at - near) * 97 / 60 + 2) % 4 - 2  # bars are shared, not counts
    assert apart * 60 / 97 == pytest.approx(0.0, abs=1e-3)


@pytest.mark.slow
def test_our_tempo_is_that_of_a_peer(meeting: tuple[list[list[float]], list[float]]) -> None:
    assert meeting[1][2] == pytest.approx(97.0, rel=1e-5)


@pytest.mark.slow
def test_the_time_of_a_beat_is_when_it_sounds(
    meeting: tuple[list[list[float]], list[float]],
) -> None:
    assert meeting[1][3] == pytest.approx(8.0, abs=1e-3)  # a look between may move it so much


@pytest.mark.slow
def test_it_says_that_somebody_is_there(meeting: tuple[list[list[float]], list[list[str]]]) -> None:
    assert meeting[1][4][0].startswith("Ableton Link: 1 other in the session")


def test_a_sight_tells_the_beat_at_other_times() -> None:
    assert Sight(10.0, 4.0, 120.0).at(11.5) == 7.0


def test_without_aalink_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "aalink", None)  # so an import of it fails
    with pytest.raises(BridgeError, match=r"pip install 'yuragi\[link\]'"):
        LinkPulse(lambda: 0.0)
