"""Queue jobs in two lanes, and know which of them are not wanted any more.

Time is handed in, in seconds of any steady clock.
"""

from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from typing import NamedTuple

from bridge.message import Code
from bridge.protocol import Render
from bridge.work import Failed
from engines.preset import Chain

Key = tuple[bytes, int]
"""A peer and the id of its request."""


class Lane(Enum):
    """Tell where a job runs: at once in the server, or in a process of its own."""

    QUICK = "quick"
    LONG = "long"


class Job(NamedTuple):
    """Be a request that has been accepted.

    `asked` is the request as it came, `request` has its seed and stages filled in; the times are on
    the session's clock.
    """

    peer: bytes
    asked: Render
    request: Render
    chain: Chain
    lane: Lane
    received_s: float
    deadline_s: float

    @property
    def key(self) -> Key:
        """What tells the job from all others."""
        return (self.peer, self.request.id)

    @property
    def slot(self) -> tuple[bytes, str] | None:
        """The place that the result is for, or None."""
        return (self.peer, self.request.slot) if self.request.slot else None


class Lanes:
    """Hold the jobs that wait and know those that run.

    A job that runs cannot be taken back here: it is doomed, and whoever runs it looks.

    Args:
        fail: called with every job that is dropped while it waits, and why.
    """

    def __init__(self, fail: Callable[[Job, Failed], None]) -> None:
        self._fail = fail
        self._waiting: dict[Lane, deque[Job]] = {lane: deque() for lane in Lane}
        self._running: dict[Key, Job] = {}
        self._doomed: dict[Key, Failed] = {}

    def __len__(self) -> int:
        """Return how many jobs wait."""
        return sum(len(waiting) for waiting in self._waiting.values())

    def find(self, key: Key) -> Job | None:
        """Return the job that waits or runs under a key, or None."""
        waiting = (job for job in self._all_waiting() if job.key == key)
        return self._running.get(key) or next(waiting, None)

    @property
    def idle(self) -> bool:
        """Whether nothing waits and nothing runs."""
        return not self._running and not len(self)

    def waits(self, lane: Lane) -> bool:
        """Return whether a lane has jobs waiting."""
        return bool(self._waiting[lane])

    def add(self, job: Job) -> None:
        """Queue a job; older ones for its slot are dropped or doomed."""
        if job.slot is not None:
            failed = Failed(Code.SUPERSEDED, f"a newer request came for slot {job.request.slot!r}")
            self._drop(lambda other: other.slot == job.slot, failed)
        self._waiting[job.lane].append(job)

    def take(self, lane: Lane, now_s: float) -> Job | None:
        """Return the lane's next job, now running, or None; jobs out of time are dropped."""
        self.expire(now_s)
        waiting = self._waiting[lane]
        if not waiting:
            return None
        job = waiting.popleft()
        self._running[job.key] = job
        return job

    def expire(self, now_s: float) -> None:
        """Drop every waiting job whose time is over."""
        for waiting in self._waiting.values():
            for job in [job for job in waiting if now_s >= job.deadline_s]:
                waiting.remove(job)
                self._fail(job, _late(job))

    def done(self, job: Job) -> Failed | None:
        """Note that a job runs no more; return why its result is not wanted, if so."""
        self._running.pop(job.key, None)
        return self._doomed.pop(job.key, None)

    def doom(self, job: Job, now_s: float) -> Failed | None:
        """Return why a running job should be stopped, or None."""
        if now_s >= job.deadline_s:
            self._doomed.setdefault(job.key, _late(job))
        return self._doomed.get(job.key)

    def cancel(self, key: Key) -> bool:
        """Give up one job; return whether there was one."""
        found = self.find(key) is not None
        self._drop(lambda job: job.key == key, Failed(Code.CANCELLED, "the client cancelled it"))
        return found

    def cancel_all(self) -> None:
        """Give up all jobs."""
        self._drop(lambda _: True, Failed(Code.STOPPING, "the server is shutting down"))

    def forget(self, peer: bytes) -> None:
        """Give up all jobs of a peer that has gone."""
        self._drop(lambda job: job.peer == peer, Failed(Code.CANCELLED, "the client has gone"))

    def _drop(self, unwanted: Callable[[Job], bool], failed: Failed) -> None:
        for lane, waiting in self._waiting.items():
            dropped = [job for job in waiting if unwanted(job)]
            if dropped:
                self._waiting[lane] = deque(job for job in waiting if not unwanted(job))
            for job in dropped:
                self._fail(job, failed)
        for key, job in self._running.items():
            if unwanted(job):
                self._doomed.setdefault(key, failed)

    def _all_waiting(self) -> Iterator[Job]:
        for waiting in self._waiting.values():
            yield from waiting


def _late(job: Job) -> Failed:
    what = f"deadline_ms is {job.request.deadline_ms:g}, and the request was not done by then"
    return Failed(Code.DEADLINE, what)
