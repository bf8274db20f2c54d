"""Keep what a native library prints to the screen off it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def silence() -> Iterator[None]:
    """Let nothing of this process reach the standard error while in this context."""
    null, kept = os.open(os.devnull, os.O_WRONLY), os.dup(2)
    try:
        os.dup2(null, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(null)
        os.close(kept)
