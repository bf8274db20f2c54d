"""Remember which plug-ins crashed or hung, so that they are not loaded until they are allowed."""

import os
from hashlib import sha256
from pathlib import Path

import msgspec

from bridge.error import BridgeError
from bridge.home import expanded, home
from bridge.sound.bundle import BUILT_IN, printable, stamp
from bridge.write_whole import write_whole

FOLDER = "set_aside"
"""The folder in `bridge.home`; a file for each plug-in, so processes do not undo each other's."""


class Entry(msgspec.Struct, frozen=True):
    """Tell which plug-in is set aside, why, and how it was then."""

    path: str
    why: str
    stamp: str


class SetAside:
    """Look up plug-ins that are set aside, by path; other spellings of a path mean the same one.

    One that was installed anew since is another one.

    Args:
        folder: where they are remembered; None takes that of the user.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = home() / FOLDER if folder is None else folder

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All that are set aside now, by path."""
        files = self._folder.glob("*.json") if self._folder.is_dir() else ()
        found = [entry for file in files if (entry := _read(file)) is not None]
        return tuple(sorted(found, key=lambda entry: entry.path))

    def add(self, path: str | Path, why: str) -> None:
        """Set a plug-in aside; `why` goes on after its name: "crashed as it was loaded".

        Raises:
            BridgeError: it cannot be written down.
        """
        name = _whole(path)
        entry = Entry(name, why, stamp(Path(name)))
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BridgeError(f"{self._folder} cannot be made: {error.strerror}") from error
        write_whole(self._file(path), msgspec.json.encode(entry), overwrite=True)

    def allow(self, path: str | Path) -> bool:
        """Let a plug-in be loaded again, and return whether it was set aside."""
        file = self._file(path)
        known = file.exists()
        file.unlink(missing_ok=True)
        return known

    def why(self, path: str | Path) -> str | None:
        """Return why a plug-in is set aside, or None if it is not."""
        entry = _read(self._file(path))
        return None if entry is None else entry.why

    def _file(self, path: str | Path) -> Path:
        name = sha256(_whole(path).encode(errors="surrogateescape")).hexdigest()
        return self._folder / f"{name[:32]}.json"


def _whole(path: str | Path) -> str:
    """Return the one spelling of a path."""
    if str(path).startswith(BUILT_IN):
        return str(path)
    whole = os.path.realpath(expanded(path))
    return whole if printable(whole) == whole else str(expanded(path).absolute())


def _read(file: Path) -> Entry | None:
    """Return what a file says, None if it says nothing of a plug-in as it is now."""
    try:
        entry = msgspec.json.decode(file.read_bytes(), type=Entry)
    except (OSError, msgspec.DecodeError):
        return None
    return entry if entry.stamp == stamp(Path(entry.path)) else None
