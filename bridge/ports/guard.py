"""Let what goes on at a port go on when a part of it fails."""

import logging
import math
import time
from collections.abc import Callable
from typing import Any

log = logging.getLogger(__name__)

EVERY_S = 10.0
"""An error is logged so often at most: a port has up to 1,500 periods in a second."""


class Guard:
    """Do things of which one that fails must not take the others along."""

    def __init__(self) -> None:
        self._logs_from_s = -math.inf
        self._unsaid = 0

    def __call__(self, do: Callable[..., Any], *given: Any) -> None:
        """Do one thing; log its error, unless another one was logged a short time ago."""
        try:
            do(*given)
        except Exception:
            self._log()

    def _log(self) -> None:
        now_s = time.perf_counter()
        if now_s < self._logs_from_s:
            self._unsaid += 1
            return
        log.exception("what goes on at the ports failed, %d times unsaid before", self._unsaid)
        self._logs_from_s, self._unsaid = now_s + EVERY_S, 0
