"""Write a file whole or not at all."""

import os
import secrets
import shutil
from pathlib import Path

from bridge.error import BridgeError


class ExistingFileError(BridgeError):
    """Report a file that must not be replaced unasked."""


def write_whole(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write beside the file, or beside the target of a link, and put it in its place at the end.

    Raises:
        ExistingFileError: the file is there and `overwrite` is off.
        BridgeError: the system refuses.
    """
    try:
        refuse_existing(path, overwrite=overwrite)
        target = Path(os.path.realpath(path))  # resolve() raises RuntimeError at a ring of links
        draft = target.with_name(f".{secrets.token_hex(8)}.tmp")
        try:
            _write(draft, content)
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


def _write(draft: Path, content: bytes) -> None:
    with draft.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
