"""Load what the first request of a learned engine would wait for, while nobody waits."""

from threading import Thread

from engines.performance.weights import DEFAULT, SHIPPED

LONGEST_S = 10.0
"""No server that stops waits longer for a warm-up."""


class WarmUp:
    """Load the default weights and the drummer in a thread of its own, once.

    Args:
        wanted: whether there is to be a warm-up at all.
    """

    def __init__(self, *, wanted: bool) -> None:
        self.waits = wanted
        self._thread: Thread | None = None

    def begin(self) -> None:
        """Begin, unless it has begun or is not wanted."""
        if self.waits:
            self.waits = False
            self._thread = Thread(target=_load, name="yuragi warm-up", daemon=True)
            self._thread.start()

    def join(self) -> None:
        """Wait until it is over: a process that ends in the middle of an import may crash."""
        if self._thread is not None:
            self._thread.join(LONGEST_S)


def _load() -> None:
    SHIPPED.lend_or_warn(DEFAULT)
    SHIPPED.lend_drummer_or_warn()
