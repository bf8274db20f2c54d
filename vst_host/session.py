"""Run the host's side of the protocol without a socket: frames go in, jobs and frames come out."""

from collections import deque
from importlib.metadata import version
from threading import Event

import msgspec

from bridge.blame import blame
from bridge.message import Code, Failure, Out, Reply
from bridge.protocol import (
    AnyRequest,
    Cancel,
    Cancelled,
    Hello,
    Limits,
    Ping,
    Pong,
    Welcome,
    decode_request,
    encode,
)
from bridge.sound_protocol import Bounce

MOST_WAITING = 256
"""So many bounces may wait."""

FRAME_BYTES = 256 * 2**20
"""The largest frame that is read; the one who asks is the server, which has limits of its own."""

OPS = "bounce, cancel, hello, ping"
"""What the host can be asked."""


class Job:
    """Be a bounce that has been accepted; `unwanted` is set when nobody waits for it any more."""

    def __init__(self, peer: bytes, request: Bounce) -> None:
        self.peer = peer
        self.request = request
        self.unwanted = Event()

    @property
    def key(self) -> tuple[bytes, int]:
        """What tells it from all others."""
        return (self.peer, self.request.id)


class Session:
    """Be the host's side: who asked what, and what is still to be done.

    Attributes:
        outbox: frames to send, in order; the owner empties it.
        accepted: jobs, in order; the owner empties it.
    """

    def __init__(self) -> None:
        self.outbox: deque[Out] = deque()
        self.accepted: deque[Job] = deque()
        self._jobs: dict[tuple[bytes, int], Job] = {}

    def receive(self, peer: bytes, frame: bytes) -> None:
        """Take a frame from a peer; every frame gets an answer, at once or when its job is done."""
        try:
            request = decode_request(frame)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            self._send(peer, blame(frame, error))
            return
        self._answer(peer, request)

    def bring(self, job: Job, reply: Reply, *, last: bool) -> None:
        """Send a reply to a job, unless it is not wanted any more."""
        if not job.unwanted.is_set():
            self._send(job.peer, reply)
        if last:
            self._jobs.pop(job.key, None)

    def forget(self, peer: bytes) -> None:
        """Give up all jobs of a peer that has gone."""
        for key in [key for key in self._jobs if key[0] == peer]:
            self._jobs.pop(key).unwanted.set()

    def _answer(self, peer: bytes, request: AnyRequest) -> None:
        match request:
            case Bounce():
                self._accept(peer, request)
            case Ping():
                self._send(peer, Pong(request.id))
            case Hello():
                self._send(peer, _welcome(request.id))
            case Cancel():
                self._cancel(peer, request)
            case _:
                op = request.__struct_config__.tag
                what = f"op is {op!r}, allowed are {OPS}: all else is for the server"
                failure = Failure(request.id, code=Code.BAD_FRAME, message=what, field="op")
                self._send(peer, failure)

    def _accept(self, peer: bytes, request: Bounce) -> None:
        if len(self._jobs) >= MOST_WAITING:
            what = f"{len(self._jobs)} requests are waiting, allowed are no more: ask again later"
            self._send(peer, Failure(request.id, code=Code.BUSY, message=what))
            return
        job = Job(peer, request)
        if job.key in self._jobs:
            what = f"id is {request.id}, which another request has, allowed are ids that are free"
            self._send(peer, Failure(request.id, code=Code.INVALID, message=what, field="id"))
            return
        self._jobs[job.key] = job
        self.accepted.append(job)

    def _cancel(self, peer: bytes, request: Cancel) -> None:
        job = self._jobs.pop((peer, request.request), None)
        self._send(peer, Cancelled(request.id, request=request.request, found=job is not None))
        if job is not None:
            job.unwanted.set()
            what = "the client cancelled it"
            self._send(peer, Failure(job.request.id, code=Code.CANCELLED, message=what))

    def _send(self, peer: bytes, reply: Reply) -> None:
        self.outbox.append(Out(peer, encode(reply)))


def _welcome(request: int) -> Welcome:
    limits = Limits(frame_bytes=FRAME_BYTES, waiting=MOST_WAITING)
    return Welcome(request, version=version("yuragi"), limits=limits, engines=[], presets=[])
