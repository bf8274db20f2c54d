"""Make answers to calls on a thread of their own."""

import logging
import queue
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager

from bridge.error import BridgeError
from bridge.live.order import Called
from engines.clip import Clip
from engines.error import EngineError
from engines.warning import ignore_warning

log = logging.getLogger(__name__)

LEAVE_S = 2.0
"""So long an answer that nobody wants any more may take to end."""

Make = Callable[[Called], Clip]
"""Returns the answer to a call; it may block, or raise `BridgeError` or `EngineError`."""


class Answerer:
    """Have answers made one after the other; of calls that wait, only the newest is answered.

    Args:
        maker: what makes answers, as long as it is open; all of it is done on one thread.
        give: called with the number of a call and its answer, on that thread.
        tell: called with sentences for the player, on that thread.
    """

    def __init__(
        self,
        maker: AbstractContextManager[Make],
        give: Callable[[int, Clip], object],
        tell: Callable[[str], None] = ignore_warning,
    ) -> None:
        self._maker, self._give, self._tell = maker, give, tell
        self._calls: queue.SimpleQueue[Called | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="yuragi answers", daemon=True)
        self._thread.start()

    def ask(self, call: Called) -> None:
        """Have a call answered; return at once."""
        self._calls.put(call)

    def close(self) -> None:
        """Make no more answers."""
        self._calls.put(None)
        self._thread.join(LEAVE_S)

    def _run(self) -> None:
        with self._maker as make:
            while (call := self._newest()) is not None:
                self._answer(call, make)

    def _answer(self, call: Called, make: Make) -> None:
        try:
            self._give(call.number, make(call))
        except (BridgeError, EngineError) as error:
            self._tell(f"no answer could be made: {error}")
        except Exception:
            log.exception("no answer could be made")
            self._tell("no answer could be made; the log says why")

    def _newest(self) -> Called | None:
        call = self._calls.get()
        while call is not None and self._calls.qsize():
            call = self._calls.get_nowait()
        return call
