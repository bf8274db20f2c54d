"""Read and write the host's socket, in a thread of its own: a plug-in may keep the main thread."""

import logging
import os
import queue
import threading
from contextlib import suppress
from typing import NamedTuple, cast, overload

import numpy as np
import zmq

from bridge.message import Reply
from bridge.outgoing import Outgoing
from bridge.sound_protocol import Block
from vst_host.bounce import Sound
from vst_host.session import FRAME_BYTES, Job, Session

log = logging.getLogger(__name__)

ADDRESS = "tcp://127.0.0.1:*"

AHEAD = 8
"""So many blocks are made before the first of them is sent; then their maker waits."""

QUEUED = 16
"""So many frames wait in the socket for a peer that reads slowly."""

LOOK_S = 0.1
"""So often a maker that waits looks whether its job is still wanted."""

RETRY_MS = 5
"""So often a peer that reads slowly is tried again."""

WOKEN = "inproc://made"


class Made(NamedTuple):
    """Be what has been made for a job: a block, progress, or its last reply."""

    job: Job
    what: Sound | Reply
    last: bool = False


class Door:
    """Be the way in and out. All methods are for the main thread; it is bound once made."""

    def __init__(self) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._made: queue.Queue[Made] = queue.Queue(AHEAD)
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        router = self._context.socket(zmq.ROUTER)
        router.setsockopt(zmq.MAXMSGSIZE, FRAME_BYTES)
        router.setsockopt(zmq.ROUTER_MANDATORY, 1)
        router.sndhwm = QUEUED
        router.bind(ADDRESS)
        self.address = router.getsockopt_string(zmq.LAST_ENDPOINT)
        woken = self._context.socket(zmq.PAIR)
        woken.bind(WOKEN)
        self._wake = self._context.socket(zmq.PAIR)
        self._wake.connect(WOKEN)
        sockets = _Sockets(router, woken, self._made, self._jobs)
        threading.Thread(target=sockets.run, name="door", daemon=True).start()

    @property
    def idle(self) -> bool:
        """Whether no job waits."""
        return self._jobs.empty()

    @overload
    def next_job(self) -> Job: ...
    @overload
    def next_job(self, timeout_s: float) -> Job | None: ...
    def next_job(self, timeout_s: float | None = None) -> Job | None:
        """Wait for a job, and return it, or None if there was none in time."""
        with suppress(queue.Empty):
            return self._jobs.get(timeout=timeout_s)
        return None

    def bring(self, made: Made) -> None:
        """Bring what was made to who asked; wait while that one reads slowly."""
        while not made.job.unwanted.is_set() or made.last:
            try:
                self._made.put(made, timeout=LOOK_S)
            except queue.Full:
                continue
            with suppress(zmq.Again):  # it is woken already
                self._wake.send(b"", zmq.NOBLOCK)
            return


class _Sockets:
    """Be the thread that has the sockets."""

    def __init__(
        self,
        router: "zmq.Socket[bytes]",
        woken: "zmq.Socket[bytes]",
        made: "queue.Queue[Made]",
        jobs: "queue.SimpleQueue[Job]",
    ) -> None:
        self._router = router
        self._woken = woken
        self._made = made
        self._jobs = jobs
        self._session = Session()
        self._outgoing = Outgoing(router)
        self._poller = zmq.Poller()
        for socket in (router, woken):
            self._poller.register(socket, zmq.POLLIN)

    def run(self) -> None:
        """Read and write until the process ends, which it does if nobody can reach it."""
        try:
            while True:
                self._poller.poll(RETRY_MS if self._outgoing.waits else None)
                self._read()
                self._flush()
                self._bring()  # at last, for nothing wakes us while the queue is full
        except BaseException:
            log.exception("the host cannot be reached any more")
            os._exit(1)

    def _read(self) -> None:
        with suppress(zmq.Again):
            while True:
                self._woken.recv(zmq.NOBLOCK)
        with suppress(zmq.Again):
            while True:
                peer, *frames = self._router.recv_multipart(zmq.NOBLOCK)
                self._session.receive(peer, frames[-1] if frames else b"")
        while self._session.accepted:
            self._jobs.put(self._session.accepted.popleft())

    def _bring(self) -> None:
        """Pack and send what was made, as long as it is taken."""
        while not self._outgoing.waits:
            try:
                made = self._made.get_nowait()
            except queue.Empty:
                return
            self._session.bring(made.job, _packed(made), last=made.last)
            self._flush()

    def _flush(self) -> None:
        for peer in self._outgoing.retry():
            self._session.forget(peer)
        while self._session.outbox:
            out = self._session.outbox.popleft()
            if not self._outgoing.send(out.peer, out.frame):
                self._session.forget(out.peer)


def _packed(made: Made) -> Reply:
    if isinstance(made.what, Reply):
        return made.what
    rows = np.ascontiguousarray(made.what.samples.T, "<f4")
    audio = cast(bytes, rows.data.cast("B"))  # packed as bytes are, without a copy
    return Block(made.job.request.id, start=made.what.start, audio=audio, track=made.what.track)
