"""Run the long lane's jobs one after the other, and end those that do not end themselves."""

import logging
from time import monotonic

from bridge.lanes import Job, Lane
from bridge.message import Code
from bridge.session import Session
from bridge.work import Failed
from bridge.worker import LongLane, Outcome, Step

log = logging.getLogger(__name__)

STOP_GRACE_S = 1.0
"""How long a job may take to obey an order to stop before its process is ended."""


class LongRunner:
    """Bring jobs from a session to the lane's process, and its reports back.

    Attributes:
        lane: the process and the socket to it.
    """

    def __init__(self, session: Session, lane: LongLane) -> None:
        self.lane = lane
        self._session = session
        self._job: Job | None = None
        self._stop_by_s: float | None = None

    @property
    def busy(self) -> bool:
        """Whether a job runs."""
        return self._job is not None

    def turn(self) -> None:
        """Take what the process reports, see to the present job, and begin the next."""
        for report in self.lane.reports():
            if self._job is not None:
                self._take(self._job, report)
        if self._job is not None:
            self._watch(self._job)
        if self._job is None:
            self._begin()

    def close(self) -> None:
        """End the process."""
        self.lane.close()

    def _begin(self) -> None:
        job = self._session.lanes.take(Lane.LONG, monotonic())
        if job is not None:
            self._job, self._stop_by_s = job, None
            try:
                self.lane.submit(job.request, (monotonic() - job.received_s) * 1e3)
            except OSError as error:
                log.exception("the long lane's process cannot be started")
                self._fail(job, Failed(Code.INTERNAL, f"no process can be started: {error}"))

    def _take(self, job: Job, report: Step | Outcome) -> None:
        if isinstance(report, Step):
            self._session.progress(job, report.fraction)
            return
        if report.trouble:
            log.error("request %d failed in the long lane: %s", job.request.id, report.trouble)
        if report.failed is not None:
            self._fail(job, report.failed)
            return
        self._job = None
        self._session.deliver(job, report.frame, monotonic())

    def _watch(self, job: Job) -> None:
        now = monotonic()
        if self.lane.has_died():
            log.error("the long lane's process has ended; the next job starts it again")
            self.lane.kill()
            self._fail(job, Failed(Code.INTERNAL, "the engine's process has ended by itself"))
            return
        doomed = self._session.lanes.doom(job, now)
        if doomed is None:
            return
        if self._stop_by_s is None:
            self._stop_by_s = now + STOP_GRACE_S
            self.lane.stop()
        elif now > self._stop_by_s:
            log.warning("an engine does not stop; its process is ended")
            self.lane.kill()
            self._fail(job, doomed)

    def _fail(self, job: Job, failed: Failed) -> None:
        self._job = None
        self._session.fail(job, failed)
