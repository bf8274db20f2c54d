"""Write a file whole or not at all."""

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
    with whole_file(path, overwrite=overwrite) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path, *, overwrite: bool = False) -> Iterator[BinaryIO]:
    """Yield a file beside `path`, or beside the target of a link, that takes its place at the end.

    When the context is left by an error, nothing is left of it.

    Raises:
        ExistingFileError: the file is there and `overwrite` is off.
        BridgeError: the system refuses.
    """
    try:
        refuse_existing(path, overwrite=overwrite)
        target = Path(os.path.realpath(path))  # resolve() raises RuntimeError at a ring of links
        draft = target.with_name(f".{secrets.token_hex(8)}.tmp")
        try:
            with draft.open("x+b") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, draft)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BridgeError(f"{path} cannot be written: {reason}") from error


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Do nothing if the file may be written.

    Raises:
        ExistingFileError: the file is there and `overwrite` is off.
    """
    if path.exists() and not path.is_file():
        raise BridgeError(f"{path} is no file, allowed are files and new names")
    if path.exists() and not overwrite:
        raise ExistingFileError(f"{path} is there already, allowed is a new name")
