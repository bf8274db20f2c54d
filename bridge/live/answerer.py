"""Make answers to calls on a thread of their own."""

import logging
import queue
import threading
from collections.abc import Callable

from bridge.error import BridgeError
from bridge.live.response import Call
from engines.clip import Clip
from engines.error import EngineError
from engines.warning import ignore_warning

log = logging.getLogger(__name__)

LEAVE_S = 2.0
"""So long an answer that nobody wants any more may take to end."""


class Answerer:
    """Have answers made one after the other; of calls that wait, only the newest is answered.

    Args:
        make: returns the answer to a phrase; it may block, or raise `BridgeError` or `EngineError`.
        tell: called with sentences for the player, on a thread of its own.
    """

    def __init__(
        self, make: Callable[[Clip], Clip], tell: Callable[[str], None] = ignore_warning
    ) -> None:
        self._make, self._tell = make, tell
        self._calls: queue.SimpleQueue[Call | None] = queue.SimpleQueue()
        self._made: queue.SimpleQueue[tuple[int, Clip]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="yuragi answers", daemon=True)
        self._thread.start()

    def ask(self, call: Call) -> None:
        """Have a call answered; return at once."""
        self._calls.put(call)

    def made(self) -> list[tuple[int, Clip]]:
        """Return the answers that have been made since, with their calls' numbers."""
        return [self._made.get_nowait() for _ in range(self._made.qsize())]

    def close(self) -> None:
        """Make no more answers."""
        self._calls.put(None)
        self._thread.join(LEAVE_S)

    def _run(self) -> None:
        while (call := self._newest()) is not None:
            try:
                self._made.put((call.number, self._make(call.clip)))
            except (BridgeError, EngineError) as error:
                self._tell(f"no answer could be made: {error}")
            except Exception:
                log.exception("no answer could be made")
                self._tell("no answer could be made; the log says why")

    def _newest(self) -> Call | None:
        call = self._calls.get()
        while call is not None and self._calls.qsize():
            call = self._calls.get_nowait()
        return call
