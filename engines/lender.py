"""Lend a network that is read once, at its first use."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from engines.error import WeightsError

N = TypeVar("N")


class Lender(Generic[N]):
    """Lend the network of a file.

    Args:
        path: where the file is.
        read: returns its network.
    """

    def __init__(self, path: Path, read: Callable[[Path], N]) -> None:
        self._path = path
        self._read = read
        self._lent: N | None = None
        self._lock = Lock()

    def lend(self) -> N:
        """Return the network; may be called from any thread.

        Raises:
            WeightsError: it cannot be loaded.
        """
        with self._lock:
            if self._lent is None:
                try:
                    self._lent = self._read(self._path)
                except WeightsError as error:
                    raise WeightsError(f"{error}; install yuragi again") from error
            return self._lent
