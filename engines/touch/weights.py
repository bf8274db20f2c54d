"""Lend the learned hand, read once at its first use."""

from pathlib import Path
from threading import Lock

from engines.error import WeightsError
from engines.touch.network import Network

PATH = Path(__file__).parents[1] / "weights" / "live.npz"


class Lender:
    """Lend the network of a file.

    Args:
        path: where the file is.
    """

    def __init__(self, path: Path = PATH) -> None:
        self._path = path
        self._lent: Network | None = None
        self._lock = Lock()

    def lend(self) -> Network:
        """Return the network; may be called from any thread.

        Raises:
            WeightsError: it cannot be loaded.
        """
        with self._lock:
            if self._lent is None:
                try:
                    self._lent = Network(self._path)
                except WeightsError as error:
                    raise WeightsError(f"{error}; install yuragi again") from error
            return self._lent


SHIPPED = Lender()
"""The hand that comes with the program."""
