"""Keep a take in a journal while it is played, so that no crash takes a note of it.

A journal is the line `MAGIC` and then records: the size of what follows and its CRC-32, as two
little-endian numbers of four bytes, then a byte for the kind, one for the port, a time in seconds
as a little-endian double, and what the kind says:

    0  head    a JSON object, once, at the beginning
    1  event   a MIDI message, heard at the port
    2  beat    the song's position in beats at that time, as a double
    3  jump    the same, where the song was taken up anew
    4  end     nothing: the take was closed

Each batch is handed to the system in one write before anything else is done, so the end of the
program at any moment costs nothing; a loss of power costs what came since the last `sync`.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from bridge.error import BridgeError
from engines.live.engine import NEVER

MAGIC = b"yuragi take 1\n"

FRAME, RECORD = struct.Struct("<II"), struct.Struct("<BBd")
POSITION = struct.Struct("<d")

HEAD, EVENT, BEAT, JUMP, END = range(5)
"""Kinds of records."""

LARGEST = 2**26
"""No record is longer: a sysex of 64 MiB takes six hours over a MIDI cable."""

SYNC_S = 1.0
"""So often at most the disk is waited for. Source: the journal's promise."""


class Head(msgspec.Struct, frozen=True):
    """Say of a take what is known when it begins.

    Attributes:
        version: the program's.
        began_s: Unix time.
        start_s: the same moment by the clock of the ports.
        ports: what each port is called, in the order of their numbers.
        song: whether beat 0 is a song's beginning, and not just where counting began.
        bar: length of a bar in beats.
        output: the MIDI file that the take is for; without one, it lies beside the journal.
        overwrite: whether that may be replaced.
    """

    version: str
    began_s: float
    start_s: float
    ports: Annotated[tuple[str, ...], Meta(max_length=256)] = ("",)
    song: bool = False
    bar: Annotated[float, Meta(gt=0, le=1024)] = 4.0
    output: str = ""
    overwrite: bool = False


class Heard(msgspec.Struct, frozen=True):
    """Be a message that came, and the number of the port at which it did."""

    time_s: float
    port: int
    data: bytes


class Mark(msgspec.Struct, frozen=True):
    """Say where the song was at a time, and whether it was taken up there anew."""

    time_s: float
    beat: float
    jump: bool = False


class Take(msgspec.Struct, frozen=True):
    """Be what a journal holds.

    Attributes:
        closed_s: when the take was closed; None if it never was.
        torn: bytes at the journal's end that are no whole record.
    """

    head: Head
    heard: tuple[Heard, ...] = ()
    marks: tuple[Mark, ...] = ()
    closed_s: float | None = None
    torn: int = 0


class TakeJournal:
    """Write a new journal.

    Args:
        path: where; the file must not be there.
        head: what is known of the take.

    Raises:
        BridgeError: the file cannot be made or, in any method, written.
    """

    def __init__(self, path: Path, head: Head) -> None:
        self.path = path
        self.due_s = NEVER
        """When `wake` wants to be called."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | getattr(os, "O_BINARY", 0)
        try:
            self._file = os.open(path, flags, 0o600)
        except OSError as error:
            raise BridgeError(f"{path} cannot be written: {error.strerror}") from error
        _lock(self._file)
        self._size = 0
        self._write(MAGIC + _record(HEAD, 0, head.start_s, msgspec.json.encode(head)))
        self._sync()

    def keep(self, batch: Iterable[Heard | Mark]) -> None:
        """Keep what came, in one write; of the song one mark a beat is enough."""
        records = [(item.time_s, _item(item)) for item in batch]
        if records:
            self._write(b"".join(record for _, record in records))
            self.due_s = min(self.due_s, min(time_s for time_s, _ in records) + SYNC_S)

    def wake(self, now_s: float) -> None:
        """Wait until the disk has all; this may take long, so not where notes are waited for."""
        if now_s >= self.due_s:
            self._sync()

    def close(self, now_s: float) -> None:
        """Say that the take is over, and close the file."""
        try:
            self._write(_record(END, 0, now_s, b""))
            self._sync()
        finally:
            os.close(self._file)

    def _write(self, content: bytes) -> None:
        """Write all or, where there is no room, nothing: what comes after a part cannot be read."""
        rest = memoryview(content)
        try:
            while rest:
                rest = rest[os.write(self._file, rest) :]
            self._size += len(content)
        except OSError as error:
            with suppress(OSError):
                os.ftruncate(self._file, self._size)
            raise BridgeError(f"{self.path} cannot be written: {error.strerror}") from error

    def _sync(self) -> None:
        self.due_s = NEVER
        with suppress(OSError):  # a pipe or a network share may not know how
            os.fsync(self._file)


def read_take(path: Path) -> Take:
    """Read a journal, whether or not it was closed; a torn end is left out and counted.

    Raises:
        BridgeError: it cannot be read, or is none.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BridgeError(f"{path} cannot be read: {error.strerror}") from error
    if not content.startswith(MAGIC):
        begin = content[: len(MAGIC)]
        raise BridgeError(f"{path} begins with {begin!r}, allowed is {MAGIC!r}: a take's journal")
    records = list(_records(content))
    kept = records[-1][0] if records else len(MAGIC)
    if not records or records[0][1] != HEAD:
        raise BridgeError(
            f"{path} ends before it says what it is, allowed are journals with a head"
        )
    return _take(records, len(content) - kept)


def _take(records: list[tuple[int, int, int, float, bytes]], torn: int) -> Take:
    heard, marks, closed_s = [], [], None
    for _, kind, port, time_s, rest in records:
        if kind == EVENT:
            heard.append(Heard(time_s, port, rest))
        elif kind in {BEAT, JUMP}:
            marks.append(Mark(time_s, POSITION.unpack(rest)[0], kind == JUMP))
        elif kind == END:
            closed_s = time_s
    try:
        head = msgspec.json.decode(records[0][4], type=Head)
    except msgspec.DecodeError as error:
        raise BridgeError(f"a journal's head is {records[0][4]!r}: {error}") from error
    return Take(head, tuple(heard), tuple(marks), closed_s, torn)


def _item(item: Heard | Mark) -> bytes:
    if isinstance(item, Heard):
        return _record(EVENT, item.port, item.time_s, item.data)
    return _record(JUMP if item.jump else BEAT, 0, item.time_s, POSITION.pack(item.beat))


def _record(kind: int, port: int, time_s: float, rest: bytes) -> bytes:
    body = RECORD.pack(kind, port, time_s) + rest
    return FRAME.pack(len(body), zlib.crc32(body)) + body


def _records(content: bytes) -> Iterator[tuple[int, int, int, float, bytes]]:
    """Yield where each whole record ends, its kind, port and time, and what it says."""
    at = len(MAGIC)
    while at + FRAME.size <= len(content):
        size, check = FRAME.unpack_from(content, at)
        body = content[at + FRAME.size : at + FRAME.size + size]
        if not RECORD.size <= size <= LARGEST or len(body) < size or zlib.crc32(body) != check:
            return
        at += FRAME.size + size
        yield at, *RECORD.unpack_from(body), body[RECORD.size :]


def _lock(file: int) -> None:
    """Mark a journal as being written, where the system can; the mark ends with the process."""
    with suppress(ImportError, OSError):
        import fcntl  # noqa: PLC0415 - there is none on Windows

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_written(path: Path) -> bool:
    """Return whether a journal is being written by a process that lives, as far as can be told."""
    try:
        import fcntl  # noqa: PLC0415 - there is none on Windows

        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except ImportError:
        return _is_open(path)
    except OSError:
        return True
    return False


def _is_open(path: Path) -> bool:
    """Return whether somebody has a file open on Windows, which moves none that is, not even here.

    Source: Microsoft, CreateFile, FILE_SHARE_DELETE.
    """
    try:
        path.replace(path)
    except OSError:
        return True
    return False
