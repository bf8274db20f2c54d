"""Remember how the server is started, so that a Live device can start it by itself."""

import logging
import sys
from importlib.metadata import version
from pathlib import Path
from shutil import which
from typing import Annotated

import msgspec
from msgspec import Meta

from bridge.address import DEFAULT_ADDRESS
from bridge.error import BridgeError
from bridge.home import home
from bridge.write_whole import write_whole

log = logging.getLogger(__name__)


class Launch(msgspec.Struct, frozen=True):
    """Say what starts the program of a version; a sub-command such as `serve` is to follow."""

    command: Annotated[tuple[str, ...], Meta(min_length=1)]
    version: str

    def is_there(self) -> bool:
        """Return whether the program can still be found."""
        return which(self.command[0]) is not None


def launch_path() -> Path:
    """Return where it is written down what starts the server; it need not exist."""
    return home() / "server.json"


def present_launch() -> Launch:
    """Return what starts this very program, from any folder."""
    # -P: what lies in the folder where it is started shall not be taken for ours
    return Launch((sys.executable, "-P", "-m", "bridge.command"), version("yuragi"))


def leave_word(address: str) -> None:
    """Remember how the server at an address was started, if devices are to start it that way.

    They look for it at the default address. A server elsewhere may be one of a test, or of an
    environment that is soon gone: it leaves word only where no program that is still there has.
    """
    if address == DEFAULT_ADDRESS or not _is_known():
        remember_launch()


def remember_launch() -> None:
    """Write it down if it differs from what is there; whatever is in the way is only logged."""
    path = launch_path()
    content = msgspec.json.format(msgspec.json.encode(present_launch())) + b"\n"
    try:
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content, overwrite=True)
    except (BridgeError, OSError, ValueError) as error:
        log.debug("%s is not remembered: %s", path, error)


def remembered_launch() -> Launch | None:
    """Return what starts the server, or None if none has left word yet.

    Raises:
        BridgeError: the file cannot be read.
    """
    path = launch_path()
    try:
        return msgspec.json.decode(path.read_bytes(), type=Launch)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise BridgeError(f"{path} cannot be read: {error}") from error


def _is_known() -> bool:
    try:
        launch = remembered_launch()
    except BridgeError:
        return False
    return launch is not None and launch.is_there()
