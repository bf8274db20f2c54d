"""Play in time with a peer of Ableton Link, in a network of the test's own."""

import json
import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

from bridge.live.jack_musician import RATE, Musician, wait_until
from bridge.midi_file import new_song, write_song
from tests.bridge.live.networks import LIMIT_S, own_network
from tests.bridge.live.programs import yuragi
from tests.bridge.live.test_play import clip

BPM = 97.0

PEER = """
import asyncio, json
import aalink, jack

async def main():
    client = jack.Client("peer", no_start_server=True)
    client.activate()
    link = aalink.Link(97.0)
    link.quantum = 4.0
    link.enabled = True
    while True:
        await asyncio.sleep(0.01)
        looks = []
        for _ in range(5):
            before, beat, after = client.frame_time, link.beat, client.frame_time
            looks.append((after - before, (before + after) / 2, beat))
        print(json.dumps(min(looks)[1:]), flush=True)

asyncio.run(main())
"""
"""A peer that says every 10 ms which beat it has, and at which frame of JACK."""

SECOND = 100
"""So many lines does the peer say in a second, which it has to be older than we are."""

SETTLED, BAR, BARS = 24, 16, 3
"""After so many quarters of a beat the clocks of both agree; so many are a bar, and so many bars
are heard."""


@pytest.mark.slow
def test_a_file_is_played_on_the_beat_of_a_peer(player: Musician, tmp_path: Path) -> None:
    write_song(new_song([clip(*range(60, 76))]), tmp_path / "song.mid")
    said = tmp_path / "peer"
    arguments = ("--out", f"{player.name}:in", "--clock", "link", "--loop")
    with own_network(f"yuragi-{os.getpid()}-player") as python, said.open("w") as out:
        peer = subprocess.Popen([*python, "-c", PEER], stdout=out)
        try:
            wait_until(lambda: said.read_text().count("\n") > SECOND, "the peer", LIMIT_S)
            with yuragi("play", str(tmp_path / "song.mid"), *arguments, python=python) as process:
                assert process.stdout is not None
                assert any("1 other in the session" in line for line in process.stdout)
                count = len(onsets(player)) + SETTLED
                wait_until(lambda: len(onsets(player)) > count + BARS * BAR, "three bars", LIMIT_S)
        finally:
            peer.terminate()
            peer.wait(LIMIT_S)
    frames, pitches = np.array(onsets(player)[count : count + BARS * BAR]).T
    apart = beats_of(said, frames) - (pitches - 60) / 4
    apart_s = ((apart + 2) % 4 - 2) * 60 / BPM  # bars are shared, not counts
    worst_s = np.abs(apart_s).reshape(BARS, BAR).max(axis=1)
    assert (
        worst_s.min() < 1e-3
    )  # the best bar: a peer that waits for the processor tells its beat late


def onsets(player: Musician) -> list[tuple[int, int]]:
    """Return the frame and the pitch of each note that was heard."""
    return [(one.frame, one.data[1]) for one in player.heard if one.data[0] == 0x90]


def beats_of(said: Path, frames: np.ndarray) -> np.ndarray:
    """Return which beats of the peer frames are."""
    looks = np.array([json.loads(line) for line in said.read_text().splitlines()[SECOND:-1]])
    near = looks[np.abs(looks[:, 0] - frames[:, None]).argmin(axis=1)]
    beats: np.ndarray = near[:, 1] + (frames - near[:, 0]) / RATE * BPM / 60
    return beats
