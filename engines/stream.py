"""Make random streams from names, so that a stream depends on nothing but its own names.

Source: PCG64 as in numpy; the names are mixed by BLAKE2b (RFC 7693), which costs a tenth of numpy's
own `SeedSequence`.
"""

from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.random.bit_generator import ISeedSequence


class Names(ISeedSequence):
    """Be what numpy asks for its first state: words that depend on the given names alone."""

    def __init__(self, *names: str | int) -> None:
        self._bytes = repr(names).encode()

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> np.ndarray:
        """Return (n_words,) random words; at most 64 bytes of them."""
        size = n_words * np.dtype(dtype).itemsize
        return np.frombuffer(blake2b(self._bytes, digest_size=size).digest(), dtype)


def stream(*names: str | int) -> np.random.Generator:
    """Return the random stream of these names, always from its beginning."""
    return np.random.Generator(np.random.PCG64(Names(*names)))  # type: ignore[arg-type]
