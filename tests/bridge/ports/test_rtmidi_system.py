"""Play by rtmidi, at a JACK server of its own: JACK stalls when a client of rtmidi is killed."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import numpy as np
import pytest

from bridge.live.jack_musician import Musician, jack_server, musician, wait_until
from bridge.live.rtmidi_floor import GAP_S, NOTES
from engines.live.event import note_off, note_on


@pytest.fixture
def player() -> Iterator[Musician]:
    if shutil.which("jackd") is None and not os.environ.get("CI"):
        pytest.skip("jackd is not installed (Debian: jackd2), so nothing can be played live")
    with ExitStack() as floor, ExitStack() as server:
        # JACK ends first: it would stall if one of its clients were killed
        server.enter_context(jack_server(f"rtmidi-{os.getpid()}"))
        one = server.enter_context(musician("player"))
        command = [sys.executable, "-m", "bridge.live.rtmidi_floor", "play"]
        process = floor.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        floor.callback(process.kill)
        assert process.stdout is not None
        assert any("ready" in line for line in process.stdout)
        for port in one.client.get_ports("floor", is_midi=True):
            if port.is_input:
                one.client.connect(one.out, port)
            else:
                one.client.connect(port, one.into)
        yield one


@pytest.mark.slow
def test_notes_sound_in_order_at_their_times(player: Musician) -> None:
    player.play(note_on(0, 60, 64))
    wait_until(lambda: len(player.heard) == 2 * NOTES, "all notes")
    played = [(note_on(0, n % 128, 100), note_off(0, n % 128)) for n in range(NOTES)]
    assert player.messages() == [message for both in played for message in both]
    late = np.array([one.time_s for one in player.heard[::2]]) - np.arange(NOTES) * GAP_S
    assert np.median(np.abs(late - np.median(late))) < 0.005
