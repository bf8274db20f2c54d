"""Have sound made by a process of its own, and start it again when a plug-in takes it down.

    with Host() as host:
        bounced = host.bounce(Bounce(1, tracks=tracks), heard)

A plug-in that crashes or hangs ends the process and with it one bounce: it is named and set aside
until the user allows it again. What else was asked for goes on in a new process.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from time import monotonic
from types import TracebackType
from typing import Self

from bridge.message import Code
from bridge.sound.errand import Errand, Fallen
from bridge.sound.fault import SoundError, unwanted
from bridge.sound.host_process import COMMAND, HostProcess
from bridge.sound.host_watch import LONGEST_LOOK_S, LOOK_S, HostWatch
from bridge.sound.judgement import End, is_over, judge, refuse_set_aside
from bridge.sound.process_time import process_time
from bridge.sound.set_aside import SetAside
from bridge.sound_protocol import Block, Bounce, Bounced
from engines.progress import ignore_progress

log = logging.getLogger(__name__)

CLOSE_S = 5.0
"""So long a bounce may take to notice that the host is closed."""

MOST_ATTEMPTS = 3
"""So often a bounce is asked whose process went down before by what it has nothing to do with."""


class Host:
    """Be the way to the process; any thread may ask, and one bounce at a time is made.

    Args:
        set_aside: the plug-ins that are not loaded; None takes the user's.
        command: what starts the process.
    """

    def __init__(self, set_aside: SetAside | None = None, command: Sequence[str] = COMMAND) -> None:
        self._set_aside = set_aside or SetAside()
        self._command = command
        self._process: HostProcess | None = None
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._ids = count(1)
        self._guard: threading.Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The number of the process, if it was started."""
        process = self._process
        return process.pid if process else None

    def start(self) -> None:
        """Start the process ahead, if it does not run.

        Raises:
            SoundError: it cannot be started.
        """
        with self._turn(self._stay):
            self._running()

    def bounce(
        self,
        asked: Bounce,
        heard: Callable[[Block], None],
        on_progress: Callable[[float], None] = ignore_progress,
        cancelled: threading.Event | None = None,
    ) -> Bounced:
        """Have tracks bounced, and return what was made of them.

        `heard` is called with each block in turn; while it takes its time, the process waits.
        Whatever it raises, and Ctrl-C, ends the bounce.

        Raises:
            SoundError: it cannot be made, its plug-in has crashed or hung, or it was cancelled.
        """

        def look() -> None:
            self._stay()
            if cancelled is not None and cancelled.is_set():
                raise unwanted()

        with self._turn(look):
            for _ in range(MOST_ATTEMPTS):
                process = self._running()
                refuse_set_aside(asked, self._set_aside)
                errand = Errand(process, asked, next(self._ids), look)
                try:
                    return self._run(errand, heard, on_progress)
                except Fallen as fallen:
                    error = self._mourn(fallen.end, asked)
                    if is_over(fallen.end, asked):
                        break
            raise error

    def close(self) -> None:
        """End the process; a bounce that is under way is given up."""
        self._closing.set()
        free, process = self._lock.acquire(timeout=CLOSE_S), self._process
        if not free and process is not None:  # whoever hears does not come back
            process.kill()
            free = self._lock.acquire(timeout=CLOSE_S)
        if not free:
            log.warning("a bounce is not given up after %g s", 2 * CLOSE_S)
            return  # it ends its process itself when it is
        self._end()
        self._lock.release()

    @contextmanager
    def _turn(self, look: Callable[[], None]) -> Iterator[None]:
        """Wait for those who came before."""
        look()
        while not self._lock.acquire(timeout=LOOK_S):
            look()
        try:
            yield
        finally:
            self._lock.release()

    def _stay(self) -> None:
        if self._closing.is_set():
            raise unwanted("the host of plug-ins is closed", Code.STOPPING)

    def _run(
        self,
        errand: Errand,
        heard: Callable[[Block], None],
        on_progress: Callable[[float], None],
    ) -> Bounced:
        """Return what an errand brings; a process that does not let go of it is ended."""
        try:
            return errand.run(heard, on_progress)
        except Fallen:
            raise
        except BaseException:
            if not errand.call_off():
                self._end()
            raise

    def _running(self) -> HostProcess:
        """Return the process, which is started if it does not run.

        Raises:
            SoundError: it cannot be started.
        """
        process = self._process
        if process is not None and process.ended is not None:
            self._mourn(End(process.look(), process.ended), Bounce(0))
        self._process = self._process or HostProcess(self._command)
        if self._guard is None:
            self._guard = threading.Thread(
                target=self._look_after, name="yuragi guard", daemon=True
            )
            self._guard.start()
        return self._process

    def _look_after(self) -> None:
        """Watch the process while nobody asks anything: it loads what was played anew."""
        watch = HostWatch(monotonic())
        while not self._closing.wait(LONGEST_LOOK_S):
            if self._lock.acquire(blocking=False):
                try:
                    self._look(watch)
                except SoundError:
                    log.exception("the process that renders is started when it is needed")
                finally:
                    self._lock.release()

    def _look(self, watch: HostWatch) -> None:
        """End the process if it has been in one plug-in for too long."""
        process = self._process
        if process is None:
            return
        sight = process.look()
        time = process_time(process.pid) if sight.within else None
        if watch.look(sight, monotonic(), time) and sight.within:
            self._mourn(End(sight, process.ended), Bounce(0))

    def _mourn(self, end: End, asked: Bounce) -> SoundError:
        """Start another process, and return what is said of the one that went down."""
        self._end()
        error = judge(end, asked, self._set_aside)
        log.warning("%s", error)
        self._process = HostProcess(self._command)
        return error

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()
