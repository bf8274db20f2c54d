"""Start the process that plays, tell it what to do, and end what it left sounding if it dies."""

import logging
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Self

from bridge.error import BridgeError
from bridge.gig_protocol import Ports, State
from bridge.live.ledger import Ledger
from bridge.live.order import (
    AnyAnswer,
    Ask,
    Called,
    Leave,
    Open,
    Order,
    Refused,
    Standing,
    Told,
    encode,
    read,
)
from bridge.message import Code
from bridge.ports.port import AT_ONCE, PortError, System
from bridge.ports.systems import opened
from engines.live.event import Event

log = logging.getLogger(__name__)

ANSWER_S = 10.0
"""So long an order may take; JACK stalls for some seconds when another client was killed."""

STEADY, STALL_S = 50, 20.0
"""After so many ticks a system runs steadily; JACK stalls so long at most."""

LEAVE_S = 5.0
"""So long the process may take to leave before it is killed."""


class OrderError(PortError):
    """Report an order that was refused, or could not be given.

    Args:
        message: what was wrong, what was received and what is allowed.
        code: why, in the protocol's words.
        field: the field of the order at fault, or nothing.
    """

    def __init__(self, message: str, code: Code = Code.PORT, field: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.field = field


class StageDoor:
    """Be the way to the process that plays; use it as a context.

    Args:
        ports: the ports that it opens.

    Attributes:
        told: sentences of the process for the player, oldest first; the owner empties it.
        state: how things stood when the process last left word of it; None before.
        called: hears which answers are asked for, on a thread of the door's; it must not block.

    Raises:
        OrderError: the ports cannot be opened.
    """

    def __init__(self, ports: Ports) -> None:
        self.told: deque[str] = deque(maxlen=100)
        self.state: State | None = None
        self.called: Callable[[Called], None] = _unheard
        self._folder = tempfile.TemporaryDirectory(prefix="yuragi-")
        self._book = Path(self._folder.name) / "ledger"
        self._answers: Queue[AnyAnswer | None] = Queue()
        self._asking = threading.Lock()
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "bridge.live.process", str(self._book)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        try:
            self.ask(Open(ports))
            self.ask(Ask())
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        """Return the door."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Let the process end what sounds and leave."""
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the process still plays."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The number of the process that plays."""
        return self._process.pid

    def ask(self, order: Order) -> AnyAnswer:
        """Give an order and return its answer; any thread may.

        Raises:
            OrderError: it is refused, or the process has died.
        """
        with self._asking:
            self._write(order)
            answer = self._next()
        if isinstance(answer, Refused):
            raise OrderError(answer.message, answer.code, answer.field)
        if isinstance(answer, Standing):
            self.state = answer.state
        return answer

    def close(self) -> None:
        """Let the process end what sounds and leave; if it has died, end it from here."""
        try:
            if self.alive:
                self.ask(Leave())
            self._process.wait(LEAVE_S)
        except (BridgeError, subprocess.TimeoutExpired) as error:
            log.info("the process that plays did not leave: %s", error)
        finally:
            self._process.kill()
            self._process.wait()
            self._listener.join()
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]  # both were asked for
            self._mourn()
            self._folder.cleanup()

    def _mourn(self) -> None:
        """End what a process that died has left sounding."""
        if not self._book.is_file():
            return
        ledger = Ledger(self._book)
        if ledger.silent or self.state is None or self.state.output is None:
            return
        try:
            with opened(self.state.system, "yuragi-end") as system:
                peers = self.state.output.joined
                outputs = [system.open_output(peer, lambda _event: None) for peer in peers]
                _wait_until_steady(system)
                for output in outputs:
                    for data in ledger.ends():
                        output.send(Event(AT_ONCE, data))
        except BridgeError as error:
            log.warning("notes may sound still: %s", error)

    def _write(self, order: Order) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        try:
            self._process.stdin.write(encode(order))
            self._process.stdin.flush()
        except OSError as error:
            raise OrderError("the process that plays has ended") from error

    def _next(self) -> AnyAnswer:
        try:
            answer = self._answers.get(timeout=ANSWER_S)
        except Empty:
            raise BridgeError(
                f"the process that plays has not answered in {ANSWER_S:g} s"
            ) from None
        if answer is None:
            self._answers.put(None)
            raise OrderError("the process that plays has ended; what it left sounding is ended")
        return answer

    def _listen(self) -> None:
        """Sort what the process says."""
        stream: Any = self._process.stdout
        while (answer := read(stream, AnyAnswer)) is not None:
            if isinstance(answer, Told):
                self.told.append(answer.sentence)
            elif isinstance(answer, Called):
                self.called(answer)
            else:
                self._answers.put(answer)
        self._answers.put(None)


def _unheard(_call: Called) -> None:
    """Answer nothing."""


def _wait_until_steady(system: System) -> None:
    """Start a system and wait until it runs: what JACK is given while it stalls is lost."""
    ticks: list[float] = []
    steady = threading.Event()

    def tick(until_s: float) -> None:
        ticks.append(until_s)
        if len(ticks) >= STEADY:
            steady.set()

    system.start(tick)
    steady.wait(STALL_S)
