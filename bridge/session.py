"""Run the server's side of the protocol without a socket, a thread or an engine.

Frames go in, jobs come out; results go in, frames come out. Time is handed in, in seconds of any
steady clock, so that a test needs none.
"""

import logging
import secrets
from collections import deque
from typing import Any

import msgspec

from bridge.blame import blame
from bridge.error import BridgeError
from bridge.gig_protocol import Asked
from bridge.lanes import Job, Lane, Lanes
from bridge.message import Code, Failure, Id, Out, Reply, Request
from bridge.protocol import (
    MAX_SEED,
    MAX_TAKES,
    AnyRequest,
    Cancel,
    Cancelled,
    Hello,
    Limits,
    Ping,
    Pong,
    Progress,
    Render,
    Timings,
    Welcome,
    decode_request,
    encode,
)
from bridge.shelf import Shelf
from bridge.sound_protocol import Bounce, Plugins
from bridge.warning import warnings
from bridge.work import Failed, Result, rendered
from engines.error import EngineError, OptionError
from engines.performance.weights import SHIPPED, Library
from engines.preset import Chain, Preset, with_options
from engines.registry import catalogue

log = logging.getLogger(__name__)

QUICK_COST = 32_768
"""Notes and bars, times takes and stages: with more, a humanizer's request takes the long lane."""

LEARNED_STAGES = 5
"""A learned engine counts as so many stages: five of them take 0.2 s for 1,300 notes."""

MOST_BOUNCES = 64
"""So much may be asked about sound before the first of it is answered."""

SoundRequest = Bounce | Plugins | Cancel
"""What is asked about sound, and to stop what was."""

Key = tuple[bytes, int]
"""A peer and the id of its request."""


class Session:
    """Be the server's side: who asked what, what waits, what runs.

    Attributes:
        outbox: frames to send, in order; the owner empties it.
        asked: who asks what of a gig; the owner empties it, and brings the answers to `answer`.
        sound: who asks what about sound; the owner empties it, and brings the answers to `answer`.
        accepted: jobs in the order of their acceptance, for a journal; the owner empties it.
        lanes: the jobs; the owner takes them out and brings their results to `finish`.
    """

    def __init__(
        self,
        version: str,
        shelf: Shelf,
        limits: Limits | None = None,
        *,
        library: Library = SHIPPED,
    ) -> None:
        self.limits = limits or Limits()
        self.outbox: deque[Out] = deque()
        self.asked: deque[tuple[bytes, Asked]] = deque()
        self.sound: deque[tuple[bytes, SoundRequest]] = deque()
        self.accepted: deque[Job] = deque()
        self.lanes = Lanes(self._fail)
        self.stopping = False
        self._version = version
        self._shelf = shelf
        self._library = library
        self._begun: dict[Key, Bounce | Plugins | Asked] = {}

    def receive(self, peer: bytes, frame: bytes, now_s: float) -> None:
        """Take a frame from a peer; every frame gets an answer, at once or when its job is done."""
        if len(frame) > self.limits.frame_bytes:
            what = f"frame has {len(frame)} bytes, allowed are {self.limits.frame_bytes}"
            self._send(peer, Failure(_id_of(frame), code=Code.TOO_LARGE, message=what))
            return
        try:
            request = decode_request(frame)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            failure = blame(frame, error)
            log.info("refused a frame of %d bytes: %s", len(frame), failure.message)
            self._send(peer, failure)
            return
        self._answer(peer, request, now_s)

    def progress(self, job: Job, fraction: float) -> None:
        """Pass on how far a running job has come, if its client asked for that."""
        if job.request.progress:
            self._send(job.peer, Progress(job.request.id, fraction=fraction))

    def finish(self, job: Job, result: Result, begun_s: float, now_s: float) -> None:
        """Answer a job that has run in this process."""
        if isinstance(result, Failed):
            self.fail(job, result)
            return
        queued_ms, total_ms = ((s - job.received_s) * 1e3 for s in (begun_s, now_s))
        timings = Timings(queued_ms, result.engine_ms, total_ms)
        try:
            frame = encode(rendered(job.request, result, timings))
        except Exception as error:  # a clip that a third party's engine built wrong
            log.exception("the result of request %d cannot be sent", job.request.id)
            self.fail(job, Failed(Code.INTERNAL, f"the result cannot be sent: {error}"))
            return
        self.deliver(job, frame, now_s)

    def deliver(self, job: Job, frame: bytes, now_s: float) -> None:
        """Answer a job with the frame of its reply, unless it is not wanted any more."""
        self.lanes.doom(job, now_s)
        unwanted = self.lanes.done(job)
        if unwanted is not None:
            self._fail(job, unwanted)
        else:
            self.outbox.append(Out(job.peer, frame))

    def fail(self, job: Job, failed: Failed) -> None:
        """Answer a job that could not be met, or is not wanted any more."""
        self._fail(job, self.lanes.done(job) or failed)

    def answer(self, peer: bytes, reply: Reply) -> None:
        """Answer a peer who asked something of a gig, or about sound."""
        if reply.id is not None and not isinstance(reply, Progress):
            self._begun.pop((peer, reply.id), None)
        self._send(peer, reply)

    def forget(self, peer: bytes) -> None:
        """Give up all that a peer has asked that has gone."""
        self.lanes.forget(peer)
        for key in [key for key in self._begun if key[0] == peer]:
            if isinstance(self._begun[key], Asked):
                del self._begun[key]
            else:
                self.sound.append((peer, Cancel(0, request=key[1])))

    def stop(self) -> None:
        """Accept no more requests; what waits is still done."""
        self.stopping = True

    def _answer(self, peer: bytes, request: AnyRequest, now_s: float) -> None:
        match request:
            case Render():
                self._admit(peer, request, now_s)
            case Ping():
                self._send(peer, Pong(request.id))
            case Hello():
                self._send(peer, self._welcome(request.id))
            case Cancel():
                self._cancel(peer, request)
            case Bounce() | Plugins():
                self._admit_sound(peer, request)
            case Asked():
                self._admit_asked(peer, request)

    def _welcome(self, request: int) -> Welcome:
        self._shelf.refresh()
        return Welcome(
            request,
            version=self._version,
            limits=self.limits,
            engines=catalogue(),
            presets=[_said_of(preset) for preset in self._shelf.presets.values()],
            warnings=warnings(self._shelf, self._library),
        )

    def _cancel(self, peer: bytes, request: Cancel) -> None:
        key = (peer, request.request)
        sounds = isinstance(self._begun.get(key), Bounce | Plugins)
        if sounds:
            self.sound.append((peer, request))
        found = self.lanes.cancel(key) or sounds
        self._send(peer, Cancelled(request.id, request=request.request, found=found))

    def _admit_sound(self, peer: bytes, request: Bounce | Plugins) -> None:
        if self._is_free(peer, request):
            self._begun[peer, request.id] = request
            self.sound.append((peer, request))

    def _admit_asked(self, peer: bytes, request: Asked) -> None:
        if self._is_free(peer, request):
            self._begun[peer, request.id] = request
            self.asked.append((peer, request))

    def _is_free(self, peer: bytes, request: Render | Bounce | Plugins | Asked) -> bool:
        """Return whether a request may be admitted; one that may not is answered, once."""
        known = self._known(peer, request)
        if known == request:  # a client that lost its connection asks again
            log.info("request %d came again; it is answered once", request.id)
            return False
        refusal = _in_use(request) if known else self._refusal(request)
        if refusal is not None:
            self._send(peer, refusal)
        return refusal is None

    def _known(self, peer: bytes, request: Request) -> Request | None:
        """Return the request of the same id that is not answered."""
        job = self.lanes.find((peer, request.id))
        return job.asked if job else self._begun.get((peer, request.id))

    def _admit(self, peer: bytes, request: Render, now_s: float) -> None:
        if not self._is_free(peer, request):
            return
        try:
            job = self._accept(peer, request, now_s)
        except (BridgeError, EngineError) as error:
            field = error.field if isinstance(error, OptionError) else str(error).split(" ", 1)[0]
            self._send(peer, _invalid(request, str(error), field))
            return
        self.lanes.add(job)
        self.accepted.append(job)

    def _refusal(self, request: Render | Bounce | Plugins | Asked) -> Failure | None:
        """Check what the server's state and limits say about a request that is valid in itself."""
        if self.stopping:
            return stopping(request.id)
        if isinstance(request, Asked):
            return None  # a gig has limits of its own
        if isinstance(request, Render):
            waiting, limit = len(self.lanes), self.limits.waiting
        else:
            sounds = (one for one in self._begun.values() if not isinstance(one, Asked))
            waiting, limit = sum(1 for _ in sounds), MOST_BOUNCES
        if waiting >= limit:
            what = f"{waiting} requests are waiting, allowed are no more: ask again later"
            return Failure(request.id, code=Code.BUSY, message=what)
        return None if isinstance(request, Plugins) else self._excess(request)

    def _excess(self, request: Render | Bounce) -> Failure | None:
        """Check the size of clips, and what is valid one by one but not together."""
        sums = {
            "notes": (sum(len(clip.notes) for clip in request.clips), self.limits.notes),
            "beats": (sum(clip.length for clip in request.clips), self.limits.beats),
        }
        for what, (number, limit) in sums.items():
            if number > limit:
                message = f"clips have {number:.15g} {what}, allowed are {limit}"
                return Failure(request.id, code=Code.TOO_LARGE, message=message, field="clips")
        return _contradiction(request) if isinstance(request, Render) else _unsounding(request)

    def _accept(self, peer: bytes, request: Render, now_s: float) -> Job:
        """Fill in what the client left open, and choose the lane."""
        stages = request.stages or self._shelf.find(request.preset).stages
        stages = self._shelf.grooves.filled(with_options(stages, request.options))
        chain = Chain(stages, request.amount, request.amounts)
        if not any(len(clip.notes) for clip in request.clips) and not chain.generates:
            raise BridgeError("clips[0].notes has 0 notes, allowed are 1 or more for a humanizer")
        seed = secrets.randbelow(MAX_SEED - MAX_TAKES) if request.seed is None else request.seed
        filled = msgspec.structs.replace(request, preset="", stages=stages, options={}, seed=seed)
        quick = not chain.generates and _weight(chain) * _cost(request) <= QUICK_COST
        wait_s = float("inf") if request.deadline_ms is None else request.deadline_ms / 1e3
        return Job(
            peer, request, filled, chain, Lane.QUICK if quick else Lane.LONG, now_s, now_s + wait_s
        )

    def _fail(self, job: Job, failed: Failed) -> None:
        self._send(job.peer, Failure(job.request.id, code=failed.code, message=failed.message))

    def _send(self, peer: bytes, reply: Reply) -> None:
        self.outbox.append(Out(peer, encode(reply)))


def stopping(request: int) -> Failure:
    """Return the answer to a request that comes too late."""
    return Failure(request, code=Code.STOPPING, message="the server is shutting down")


def _said_of(preset: Preset) -> dict[str, Any]:
    said = {name: getattr(preset, name) for name in ("name", "role", "summary", "kind")}
    return {**said, "engines": list(preset.engines)}


def _contradiction(request: Render) -> Failure | None:
    """Check fields that are valid one by one but not together."""
    if bool(request.preset) == bool(request.stages):
        state = "there" if request.preset else "missing"
        what = f"preset and stages are both {state}, allowed is one of them"
        return _invalid(request, what, "preset")
    if request.target.note_ids is not None and len(request.clips) > 1:
        what = f"target.note_ids comes with {len(request.clips)} clips, allowed is 1"
        return _invalid(request, what, "target.note_ids")
    return None


def _unsounding(request: Bounce) -> Failure | None:
    """Check the same of what is to be bounced."""
    if bool(request.clips) == bool(request.tracks):
        state = "there" if request.clips else "missing"
        return _invalid(
            request, f"clips and tracks are both {state}, allowed is one of them", "clips"
        )
    if request.tracks and request.instrument is not None:
        what = "instrument comes with tracks, which have their own, allowed is nil"
        return _invalid(request, what, "instrument")
    return None


def _invalid(request: Request, message: str, field: str) -> Failure:
    return Failure(request.id, code=Code.INVALID, message=message, field=field)


def _in_use(request: Request) -> Failure:
    what = f"id is {request.id}, which another request has, allowed are ids that are free"
    return _invalid(request, what, "id")


class _Head(msgspec.Struct, frozen=True):
    """Be what every request begins with."""

    id: Id


def _id_of(frame: bytes) -> int | None:
    """Return the id in a frame that is not read otherwise, or None."""
    try:
        return msgspec.msgpack.decode(frame, type=_Head).id
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def _weight(chain: Chain) -> int:
    """Return how many stages a chain's engines count as."""
    return sum(LEARNED_STAGES if hasattr(options, "weights") else 1 for _, options in chain.steps)


def _cost(request: Render) -> int:
    """Estimate the work of a stage: notes and bars of four beats, times takes."""
    return request.takes * sum(len(clip.notes) + int(clip.length) // 4 for clip in request.clips)
