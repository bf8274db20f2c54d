"""Look at a plug-in in a child process, so that one that crashes or hangs takes nobody along."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Lock
from typing import NamedTuple

import msgspec

from bridge.sound_protocol import Description

LIMIT_S = 10.0
"""How long a plug-in may take to be loaded and asked what it is."""

COMMAND = (sys.executable, "-P", "-m", "vst_host.scan")
"""What prints descriptions of the plug-ins in the file whose path follows."""


class Scanned(NamedTuple):
    """Tell what is in a file, or `why` it is to be set aside: "crashed as it was loaded"."""

    plugins: tuple[Description, ...] = ()
    why: str = ""


class Scanner:
    """Start a child for each file; several threads may ask at once.

    Args:
        limit_s: how long a child may take before it counts as hung.
        command: what is started, before the path.
    """

    def __init__(self, limit_s: float = LIMIT_S, command: Sequence[str] = COMMAND) -> None:
        self._limit_s = limit_s
        self._command = tuple(command)
        self._lock = Lock()
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False

    @property
    def running(self) -> int:
        """How many children there are now."""
        return len(self._running)

    @property
    def stopped(self) -> bool:
        """Whether nothing is looked into any more."""
        return self._stopped

    def look(self, path: str) -> Scanned:
        """Return what is in a file; nothing at all if it was stopped meanwhile."""
        with TemporaryFile() as said:  # a pipe would be held open by what a plug-in starts
            code = self._run(path, said.fileno())
            said.seek(0)
            printed = said.read()
        if self._stopped:
            return Scanned()
        if code is None:
            return Scanned(why=f"hung: it did not load within {self._limit_s:g} s")
        try:
            return Scanned(msgspec.json.decode(printed, type=tuple[Description, ...]))
        except msgspec.DecodeError:
            return Scanned(why=f"crashed as it was loaded ({_ending(code)})")

    def stop(self) -> None:
        """End all children; whoever waits for one gets nothing."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _kill(process)

    def _run(self, path: str, output: int) -> int | None:
        """Return how the child ended, None if it had to be ended."""
        with self._lock:
            if self._stopped:
                return 0
            process = subprocess.Popen(  # noqa: S603 - it is ourselves
                [*self._command, path],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._running.add(process)
        try:
            return process.wait(self._limit_s)
        except subprocess.TimeoutExpired:
            return None
        finally:
            _kill(process)  # also what the plug-in started
            process.wait()
            with self._lock:
                self._running.discard(process)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """End a child and, where the system can, all that it started."""
    process.kill()
    if sys.platform != "win32":
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)


def _ending(code: int) -> str:
    """Return how a process ended, by the name of its signal if one did it."""
    with suppress(ValueError):
        return signal.Signals(-code).name
    return f"exit code {code}"
