"""Start a process that hosts plug-ins, know which of them it is in, and end it for sure."""

import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import IO

from bridge.child import CREATION_FLAGS
from bridge.sound.fault import internal
from bridge.sound.host_watch import LOOK_S
from bridge.sound.host_wire import HostWire
from bridge.witness import Sight, Witness

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-P", "-m", "vst_host")
"""What starts the process; the path of its witness follows."""

START_S = 30.0
"""So long the process may take to say where it is; a cold disk takes some seconds."""

END_S = 5.0
"""So long the system may take to end a process that is killed."""


class HostProcess:
    """Be one process. Whoever made it ends it.

    Args:
        command: what starts it.

    Raises:
        SoundError: it cannot be started.
    """

    def __init__(self, command: Sequence[str] = COMMAND) -> None:
        self._address: Future[str] = Future()
        self._last_words: deque[str] = deque(maxlen=1)
        self._wire: HostWire | None = None
        with ExitStack() as undone:
            try:
                self._folder = _folder()
                undone.callback(self._folder.cleanup)
                path = Path(self._folder.name) / "witness"
                self._witness = undone.enter_context(closing(Witness(path)))
                self._process, self._lifeline = _start([*command, str(path)])
            except OSError as error:
                what = f"the process that renders cannot be started: {error}"
                raise internal(what) from error
            undone.pop_all()
        listeners = ((self._read_address, self._process.stdout), (self._log, self._process.stderr))
        self._threads = [
            threading.Thread(target=listen, args=(pipe,), name="yuragi host", daemon=True)
            for listen, pipe in listeners
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def ended(self) -> int | None:
        """How it ended, as `Popen.returncode` says it; None while it runs."""
        if self._process.returncode is None and hasattr(os, "waitid"):
            if not _is_over(self._process.pid):
                return None
            self.kill()  # what it has started, as long as its number is its own
        return self._process.poll()

    def wire(self, look: Callable[[], None]) -> HostWire:
        """Return the line to the process, once it has said where it is.

        `look` is called while it is waited for; it may raise.

        Raises:
            SoundError: it has not in time, or has ended.
        """
        if self._wire is None:
            address = self._reached(look)
            if not address.startswith("tcp://"):
                raise internal(f"the process that renders did not start: {self._why(address)}")
            self._wire = HostWire(address)
            if os.name == "posix":  # what is mapped stays, also if nobody is left to clean up
                self._folder.cleanup()
        return self._wire

    def look(self) -> Sight:
        """Return which plug-in the process is in, or was in when it died."""
        return self._witness.look()

    def end(self) -> None:
        """End the process and what it has started, whatever they do."""
        self.kill()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(END_S)
        if self._wire is not None:
            self._wire.close()
        os.close(self._lifeline)
        self._witness.close()
        self._folder.cleanup()

    def kill(self) -> None:
        """Begin to end the process; any thread may."""
        with suppress(OSError):
            if hasattr(os, "killpg") and self._process.returncode is None:
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()

    def _reached(self, look: Callable[[], None]) -> str:
        """Return what the process says first: its address."""
        by_s = monotonic() + START_S
        while monotonic() < by_s:
            look()
            with suppress(LateError):
                return self._address.result(LOOK_S)
        raise internal(f"the process that renders has not said where it is in {START_S:g} s")

    def _why(self, said: str) -> str:
        """Return what it said last; the last line of a traceback says why."""
        self._threads[1].join(END_S)
        return (self._last_words[-1] if self._last_words else said) or "it said nothing"

    def _read_address(self, pipe: IO[str]) -> None:
        with pipe:
            self._address.set_result(pipe.readline().strip())
            for line in pipe:
                log.debug("the process that renders: %s", line.rstrip())

    def _log(self, pipe: IO[str]) -> None:
        with pipe:
            for line in iter(lambda: pipe.readline(4096), ""):
                if line.strip():
                    log.debug("the process that renders: %s", line.rstrip())
                    self._last_words.append(line.strip())


def _folder() -> "TemporaryDirectory[str]":
    return TemporaryDirectory(prefix="yuragi-", ignore_cleanup_errors=True)


def _is_over(pid: int) -> bool:
    """Return whether a child has ended, and leave it to be waited for.

    Windows, and macOS before Python 3.13, cannot.
    """
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return True


def _start(command: list[str]) -> tuple["subprocess.Popen[str]", int]:
    """Start a process whose input ends when this one does, and return the input's other end."""
    inner, lifeline = os.pipe()
    try:
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=inner,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C is ours
            creationflags=CREATION_FLAGS,
        )
        _end_at_once(inner, process.pid)
    except OSError:
        os.close(lifeline)
        raise
    finally:
        os.close(inner)
    return process, lifeline


def _end_at_once(inner: int, pid: int) -> None:
    """Let the system itself end the process with its input: a plug-in may let no thread of it run.

    Source: fcntl(2), O_ASYNC: when the other end of a pipe is closed, its owner gets SIGIO, which
    ends who does not expect it.
    """
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - only there

        fcntl.fcntl(inner, fcntl.F_SETOWN, pid)
        fcntl.fcntl(inner, fcntl.F_SETFL, fcntl.fcntl(inner, fcntl.F_GETFL) | os.O_ASYNC)
