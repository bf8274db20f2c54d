"""Remember how the server is started, so that a Live device can start it by itself."""

import logging
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from bridge.error import BridgeError
from bridge.home import home
from bridge.write_whole import write_whole

log = logging.getLogger(__name__)


class Launch(msgspec.Struct, frozen=True):
    """Say what starts the program of a version; a sub-command such as `serve` is to follow."""

    command: Annotated[tuple[str, ...], Meta(min_length=1)]
    version: str


def launch_path() -> Path:
    """Return where it is written down what started the server last; it need not exist."""
    return home() / "server.json"


def present_launch() -> Launch:
    """Return what starts this very program, from any folder."""
    return Launch((sys.executable, "-m", "bridge.command"), version("yuragi"))


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
    """Return what started the server last, or None if none was started yet.

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
