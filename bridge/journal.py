"""Keep a journal of every request and reply; `bridge.replay` reads it.

A journal is a stream of msgpack maps in one file: a heading, then entries. Every entry is handed to
the system whole before anything else is done, so a journal survives the end of the server at any
moment, but for the entry being written.
"""

import logging
import os
import time
from contextlib import suppress
from io import BufferedWriter
from itertools import count
from pathlib import Path
from typing import Final, Literal

import msgspec

from bridge.error import BridgeError
from bridge.lanes import Job
from bridge.message import Out
from bridge.protocol import encode
from engines.stage import Stage

log = logging.getLogger(__name__)

JOURNAL: Final = 1
"""The version of the format."""


class Heading(msgspec.Struct, frozen=True):
    """Begin a journal: the format's version, the program's, and the Unix time."""

    journal: Literal[1]
    version: str
    at_s: float


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """Hold a frame that came or went, and the Unix time.

    The entry of a request that was accepted also has what the server filled in.
    """

    kind: Literal["request", "reply"]
    at_s: float
    peer: bytes
    frame: bytes
    seed: int | None = None
    stages: tuple[Stage, ...] = ()


class Journal:
    """Append to a new journal in a folder.

    Args:
        folder: made if it does not exist.
        version: the program's version.

    Raises:
        BridgeError: the folder or the file cannot be made.
    """

    def __init__(self, folder: Path, version: str) -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = _create(folder)
        except OSError as error:
            raise BridgeError(f"journal cannot be kept in {folder}: {error.strerror}") from error
        self._append(Heading(JOURNAL, version, time.time()))

    def request(self, peer: bytes, frame: bytes, job: Job | None) -> None:
        """Append a frame that came, with what was filled in if it was accepted."""
        if job is None:
            self._append(Entry("request", time.time(), peer, frame))
            return
        filled = (job.request.seed, job.request.stages)
        self._append(Entry("request", time.time(), peer, frame, *filled))

    def reply(self, out: Out) -> None:
        """Append a frame that is sent."""
        self._append(Entry("reply", time.time(), out.peer, out.frame))

    def close(self) -> None:
        """Close the file."""
        with suppress(OSError):  # what could not be written has been told
            self._file.close()

    def _append(self, entry: Heading | Entry) -> None:
        """Write an entry; a full disk ends the journal, not the server."""
        if self._file.closed:
            return
        try:
            self._file.write(encode(entry))
            self._file.flush()
        except OSError as error:
            log.error("the journal ends here: %s", error.strerror)  # noqa: TRY400 - no traceback
            self.close()


def _create(folder: Path) -> BufferedWriter:
    """Create a file of a new name that only its owner may read."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    for number in count():
        path = folder / f"{stamp}-{os.getpid()}-{number}.journal"
        with suppress(FileExistsError):
            file = path.open("xb")
            path.chmod(0o600)
            return file
    raise AssertionError("count() has no end")
