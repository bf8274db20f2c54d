"""Stand between libsndfile and a file: whole numbers that are rounded, errors that are kept.

Letters: F frames.
"""

from collections.abc import Callable
from typing import Any, BinaryIO

import numpy as np


class Rounding:
    """Write whole numbers, each the nearest to what it is; libsndfile itself cuts them off.

    With 16 bits there is noise of up to one number before, so that what is soft fades and does not
    crackle; silence is left as it is.

    Source: S. P. Lipshitz, R. A. Wannamaker, J. Vanderkooy, "Quantization and Dither: A
    Theoretical Survey", JAES 40 (5), 1992: triangular noise.
    """

    def __init__(self, writer: Any, bits: int) -> None:
        self._writer = writer
        self._bits = bits
        self._random = np.random.default_rng(0)  # the same sound is the same bytes

    def write(self, block: np.ndarray) -> None:
        """Write (F, 2) frames."""
        most = 2 ** (self._bits - 1)
        numbers = block.astype(np.float64) * most
        if self._bits < 24:
            noise = self._random.random((2, *block.shape))
            numbers += np.where(block == 0, 0.0, noise[0] - noise[1])
        whole = np.clip(np.rint(numbers), -most, most - 1).astype(np.int32)
        self._writer.write(whole << (32 - self._bits))


class Sink:
    """Hand on to a file what libsndfile writes, and keep what goes wrong.

    An error raised through C would be lost.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._error: BaseException | None = None

    def write(self, content: bytes) -> int:
        """Write; once something has gone wrong, nothing is written."""
        return self._do(lambda: self._file.write(content), 0)

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place."""
        return self._do(lambda: self._file.seek(offset, whence), 0)

    def tell(self) -> int:
        """Return the place."""
        return self._do(self._file.tell, 0)

    def check(self) -> None:
        """Raise what has gone wrong."""
        if self._error is not None:
            raise self._error

    def _do(self, action: Callable[[], int], otherwise: int) -> int:
        if self._error is not None:
            return otherwise
        try:
            return action()
        except BaseException as error:
            self._error = error
            return otherwise
