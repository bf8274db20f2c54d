"""Be the process that plays: `python -m bridge.live.process LEDGER`.

It is told what to do on its standard input and answers on its standard output, as `order` says.
When its input ends, whoever told it what to do has left or was killed: it ends all that sounds, and
goes.
"""

import gc
import logging
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO

import msgspec

from bridge.error import BridgeError
from bridge.live.gig import Gig
from bridge.live.ledger import Ledger
from bridge.live.order import (
    UNASKED,
    Answered,
    AnyAnswer,
    AnyOrder,
    Ask,
    BusyError,
    Called,
    Choose,
    Done,
    Finish,
    Learn,
    Leave,
    Open,
    Order,
    Panic,
    Play,
    Record,
    Refused,
    Respond,
    Sign,
    Standing,
    Stop,
    Swap,
    Told,
    Turn,
    encode,
    read,
)
from bridge.live.sheet import to_score
from bridge.message import Code
from bridge.ports.port import PortError
from bridge.ports.systems import opened
from bridge.undisturbed import undisturbed
from engines.error import EngineError, OptionError

log = logging.getLogger(__name__)

WATCH_S = 0.25
"""Ports are looked after so often."""

YOUNG = 0
"""The generation of garbage that is collected meanwhile: what came since the last time, and no
more, for that takes no time. Source: Python, module gc."""

SWITCH_S = 0.0005
"""Whoever plays waits so long for Python while another thread has it: less than a period of 64
frames, which lasts 1.3 ms. By default it would be 5 ms."""

GONE_S = 30.0
"""When all is ended, the process has gone after so long: JACK stalls for up to 20 s."""

LEAVE_S = 1.0
"""So long a call may take to be passed on when all is over."""


class Host:
    """Carry out orders until there are no more.

    Args:
        ledger: where what sounds is kept.
        orders: where they come from, unbuffered.
        answers: where answers go.
    """

    def __init__(self, ledger: Ledger, orders: BinaryIO, answers: BinaryIO) -> None:
        self._ledger = ledger
        self._orders = orders
        self._answers = answers
        self._said: deque[str] = deque()
        self._calls: SimpleQueue[Called | None] = SimpleQueue()
        self._signed: Sign | None = None
        self._writing = threading.Lock()
        logging.basicConfig(handlers=[Teller(self._said)], level=logging.WARNING, force=True)

    def run(self) -> None:
        """Open what the first order asks for, and carry out the others."""
        first = read(self._orders, AnyOrder)
        if not isinstance(first, Open):
            return
        ports, ordinal = first.ports, first.ordinal
        try:
            with opened(ports.system, ports.virtual or "yuragi", self._said.append) as system:
                gig = Gig(system, self._ledger, self._said.append, self._calls.put)
                gig.open(ports)
                self._sign(gig)
                self._answer(Done(ordinal=ordinal))
                ordinal = UNASKED
                with undisturbed(), self._calling():
                    self._serve(gig)
        except (BridgeError, OSError) as error:
            self._answer(Refused(str(error), Code.PORT, ordinal=ordinal))

    def _serve(self, gig: Gig) -> None:
        """Carry out orders as they come, and look after the ports meanwhile."""
        given: SimpleQueue[AnyOrder | None] = SimpleQueue()
        # a thread reads, for on Windows nobody can wait for a pipe with a timeout
        threading.Thread(target=self._read, args=(given,), daemon=True).start()
        looked_s, going = time.monotonic(), True
        try:
            while going:
                with suppress(Empty):
                    going = self._carry_out(gig, given.get(timeout=WATCH_S))
                self._tell()
                if time.monotonic() - looked_s >= WATCH_S:
                    gig.watch()
                    self._sign(gig)
                    gc.collect(YOUNG)
                    looked_s = time.monotonic()
        finally:
            gig.leave()
            leave_for_sure()
            self._tell()

    def _read(self, given: "SimpleQueue[AnyOrder | None]") -> None:
        """Lay down orders as they come, and at last None."""
        try:
            while (order := read(self._orders, AnyOrder)) is not None:
                given.put(order)
        except (msgspec.DecodeError, OSError):
            log.exception("an order could not be read")
        finally:
            given.put(None)

    def _carry_out(self, gig: Gig, order: AnyOrder | None) -> bool:
        """Carry out an order; return whether there may be more."""
        if order is None:
            return False
        try:
            answer = _carried_out(gig, order)
        except EngineError as error:
            field = error.field if isinstance(error, OptionError) else ""
            answer = Refused(str(error), Code.INVALID, field)
        except BridgeError as error:
            answer = Refused(str(error), _code(error))
        except Exception as error:  # an engine may be anybody's, and the show goes on
            log.exception("an order failed")
            answer = Refused(f"this cannot be done: {error!r}", Code.INTERNAL)
        self._answer(msgspec.structs.replace(answer, ordinal=order.ordinal))
        return not isinstance(order, Leave)

    @contextmanager
    def _calling(self) -> Iterator[None]:
        """Pass calls on at once: who waits for orders may sleep, and who makes calls must not."""
        thread = threading.Thread(target=self._call, name="yuragi calls", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._calls.put(None)
            thread.join(LEAVE_S)

    def _call(self) -> None:
        while (call := self._calls.get()) is not None:
            self._answer(call)

    def _sign(self, gig: Gig) -> None:
        """Say who hears the output and how much was heard, if that has changed."""
        sign = Sign(gig.system.name, gig.joined, gig.rig.notes_in)
        if sign != self._signed:
            self._answer(sign)
            self._signed = sign

    def _tell(self) -> None:
        while self._said:
            self._answer(Told(self._said.popleft()))

    def _answer(self, answer: AnyAnswer) -> None:
        try:
            with self._writing:
                self._answers.write(encode(answer))
                self._answers.flush()
        except BrokenPipeError:
            log.info("nobody reads answers any more")


class Teller(logging.Handler):
    """Tell the player what the log would say: nobody looks at a log on a stage.

    Args:
        said: where sentences are laid down.
    """

    def __init__(self, said: deque[str]) -> None:
        super().__init__()
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        """Lay a sentence down, with what was raised."""
        raised = f": {record.exc_info[1]!r}" if record.exc_info else ""
        self._said.append(f"{record.getMessage()}{raised}")


def _carried_out(gig: Gig, order: AnyOrder) -> AnyAnswer:
    if isinstance(order, Ask):
        return Standing(gig.state())
    if isinstance(order, Open):
        return Refused("ports are open already, allowed is one Open", Code.INVALID, "ports")
    if type(order) in DEEDS:
        DEEDS[type(order)](gig, order)
    return Done()


def _code(error: BridgeError) -> Code:
    """Return why an order cannot be carried out, in the protocol's words."""
    if isinstance(error, BusyError):
        return Code.BUSY
    return Code.PORT if isinstance(error, PortError) else Code.INTERNAL


DEEDS: dict[type[Order], Callable[[Gig, Any], None]] = {
    Answered: Gig.answer,
    Choose: Gig.choose,
    Finish: lambda gig, _: gig.finish(),
    Learn: Gig.learn,
    Panic: lambda gig, _: gig.panic(),
    Play: lambda gig, order: gig.play(to_score(order.score), order.loops),
    Record: Gig.record,
    Respond: Gig.respond,
    Stop: lambda gig, _: gig.stop(),
    Swap: lambda gig, order: gig.swap(to_score(order.score)),
    Turn: Gig.turn,
}
"""What a gig does, by what it is told."""


def leave_for_sure() -> None:
    """End the process in any case: closing a client of a JACK that has died waits for ever."""
    timer = threading.Timer(GONE_S, os._exit, (1,))
    timer.daemon = True
    timer.start()


def main() -> None:
    """Run the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever tells us what to do
    orders = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb")
    sys.setswitchinterval(SWITCH_S)
    os.dup2(2, 1)  # a library that prints shall not speak in our name
    try:
        Host(Ledger(Path(sys.argv[1])), orders, answers).run()
    except msgspec.DecodeError:
        log.exception("an order could not be read")


if __name__ == "__main__":
    main()
