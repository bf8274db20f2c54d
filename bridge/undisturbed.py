"""Keep Python from collecting garbage: a collection is what a late note or reply is made of."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let nothing but a call of `gc.collect` collect garbage, for a process that does one thing."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
