"""Do jobs one after another, on the main thread: plug-ins may be loaded nowhere else."""

import logging
from time import monotonic

from bridge.message import Code, Failure, Reply
from bridge.protocol import Progress
from bridge.witness import Witness
from vst_host.bounce import Listener, bounce
from vst_host.door import Door, Made
from vst_host.error import HostError
from vst_host.rack import Rack
from vst_host.session import Job

log = logging.getLogger(__name__)

PROGRESS_S = 0.05
"""So often progress is told."""

REST_S = 0.2
"""So long nothing must be asked before what has been played is closed and loaded anew.

One that crashes as it is closed takes with it what is not sent yet.
"""


class Studio:
    """Be who does the jobs."""

    def __init__(self, door: Door, witness: Witness) -> None:
        self._door = door
        self._witness = witness
        self._rack = Rack()

    def run(self) -> None:
        """Do jobs, and in between load anew what has been played."""
        while True:
            job = self._door.next_job(REST_S)
            if job is None:
                while self._door.idle and self._rack.renew():
                    pass
                job = self._door.next_job()
            self._do(job)

    def _do(self, job: Job) -> None:
        reply = self._answer(job) if not job.unwanted.is_set() else None
        unwanted = Failure(job.request.id, code=Code.CANCELLED, message="nobody waits for it")
        self._door.bring(Made(job, reply or unwanted, last=True))

    def _answer(self, job: Job) -> Reply | None:
        progress = _Progress(self._door, job)
        listener = Listener(
            lambda sound: self._door.bring(Made(job, sound)),
            progress.tell if job.request.progress else _ignore,
            lambda: not job.unwanted.is_set(),
        )
        try:
            return bounce(job.request, self._rack, self._witness, listener)
        except HostError as error:
            return Failure(job.request.id, code=error.code, message=str(error), field=error.field)
        except Exception as error:
            log.exception("request %d failed", job.request.id)
            what = f"the host is at fault: {type(error).__name__}: {error}"
            return Failure(job.request.id, code=Code.INTERNAL, message=what)


class _Progress:
    """Tell progress, but not too often."""

    def __init__(self, door: Door, job: Job) -> None:
        self._door = door
        self._job = job
        self._told_s = monotonic()

    def tell(self, fraction: float) -> None:
        """Tell a fraction, if it is time."""
        if monotonic() - self._told_s >= PROGRESS_S:
            self._told_s = monotonic()
            self._door.bring(Made(self._job, Progress(self._job.request.id, fraction=fraction)))


def _ignore(_: float) -> None:
    pass
