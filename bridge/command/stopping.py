"""Notice Ctrl-C between two things that are done, and not within one."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """Yield what Ctrl-C, and being told to end, set while in this context."""
    event = threading.Event()
    before = [signal.signal(number, lambda _number, _frame: event.set()) for number in SIGNALS]
    try:
        yield event
    finally:
        for number, handler in zip(SIGNALS, before, strict=True):
            signal.signal(number, handler)
