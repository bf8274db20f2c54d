"""Write a file whole or not at all."""

import os
import tempfile
from pathlib import Path

from bridge.error import BridgeError


def write_whole(path: Path, content: bytes, *, overwrite: bool = False) -> None:
    """Write `content` to `path` by way of a temporary file beside it.

    Raises:
        BridgeError: the file is there and `overwrite` is off, or the system refuses.
    """
    if path.exists() and not overwrite:
        raise BridgeError(f"{path} is there already; add --overwrite to replace it")
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent or ".")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
        temporary = None
    except OSError as error:
        raise BridgeError(f"{path} cannot be written: {error.strerror}") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)
