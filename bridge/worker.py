"""Be the long lane: a process of its own that renders one job at a time and streams its progress.

A long generation would hold Python's lock for milliseconds at a stretch; in a process of its own it
cannot delay the quick lane, and an engine that never returns can be ended.

`LongLane` is the server's side; `python -P -m bridge.worker ADDRESS` is the process. They talk over
a ZeroMQ pair on the loopback: orders (`Task`, `Stop`) go out, reports (`Ready`, `Step`, `Outcome`)
come back.
"""

import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from time import monotonic, perf_counter

import msgspec
import zmq

from bridge.child import CREATION_FLAGS
from bridge.message import Code
from bridge.protocol import Render, Timings, encode
from bridge.work import Failed, Fault, render, rendered, trouble_of
from engines.column import from_wire
from engines.error import CancelledError

log = logging.getLogger(__name__)

TOKEN_VARIABLE = "YURAGI_WORKER_TOKEN"  # noqa: S105 - the variable's name, not a secret

PROGRESS_INTERVAL_S = 0.03
"""Progress is passed on, and an order to stop looked for, at most this often."""


class Task(msgspec.Struct, frozen=True, tag=True):
    """Hand over a request to render, and how long it has waited."""

    number: int
    request: Render
    queued_ms: float


class Stop(msgspec.Struct, frozen=True, tag=True):
    """Ask to give a task up."""

    number: int


class Ready(msgspec.Struct, frozen=True, tag=True):
    """Report that the process has started."""

    token: str


class Step(msgspec.Struct, frozen=True, tag=True):
    """Report how far a task has come, 0 to 1."""

    number: int
    fraction: float


class Outcome(msgspec.Struct, frozen=True, tag=True):
    """Report that a task is over: the reply's frame, ready to be sent, or why there is none.

    The process encodes the reply itself, so that a large one costs the server nothing.
    """

    number: int
    frame: bytes = b""
    failed: Failed | None = None
    trouble: str = ""


Order = Task | Stop
Report = Ready | Step | Outcome

_orders: msgspec.msgpack.Decoder[Order] = msgspec.msgpack.Decoder(Order, dec_hook=from_wire)
_reports: msgspec.msgpack.Decoder[Report] = msgspec.msgpack.Decoder(Report, dec_hook=from_wire)


class LongLane:
    """Own the process: start it, feed it, stop it, start it again when it dies.

    Attributes:
        socket: readable when `reports` has something to return.
    """

    def __init__(self, context: "zmq.Context[zmq.Socket[bytes]]") -> None:
        self.socket = context.socket(zmq.PAIR)
        self.socket.linger = 0
        port = self.socket.bind_to_random_port("tcp://127.0.0.1")
        self._address = f"tcp://127.0.0.1:{port}"
        self._token = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = False
        self._number = 0
        self._task: bytes | None = None

    def start(self) -> None:
        """Start the process if it does not run; it is ready some tenths of a second later."""
        if self._process is not None and self._process.poll() is None:
            return
        self._ready, self._token = False, secrets.token_hex(16)
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-P", "-m", "bridge.worker", self._address],
            stdin=subprocess.PIPE,
            env={**os.environ, TOKEN_VARIABLE: self._token},
            creationflags=CREATION_FLAGS,
        )

    def submit(self, request: Render, queued_ms: float) -> None:
        """Render a request, as soon as the process is ready.

        Raises:
            OSError: the process cannot be started.
        """
        self.start()
        self._number += 1
        self._task = encode(Task(self._number, request, queued_ms))
        self._send_task()

    def stop(self) -> None:
        """Ask the process to give the present task up; its outcome still comes."""
        if self._ready and self._task is None:
            self.socket.send(encode(Stop(self._number)))
        self._task = None

    def reports(self) -> list[Step | Outcome]:
        """Return what has come from the process about the present task."""
        found: list[Step | Outcome] = []
        while True:
            try:
                report = _reports.decode(self.socket.recv(zmq.NOBLOCK))
            except zmq.Again:
                return found
            except msgspec.DecodeError:
                log.exception("the long lane sent a frame that cannot be read")
                continue
            if isinstance(report, Ready):
                self._ready = secrets.compare_digest(report.token, self._token)
                self._send_task()
            elif self._ready and report.number == self._number:
                found.append(report)

    def has_died(self) -> bool:
        """Return whether the process has ended by itself."""
        return self._process is not None and self._process.poll() is not None

    def kill(self) -> None:
        """End the process, whatever it does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=5)
            if self._process.stdin is not None:
                self._process.stdin.close()
            self._process, self._ready, self._task = None, False, None

    def close(self) -> None:
        """End the process and the socket."""
        self.kill()
        self.socket.close()

    def _send_task(self) -> None:
        if self._ready and self._task is not None:
            self.socket.send(self._task)
            self._task = None


def main(address: str) -> None:
    """Render tasks from a server until it goes away; Ctrl-C is the server's affair."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(5)
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    context = zmq.Context()
    socket = context.socket(zmq.PAIR)
    socket.connect(address)
    socket.send(encode(Ready(os.environ.pop(TOKEN_VARIABLE, ""))))
    while True:
        task = _orders.decode(socket.recv())
        if isinstance(task, Stop):
            continue  # it came too late: that task is over
        socket.send(encode(_outcome(task, _Reporter(socket, task.number))))


class _Reporter:
    """Send progress, but not more often than a client can use, and obey an order to stop."""

    def __init__(self, socket: "zmq.Socket[bytes]", number: int) -> None:
        self._socket, self._number, self._last_s = socket, number, monotonic()

    def __call__(self, fraction: float) -> None:
        now = monotonic()
        if now - self._last_s >= PROGRESS_INTERVAL_S:
            self._last_s = now
            while self._socket.poll(0):
                if _orders.decode(self._socket.recv()).number == self._number:
                    raise CancelledError
            self._socket.send(encode(Step(self._number, fraction)))


def _outcome(task: Task, progress: Callable[[float], None]) -> Outcome:
    """Render a task; whatever goes wrong, also in what an engine has returned, is reported."""
    begun = perf_counter()
    try:
        result = render(task.request, progress=progress)
        if isinstance(result, Fault):
            return Outcome(task.number, failed=result.result, trouble=trouble_of(result))
        total_ms = task.queued_ms + (perf_counter() - begun) * 1e3
        timings = Timings(task.queued_ms, result.engine_ms, total_ms)
        return Outcome(task.number, encode(rendered(task.request, result, timings)))
    except Exception as error:  # a clip that a third party's engine built wrong
        failed = Failed(Code.INTERNAL, f"the result cannot be sent: {error}")
        return Outcome(task.number, failed=failed, trouble=repr(error))


def _exit_with_parent() -> None:
    """End this process when the server, which holds the other end of our input, is gone."""
    os.read(0, 1)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
