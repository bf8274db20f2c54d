"""Run `yuragi live` and its like in a process of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from bridge.live.jack_musician import READY_S, Musician

Program = subprocess.Popen[str]


@contextmanager
def yuragi(*arguments: str, python: Sequence[str] = (sys.executable,)) -> Iterator[Program]:
    """Run the command by a Python, and end it by Ctrl-C if it still runs."""
    command = [*python, "-m", "bridge.command.main", *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.wait(READY_S)
        assert process.stdout is not None
        process.stdout.close()


@contextmanager
def live(player: Musician, *options: str, name: str = "live") -> Iterator[Program]:
    """Run `yuragi live` between a musician's ports, ready to play."""
    own = f"{name}-{os.getpid()}"
    with yuragi("live", "--virtual", own, *options) as process:
        assert process.stdout is not None
        assert any("plays" in line for line in process.stdout), "it has ended"
        player.client.connect(player.out, f"{own}:in")
        player.client.connect(f"{own}:out", player.into)
        yield process
