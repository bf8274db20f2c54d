"""Keep what scans found, for as long as the files and the program that scans are the same."""

import logging
from contextlib import suppress
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import msgspec

from bridge.error import BridgeError
from bridge.home import home
from bridge.sound.bundle import stamp
from bridge.sound_protocol import Description
from bridge.write_whole import write_whole

log = logging.getLogger(__name__)

FOLDER = "plugins"
"""The folder in `bridge.home`; a file for each file of plug-ins, so scans go side by side."""


class Found(msgspec.Struct, frozen=True):
    """Be what was in a file when it was as `stamp` says, by the scanner of a version."""

    path: str
    stamp: str
    scanner: str
    plugins: tuple[Description, ...]


class Findings:
    """Keep descriptions by the path of their file.

    Args:
        folder: where they are kept; None takes that of the user.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = home() / FOLDER if folder is None else folder
        self._read: dict[str, Found] = {}

    def recall(self, path: str) -> tuple[Description, ...] | None:
        """Return what was found in a file if it is as it was then, else None."""
        now = (path, stamp(Path(path)), scanner_version())
        if (known := self._read.get(path)) is not None and _is(known, now):
            return known.plugins
        found = _read(self._file(path))
        if found is None or not _is(found, now):
            return None
        self._read[path] = found
        return found.plugins

    def names(self, path: str) -> tuple[str, ...]:
        """Return what the plug-ins in a file were called when it was last looked into."""
        found = self._read.get(path) or _read(self._file(path))
        if found is None or found.path != path:
            return ()
        self._read[path] = found
        return tuple(one.name for one in found.plugins)

    def keep(self, path: str, plugins: tuple[Description, ...]) -> None:
        """Remember what is in a file; where the disk takes no more, for as long as this lives."""
        found = Found(path, stamp(Path(path)), scanner_version(), plugins)
        self._read[path] = found
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._file(path), msgspec.json.encode(found), overwrite=True)
        except (BridgeError, OSError) as error:
            log.warning("what was found in %s is not remembered: %s", path, error)

    def forget(self, path: str) -> None:
        """Remember nothing of a file."""
        self._read.pop(path, None)
        with suppress(OSError):  # what cannot be forgotten could not be remembered either
            self._file(path).unlink()

    def _file(self, path: str) -> Path:
        name = sha256(path.encode(errors="surrogateescape")).hexdigest()
        return self._folder / f"{name[:32]}.json"


def scanner_version() -> str:
    """Return which program scans, or nothing if it is not installed."""
    try:
        return _scanner_version()
    except PackageNotFoundError:
        return ""


@cache
def _scanner_version() -> str:
    return f"yuragi {version('yuragi')}, pedalboard {version('pedalboard')}"


def _is(found: Found, now: tuple[str, str, str]) -> bool:
    return (found.path, found.stamp, found.scanner) == now


def _read(file: Path) -> Found | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Found)
    except (OSError, msgspec.DecodeError):
        return None
