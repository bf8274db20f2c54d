"""Serve clips over a ZeroMQ ROUTER: the only file that reads and writes the server's socket.

One thread does all: it takes what has come, hands it to the session, renders the quick lane's next
job, and sends what is ready. A quick job is short by definition, so nothing needs a second thread;
long jobs run in the process of `bridge.worker`.
"""

import errno
import gc
import logging
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import msgspec
import zmq

from bridge.address import DEFAULT_ADDRESS
from bridge.error import BridgeError
from bridge.journal import Journal
from bridge.lanes import Lane
from bridge.long_runner import LongRunner
from bridge.outgoing import Outgoing
from bridge.protocol import Limits
from bridge.session import Session, stopping
from bridge.shelf import Shelf
from bridge.warm_up import WarmUp
from bridge.work import Done, Failed, Fault, render
from bridge.worker import LongLane

if TYPE_CHECKING:
    from bridge.gigs import Gigs
    from bridge.sound.studio import Studio

log = logging.getLogger(__name__)

READ_AT_ONCE = 64
"""How many frames are read before the next job is rendered."""

TICK_S = 0.5
"""How long the loop sleeps when nothing happens."""

WARM_AFTER_S = 0.2
"""How long nothing has to happen before the learned engines are warmed up."""

BUSY_TICK_S = 0.02
"""How long it sleeps while it has to watch a long job, or a client that reads slowly."""

COLLECT_EVERY = 2_000
"""Garbage is collected when idle, or after this many frames."""

ANSWERED = b"g"
"""What wakes the server when a gig or the studio has answered; any other byte asks it to stop."""

MAX_PORT = 65_535

MOST_REPLIES = 64
"""So many wait in the socket for a client that reads slowly; blocks of sound have 64 KiB."""

HARD_FRAME_BYTES = 256 * 2**20
"""A frame larger than this is not even read: ZeroMQ closes the connection."""


class Config(msgspec.Struct, frozen=True):
    """Say where and how to serve.

    Args:
        bind: a ZeroMQ address; port 0 takes any free one.
        journal: a folder for the journal, or None.
        presets: the user's own presets, or None for the usual folder.
        takes: the folder of takes that gigs record, or None for the usual one.
        grace_s: how long jobs may go on after a stop is asked for.
        leave_after_s: how long nobody may ask anything before the server stops by itself, or None.
        leave_gig_after_s: how long, at least, nobody may ask anything or be heard with a gig open:
            a show needs no client, and what a crashed one left playing ends.
        warm: whether the long lane's process is started at once, and the weights of the learned
            engines are loaded before they are asked for.
    """

    bind: str = DEFAULT_ADDRESS
    journal: Path | None = None
    presets: Path | None = None
    takes: Path | None = None
    limits: Limits = Limits()
    grace_s: float = 3.0
    leave_after_s: float | None = None
    leave_gig_after_s: float = 3600.0
    warm: bool = True


class Server:
    """Be a server, bound once it is built.

    Attributes:
        address: where it can be reached, with the real port.

    Raises:
        BridgeError: the address cannot be bound.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        program = version("yuragi")
        self.session = Session(program, Shelf(config.presets), config.limits)
        self._journal = Journal(config.journal, program) if config.journal else None
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._router = self._context.socket(zmq.ROUTER)
        self._outgoing = Outgoing(self._router)
        self._long = LongRunner(self.session, LongLane(self._context))
        self._wake_in, self._wake_out = socket.socketpair()
        self._wake_in.setblocking(False)
        self._wake_out.setblocking(False)
        self._gigs: Gigs | None = None
        self._studio: Studio | None = None
        self._warm_up = WarmUp(wanted=config.warm)
        self._stop_by_s: float | None = None
        self._busy_s = monotonic()
        self._frames = 0
        try:
            self.address = _bind(self._router, config.bind)
        except BridgeError:
            self.discard()
            raise

    def run(self) -> None:
        """Serve until `stop` is called, or nobody asks any more, and all is answered."""
        poller = zmq.Poller()
        for readable in (self._router, self._long.lane.socket, self._wake_out):
            poller.register(readable, zmq.POLLIN)
        if self._config.warm:
            self._long.lane.start()
        try:
            while self._stop_by_s is None or not self._stopped(self._stop_by_s):
                self._turn(poller)
        finally:
            self._close()

    def stop(self) -> None:
        """Ask the server to stop; may be called from any thread or signal handler."""
        self._wake_in.send(b"s")

    def discard(self) -> None:
        """Give back the address of a server that was never run."""
        self._close()

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Stop at SIGINT and SIGTERM while in this context; a second one stops at once."""
        names = (signal.SIGINT, signal.SIGTERM)
        before = [signal.signal(name, lambda _number, _frame: None) for name in names]
        wakeup = signal.set_wakeup_fd(self._wake_in.fileno())  # a signal is a byte, as in `stop`
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for name, handler in zip(names, before, strict=True):
                signal.signal(name, handler)

    def _turn(self, poller: zmq.Poller) -> None:
        """Do what there is to do once."""
        quick = self.session.lanes.waits(Lane.QUICK)
        watching = self._long.busy or self._outgoing.waits
        idle_s = WARM_AFTER_S if self._warm_up.waits else TICK_S
        tick_s = 0.0 if quick else BUSY_TICK_S if watching else idle_s
        if not poller.poll(int(tick_s * 1e3)) and not quick and not watching:
            self._collect()
            self._warm_up.begin()
        self._read_stop()
        self._read_frames()
        self.session.lanes.expire(monotonic())
        self._run_quick()
        self._long.turn()
        self._ask_gigs()
        self._ask_studio()
        self._flush()
        self._leave()

    def _leave(self) -> None:
        """Stop if nothing came, waited or ran for as long as the server may be idle."""
        now, gigs = monotonic(), self._gigs
        if self._outgoing.waits or not self._idle or (gigs and gigs.busy):
            self._busy_s = now
        longest_s, since_s = self._config.leave_after_s, self._busy_s
        if longest_s is None:
            return
        if gigs and (heard_s := gigs.heard_s) is not None:
            longest_s = max(longest_s, self._config.leave_gig_after_s)
            since_s = max(since_s, heard_s)
        if now - since_s >= longest_s:
            self._begin_to_stop()

    def _read_stop(self) -> None:
        try:
            woken = self._wake_out.recv(64)
        except BlockingIOError:
            return
        if woken.strip(ANSWERED):
            self._begin_to_stop()

    def _begin_to_stop(self) -> None:
        grace_s = 0.0 if self.session.stopping else self._config.grace_s
        self.session.stop()
        self._stop_by_s = monotonic() + grace_s

    def _stopped(self, by_s: float) -> bool:
        """Return whether all is answered; when the grace is over, give up what is not."""
        if self._idle:
            return True
        if monotonic() >= by_s:
            self.session.lanes.cancel_all()
            if self._studio is not None:
                self._studio.stop()
        return False

    @property
    def _idle(self) -> bool:
        """Whether nothing waits or runs in the lanes and the studio."""
        return self.session.lanes.idle and not (self._studio and self._studio.busy)

    def _read_frames(self) -> None:
        for _ in range(READ_AT_ONCE):
            try:
                parts = self._router.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._receive(parts[0], b"".join(parts[1:]))

    def _receive(self, peer: bytes, frame: bytes) -> None:
        self._busy_s = monotonic()
        self.session.receive(peer, frame, self._busy_s)
        job = self.session.accepted.popleft() if self.session.accepted else None
        if self._journal:
            self._journal.request(peer, frame, job)
        self._frames += 1
        if self._frames >= COLLECT_EVERY:
            self._collect()

    def _collect(self) -> None:
        """Collect garbage if Python was told not to, and if there may be any."""
        if self._frames and not gc.isenabled():
            gc.collect()
        self._frames = 0

    def _run_quick(self) -> None:
        """Render one job of the quick lane, so that newer frames are read before the next."""
        begun = monotonic()
        job = self.session.lanes.take(Lane.QUICK, begun)
        if job is not None:
            result = _logged(render(job.request, job.chain))
            self._busy_s = monotonic()
            self.session.finish(job, result, begun, self._busy_s)

    def _ask_gigs(self) -> None:
        """Bring what is asked of gigs to them, and their answers to those who asked."""
        while self.session.asked:
            if self._gigs is None:
                self._gigs = self._open_gigs()
            self._gigs.ask(*self.session.asked.popleft())
        self._bring_answers()

    def _bring_answers(self) -> None:
        while self._gigs is not None and self._gigs.answers:
            self.session.answer(*self._gigs.answers.popleft())

    def _ask_studio(self) -> None:
        """Bring what is asked about sound to the studio, and what it makes to those who asked."""
        while self.session.sound:
            if self._studio is None:
                from bridge.sound.studio import Studio  # noqa: PLC0415 - most servers make no sound

                self._studio = Studio(self._wake)
            self._studio.ask(*self.session.sound.popleft())
        self._bring_sound()

    def _bring_sound(self) -> None:
        """Send blocks of sound, which no journal keeps, and answers."""
        if self._studio is None:
            return
        for peer, made in self._studio.taken(self._outgoing.takes):
            if not isinstance(made, bytes):
                self.session.answer(peer, made)
            elif not self._outgoing.send(peer, made):
                self.session.forget(peer)

    def _close_studio(self) -> None:
        if self._studio is not None:
            self._studio.close()
            self._bring_sound()

    def _close_gigs(self) -> None:
        """End the gigs, and answer what was asked of them and what came meanwhile."""
        if self._gigs is None:
            return
        self.session.stop()
        self._gigs.close()
        self._bring_answers()
        self._read_frames()
        while self.session.asked:
            peer, asked = self.session.asked.popleft()
            self.session.answer(peer, stopping(asked.id))

    def _open_gigs(self) -> "Gigs":
        from bridge.gigs import Gigs  # noqa: PLC0415 - most servers play nothing live
        from bridge.live_shelf import LiveShelf  # noqa: PLC0415

        shelf = LiveShelf(self._config.presets)
        return Gigs(shelf, self._wake, self.address, self._config.takes)

    def _wake(self) -> None:
        with suppress(OSError):  # it is full, so the server wakes anyway, or is closed
            self._wake_in.send(ANSWERED)

    def _flush(self) -> None:
        for peer in self._outgoing.retry():
            self.session.forget(peer)
        while self.session.outbox:
            out = self.session.outbox.popleft()
            if self._journal:
                self._journal.reply(out)
            if not self._outgoing.send(out.peer, out.frame):
                self.session.forget(out.peer)

    def _close(self) -> None:
        self._flush()
        self._close_gigs()
        self._close_studio()
        self._flush()
        self._warm_up.join()
        self._long.close()
        if self._journal:
            self._journal.close()
        self._router.close()
        self._context.term()
        self._wake_in.close()
        self._wake_out.close()


def _logged(outcome: Done | Fault) -> Done | Failed:
    if isinstance(outcome, Done):
        return outcome
    if outcome.error is not None:
        log.error("an engine failed", exc_info=outcome.error)
    return outcome.result


def _bind(router: "zmq.Socket[bytes]", address: str) -> str:
    """Bind the server's socket and return where it can be reached, with the real port."""
    router.setsockopt(zmq.MAXMSGSIZE, HARD_FRAME_BYTES)
    router.setsockopt(zmq.ROUTER_MANDATORY, 1)
    router.setsockopt(zmq.ROUTER_HANDOVER, 1)
    router.sndhwm = MOST_REPLIES
    router.linger = 1000
    port = re.search(r":(\d+)$", address)
    if port and int(port[1]) > MAX_PORT:
        what = f"cannot serve on {address}: port is {port[1]}, allowed are 0 to {MAX_PORT}"
        raise BridgeError(what)
    try:
        router.bind(re.sub(r":0$", ":*", address))
    except zmq.ZMQError as error:
        why = {
            errno.EADDRINUSE: "the port is taken; is yuragi serve running already?",
            errno.EACCES: "this user may not use that port",
        }.get(error.errno or 0, f"{error.strerror}, allowed are addresses like {DEFAULT_ADDRESS}")
        raise BridgeError(f"cannot serve on {address}: {why}") from error
    return router.getsockopt_string(zmq.LAST_ENDPOINT)
