"""Do what changes a gig on the one thread of its MIDI system, between two events."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as LateError
from typing import Any, TypeVar

from bridge.ports.port import PortError

T = TypeVar("T")


class ChangeQueue:
    """Be changes that wait.

    Args:
        name: what people call the system.
        stall_s: so long it stalls at most.

    Attributes:
        ended: whether the system has ended. It has no thread any more then, so nobody is in the
            way, and what is asked for is done at once.
    """

    def __init__(self, name: str, stall_s: float) -> None:
        self.ended = False
        self._name, self._stall_s = name, stall_s
        self._waiting: deque[Callable[[], Any]] = deque()

    def put(self, change: Callable[[], Any]) -> None:
        """Let something be done, without waiting for it."""
        self._waiting.append(change)

    def do(self, change: Callable[[], T]) -> T:
        """Let something be done, and return its result; what it raises is raised here.

        Raises:
            PortError: the system stalls; the change is given up and is not done later.
        """
        if self.ended:
            return change()
        done: Future[T] = Future()
        self.put(lambda: _do(change, done))
        try:
            return done.result(self._stall_s)
        except LateError as error:
            if not done.cancel():
                return done.result(self._stall_s)  # it has just begun
            what = f"{self._name} has not run for {self._stall_s:g} s: nothing was changed"
            raise PortError(what) from error

    def run(self) -> None:
        """Do all that waits; for the system's thread."""
        while self._waiting:
            self._waiting.popleft()()


def _do(change: Callable[[], T], done: Future[T]) -> None:
    if not done.set_running_or_notify_cancel():
        return
    try:
        done.set_result(change())
    except Exception as error:  # whoever waits shall have it
        done.set_exception(error)
