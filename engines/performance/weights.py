"""Know which files of weights there are, and load each at its first use."""

import logging
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Annotated, Literal, get_args

from engines.error import MissingWeightsError, WeightsError
from engines.option import note
from engines.performance.interpreter import Interpreter

if TYPE_CHECKING:
    from engines.drummer.network import Network as DrumNetwork
    from engines.performance.network import Network

log = logging.getLogger(__name__)

Weights = Literal["default", "research"]
"""`default` was trained on music that allows every use, `research` on more, for research only."""

WeightsOption = Annotated[
    Weights, note("what the player was trained on; research only where it is installed")
]

NAMES: tuple[Weights, ...] = get_args(Weights)

DEFAULT: Weights = "default"

DRUMS = "drums"
"""The weights of the drummer, which were trained on music that allows every use."""

FOLDER = Path(__file__).parents[1] / "weights"


def network(path: Path) -> "Network":
    """Return the learned player in a file.

    Raises:
        WeightsError: the file is missing, damaged, or not a player of this version.
    """
    from engines.performance.network import (  # noqa: PLC0415 - listing engines must not load it
        Network,
    )

    return Network(path)


def drum_network(path: Path) -> "DrumNetwork":
    """Return the learned drummer in a file.

    Raises:
        WeightsError: the file is missing, damaged, or not a drummer of this version.
    """
    from engines.drummer.network import (  # noqa: PLC0415 - listing engines must not load it
        Network,
    )

    return Network(path)


class Library:
    """Lend interpreters and the drummer, each read once from a folder of weights.

    Args:
        folder: where the files are.
    """

    def __init__(self, folder: Path = FOLDER) -> None:
        self.folder = folder
        self._lent: dict[Weights, Interpreter | WeightsError] = {}
        self._drummer: DrumNetwork | WeightsError | None = None
        self._lock = Lock()

    def installed(self) -> list[Weights]:
        """Return the names of the weights that there are files of."""
        return [name for name in NAMES if self._path(name).is_file()]

    def lend(self, name: Weights) -> Interpreter:
        """Return the interpreter of that name; may be called from any thread.

        Raises:
            WeightsError: it cannot be loaded; the same at each call.
        """
        with self._lock:
            if name not in self._lent:
                self._lent[name] = self._load(name)
            found = self._lent[name]
        if isinstance(found, WeightsError):
            raise found
        return found

    def lend_or_warn(self, name: Weights) -> Interpreter | None:
        """Return the interpreter, or None if it is the default one and cannot be loaded.

        That is logged as a warning, once.

        Raises:
            WeightsError: another one was asked for, and cannot be loaded.
        """
        try:
            return self.lend(name)
        except WeightsError as error:
            if name != DEFAULT:
                raise WeightsError(f"weights is {name}, and {error}") from error
            _warn(_by_rules(error))
            return None

    def lend_drummer(self) -> "DrumNetwork":
        """Return the learned drummer; may be called from any thread.

        Raises:
            WeightsError: it cannot be loaded; the same at each call.
        """
        with self._lock:
            if self._drummer is None:
                self._drummer = self._load_drummer()
        if isinstance(self._drummer, WeightsError):
            raise self._drummer
        return self._drummer

    def lend_drummer_or_warn(self) -> "DrumNetwork | None":
        """Return the learned drummer, or None if it cannot be loaded, which is logged once."""
        try:
            return self.lend_drummer()
        except WeightsError as error:
            _warn(_drums_by_rules(error))
            return None

    def lack(self) -> list[str]:
        """Say which default weights cannot be played and why, as far as is known.

        Nothing is loaded for it: a damaged file is known once somebody has tried to.
        """
        return [
            say(lent if isinstance(lent, WeightsError) else MissingWeightsError(path))
            for path, lent, say in (
                (self._path(DEFAULT), self._lent.get(DEFAULT), _by_rules),
                (self._path(DRUMS), self._drummer, _drums_by_rules),
            )
            if isinstance(lent, WeightsError) or not (lent or path.is_file())
        ]

    def _path(self, name: str) -> Path:
        return self.folder / f"{name}.onnx"

    def _load(self, name: Weights) -> Interpreter | WeightsError:
        path = self._path(name)
        try:
            player = network(path)
            if (found := player.card.get("weights")) != name:
                return WeightsError(f"{path} holds the weights {found!r}, allowed are {name!r}")
            return Interpreter(player)
        except WeightsError as error:
            return error

    def _load_drummer(self) -> "DrumNetwork | WeightsError":
        try:
            return drum_network(self._path(DRUMS))
        except WeightsError as error:
            return error


def _by_rules(error: WeightsError) -> str:
    return f"the learned engines play by rules: {error}; install yuragi again"


def _drums_by_rules(error: WeightsError) -> str:
    return f"drums are played by rules: {error}; install yuragi again"


@cache
def _warn(sentence: str) -> None:
    log.warning("%s", sentence)


SHIPPED = Library()
"""The weights that come with the program."""
