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

from bridge.child import CREATION_FLAGS
from bridge.error import BridgeError
from bridge.sound.judgement import ORDERED
from bridge.sound_protocol import Description

LIMIT_S = 5.0
"""How long a plug-in may take to be loaded and asked what it is, while others are too."""

ALONE_S = 10.0
"""How long one may take that was too slow beside others; whoever is allowed by name has longer."""

EXCEPTION = 0xC0000000
"""From here on an exit code of Windows is an exception. Source: Microsoft, NTSTATUS Values."""

COMMAND = (sys.executable, "-P", "-m", "vst_host.scan")
"""What prints descriptions of the plug-ins in the file whose path follows."""


class Scanned(NamedTuple):
    """Tell what is in a file, or `why` it is to be set aside: "crashed as it was loaded".

    One that is `slow` may only want a longer look, alone. Where the child ended by itself without a
    word, `failed` says how: that may be the fault of what scans.
    """

    plugins: tuple[Description, ...] = ()
    why: str = ""
    slow: bool = False
    failed: str = ""


class Scanner:
    """Start a child for each file; several threads may ask at once.

    Args:
        limit_s: how long a child may take before it counts as hung.
        command: what is started, before the path.
        alone_s: the same of one that has no others beside it, where that is longer.
    """

    def __init__(
        self,
        limit_s: float = LIMIT_S,
        command: Sequence[str] = COMMAND,
        alone_s: float = ALONE_S,
    ) -> None:
        self._limit_s = limit_s
        self._alone_s = alone_s
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

    def look(self, path: str, *, alone: bool = False) -> Scanned:
        """Return what is in a file; nothing at all if it was stopped meanwhile.

        Raises:
            BridgeError: no child can be started.
        """
        limit_s = max(self._limit_s, self._alone_s) if alone else self._limit_s
        try:
            with TemporaryFile() as said:  # a pipe would be held open by what a plug-in starts
                code = self._run(path, said.fileno(), limit_s)
                said.seek(0)
                printed = said.read()
        except OSError as error:
            raise BridgeError(f"plug-ins cannot be looked into: {error.strerror}") from error
        if self._stopped:
            return Scanned()
        if code is None:
            slow = not alone and limit_s < self._alone_s
            return Scanned(why=f"hung: it did not load within {limit_s:g} s", slow=slow)
        try:
            return Scanned(msgspec.json.decode(printed, type=tuple[Description, ...]))
        except msgspec.DecodeError:
            return _wordless(code)

    def stop(self) -> None:
        """End all children; whoever waits for one gets nothing."""
        with self._lock:
            self._stopped = True
            for process in self._running:
                _kill(process)

    def _run(self, path: str, output: int, limit_s: float) -> int | None:
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
                creationflags=CREATION_FLAGS,
            )
            self._running.add(process)
        try:
            return process.wait(limit_s)
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


def _wordless(code: int) -> Scanned:
    """Return what is known of a file whose child ended by itself and said nothing."""
    crash = f"exit code {code:#x}" if code >= EXCEPTION else ""
    with suppress(ValueError):
        crash = signal.Signals(-code).name
    if crash and crash not in ORDERED:
        return Scanned(why=f"crashed as it was loaded ({crash})")
    return Scanned(failed=crash or f"exit code {code}")
