"""Write files whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bridge.error import BridgeError


class ExistingFileError(BridgeError):
    """Report a file that must not be replaced unasked."""


def write_whole(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write a file that is there at once and whole.

    Raises:
        ExistingFileError: the file is there and `overwrite` is off.
        BridgeError: the system refuses.
    """
    with drafts(overwrite=overwrite) as written, written.file(path) as file:
        file.write(content)


class Drafts:
    """Write files beside the places that they take together: see `drafts`."""

    def __init__(self, *, overwrite: bool) -> None:
        self._overwrite = overwrite
        self._drafts: dict[Path, Path] = {}

    @contextmanager
    def file(self, path: Path) -> Iterator[BinaryIO]:
        """Yield a file beside `path`, or beside the target of a link; it is on disk at the end.

        Raises:
            ExistingFileError: the file is there and `overwrite` is off.
            BridgeError: the system refuses.
        """
        refuse_existing(path, overwrite=self._overwrite)
        try:
            draft = _target(path).with_name(f".{secrets.token_hex(8)}.tmp")
            file = draft.open("x+b")
        except (OSError, ValueError) as error:  # the latter is of a name that no system takes
            raise _refusal(path, error) from error
        self._drafts[path] = draft
        try:
            with file:
                yield file
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise _refusal(path, error) from error

    def place(self) -> None:
        """Put all files in their places.

        Raises:
            ExistingFileError: a file has come to be there and `overwrite` is off.
            BridgeError: the system refuses.
        """
        for path in self._drafts:
            refuse_existing(path, overwrite=self._overwrite)
        for path, draft in self._drafts.items():
            try:
                target = _target(path)
                if target.exists():
                    shutil.copymode(target, draft)
                draft.replace(target)
            except OSError as error:
                raise _refusal(path, error) from error

    def remove(self) -> None:
        """Remove what has taken no place."""
        for draft in self._drafts.values():
            draft.unlink(missing_ok=True)


@contextmanager
def drafts(*, overwrite: bool = False) -> Iterator[Drafts]:
    """Yield what writes files, which take their places when the context is left without an error.

    By then all are on disk, and every place was looked at again; only a system that refuses one of
    the places after that leaves the files before it where they are to be, and the rest not.

    Raises:
        ExistingFileError: a file is there and `overwrite` is off.
        BridgeError: the system refuses.
    """
    written = Drafts(overwrite=overwrite)
    try:
        yield written
        written.place()
    finally:
        written.remove()


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Do nothing if the file may be written.

    Raises:
        ExistingFileError: the file is there and `overwrite` is off.
        BridgeError: it is no file, or the system does not say.
    """
    try:
        is_there, is_file = path.exists(), path.is_file()
    except OSError as error:
        raise _refusal(path, error) from error
    if is_there and not is_file:
        raise BridgeError(f"{path} is no file, allowed are files and new names")
    if is_there and not overwrite:
        raise ExistingFileError(f"{path} is there already, allowed is a new name")


def _target(path: Path) -> Path:
    return Path(os.path.realpath(path))  # resolve() raises RuntimeError at a ring of links


def _refusal(path: Path, error: Exception) -> BridgeError:
    reason = getattr(error, "strerror", None) or str(error)
    return BridgeError(f"{path} cannot be written: {reason}")
