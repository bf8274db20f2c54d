"""Unplug what plays by rtmidi, and flood it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from bridge.live.jack_musician import RATE, jack_server, musician, wait_until
from bridge.ports.rtmidi_system import BURST as PACE
from engines.live.event import note_on
from tests.bridge.ports.rtmidi_program import BURST

GONE = "has gone; it is taken up again when it comes back"


class Program:
    """Be the program, told what to do."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "tests.bridge.ports.rtmidi_program"]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(
            command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True
        )
        assert self.answer() == "ready"

    def answer(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def ask(self, order: str) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        return self.answer()


@pytest.fixture
def stage() -> Iterator[ExitStack]:
    """Yield what JACK outlives: it would stall if one of its clients were killed before it."""
    if shutil.which("jackd") is None and not os.environ.get("CI"):
        pytest.skip("jackd is not installed (Debian: jackd2), so nothing can be played live")
    with ExitStack() as last, jack_server(f"plug-{os.getpid()}"):
        yield last


def begin(stage: ExitStack) -> Program:
    program = Program()
    process = stage.enter_context(program.process)
    stage.callback(process.kill)
    return program


@pytest.mark.slow
def test_a_port_that_goes_is_told_and_played_to_when_it_is_back(stage: ExitStack) -> None:
    with musician("keys") as keys:
        with musician("synth"):
            program = begin(stage)
            assert program.ask("watch") == ""
        wait_until(lambda: program.ask("watch") == f"synth:in {GONE}", "the sentence")
        with musician("synth") as synth:
            wait_until(lambda: program.ask("watch") == "synth:in is back", "it to be taken up")
            synth.wait_until_steady()
            keys.play(note_on(0, 60, 80))
            synth.wait_for(note_on(0, 60, 80))


@pytest.mark.slow
@pytest.mark.parametrize("order", ["watch", "fail"])
def test_a_burst_is_paced_and_none_of_it_is_lost(stage: ExitStack, order: str) -> None:
    with musician("keys"), musician("synth") as synth:
        program = begin(stage)
        synth.wait_until_steady()
        program.ask(order)
        program.ask("burst")
        wait_until(lambda: len(synth.heard) >= len(BURST), "all of it")
        assert synth.messages() == BURST
        # a tick of 1 ms takes so many bytes, and the first ones leave at once
        ticks = 3 * len(BURST) // PACE - 1
        assert synth.heard[-1].frame - synth.heard[0].frame > 0.5e-3 * ticks * RATE
