"""Start the process that plays, tell it what to do, and end what it left sounding if it dies."""

import logging
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from queue import Empty, Queue
from types import TracebackType
from typing import Any, Self

import msgspec

from bridge.error import BridgeError
from bridge.gig_protocol import Ports, State
from bridge.live.ledger import Ledger
from bridge.live.mourning import SILENT, mourn
from bridge.live.order import (
    AnyAnswer,
    Ask,
    Called,
    Leave,
    Open,
    Order,
    Refused,
    Sign,
    Standing,
    Told,
    encode,
    read,
)
from bridge.message import Code
from bridge.ports.jack_system import LAST_S
from bridge.ports.port import PortError

log = logging.getLogger(__name__)

ANSWER_S = LAST_S + 5.0
"""So long an order may take: as long as JACK stalls when another client was killed, and more."""

LEAVE_S = 5.0
"""So long the process may take to leave before it is killed."""

MOURN_S = 60.0
"""So long it may take to end what a process that died has left sounding: JACK stalls meanwhile."""


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
        heard_s: when a note was last known to be heard, by `time.monotonic`.
        called: hears which answers are asked for, on a thread of the door's; it must not block.

    Raises:
        OrderError: the ports cannot be opened.
    """

    def __init__(self, ports: Ports) -> None:
        self.told: deque[str] = deque(maxlen=100)
        self.state: State | None = None
        self.heard_s = time.monotonic()
        self.called: Callable[[Called], None] = _unheard
        self._folder = tempfile.TemporaryDirectory(prefix="yuragi-")
        self._book = Path(self._folder.name) / "ledger"
        self._answers: Queue[AnyAnswer | None] = Queue()
        self._asking = threading.Lock()
        self._ordinals = count(1)
        self._sign: Sign | None = None
        self._why = "the process that plays has ended"
        self._over = threading.Event()
        self._leaving = False
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
        return self._process.poll() is None and not self._over.is_set()

    @property
    def pid(self) -> int:
        """The number of the process that plays."""
        return self._process.pid

    @property
    def joined(self) -> tuple[str, ...]:
        """What the output plays to, as far as is known."""
        return self._sign.joined if self._sign else ()

    def ask(self, order: Order) -> AnyAnswer:
        """Give an order and return its answer; any thread may.

        Raises:
            OrderError: it is refused, or the process has died.
        """
        with self._asking:
            ordinal = next(self._ordinals)
            self._write(msgspec.structs.replace(order, ordinal=ordinal))
            answer = self._next(ordinal)
        if isinstance(answer, Refused):
            raise OrderError(answer.message, answer.code, answer.field)
        if isinstance(answer, Standing):
            self.state = answer.state
        return answer

    def close(self) -> None:
        """Let the process end what sounds and leave; if it has died, end it from here."""
        self._leaving = True
        try:
            if self.alive:
                self.ask(Leave())
            self._process.wait(LEAVE_S)
        except (BridgeError, subprocess.TimeoutExpired) as error:
            log.info("the process that plays did not leave: %s", error)
        finally:
            self._process.kill()
            self._process.wait()
            self._listener.join(MOURN_S)
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]  # both were asked for
            self._folder.cleanup()

    def _write(self, order: Order) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        try:
            self._process.stdin.write(encode(order))
            self._process.stdin.flush()
        except OSError as error:
            raise OrderError(self._why) from error

    def _next(self, ordinal: int) -> AnyAnswer:
        """Return the answer to an order; those to orders for which nobody waits are dropped."""
        by_s = time.monotonic() + ANSWER_S
        try:
            while not self._over.is_set() or not self._answers.empty():
                answer = self._answers.get(timeout=max(by_s - time.monotonic(), 0.0))
                if answer is not None and answer.ordinal == ordinal:
                    return answer
        except Empty:
            what = f"the process that plays has not answered in {ANSWER_S:g} s"
            raise OrderError(what) from None
        raise OrderError(self._why)

    def _listen(self) -> None:
        """Sort what the process says, and end what it left sounding when it says no more."""
        stream: Any = self._process.stdout
        try:
            while (answer := read(stream, AnyAnswer)) is not None:
                self._sort(answer)
        except msgspec.DecodeError:
            log.exception("an answer could not be read")
            self._process.kill()
        self._over.set()
        self._answers.put(None)
        became = mourn(Ledger(self._book), self._sign) if self._book.is_file() else ""
        if became and not (self._leaving and became == SILENT):
            self.told.append(f"{self._why}; {became}")

    def _sort(self, answer: AnyAnswer) -> None:
        match answer:
            case Told():
                self.told.append(answer.sentence)
            case Called():
                self.called(answer)
            case Sign():
                self._learn(answer)
            case Refused(ordinal=0):  # its last word
                self._why = f"the process that plays has ended: {answer.message}"
            case Standing(state=state):
                joined = state.output.joined if state.output else ()
                self._learn(Sign(state.system, joined, state.notes_in))
                self._answers.put(answer)
            case _:
                self._answers.put(answer)

    def _learn(self, sign: Sign) -> None:
        """Keep the newest of what must be known if the process dies."""
        if self._sign is None or sign.notes_in != self._sign.notes_in:
            self.heard_s = time.monotonic()
        self._sign = sign


def _unheard(_call: Called) -> None:
    """Answer nothing."""
