"""Tell the witness which plug-in the process is in, and how long that may take."""

from contextlib import AbstractContextManager

from bridge.witness import Doing, Witness


class Presence:
    """Be one request's patience with plug-ins.

    Args:
        witness: what is told.
        patience_s: so long a plug-in may take for a block.
        load_s: so long it may take to be loaded and set.
    """

    def __init__(self, witness: Witness, patience_s: float, load_s: float) -> None:
        self._witness = witness
        self._patience_s = patience_s
        self._load_s = load_s

    def playing(self, path: str) -> AbstractContextManager[None]:
        """Be in a plug-in for a block."""
        return self._witness.within(path, self._patience_s, Doing.PLAYING)

    def loading(self, path: str) -> AbstractContextManager[None]:
        """Be in a plug-in that is loaded or set."""
        return self._witness.within(path, self._load_s, Doing.LOADING)

    def closing(self, path: str) -> AbstractContextManager[None]:
        """Be in a plug-in that is let go of."""
        return self._witness.within(path, self._load_s, Doing.CLOSING)
