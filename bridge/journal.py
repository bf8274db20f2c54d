"""Keep a journal of every request and reply, and render it again.

A journal is a stream of msgpack maps in one file. The first is the heading: `journal` (its
version), `version` (the program's), `at_s`. Each of the others is an entry with `kind` ("request"
or "reply"), `at_s` (Unix time), `peer` and `frame`. The entry of a request that was accepted also
has what the server filled in: `seed` and `stages`. Every entry is handed to the system in one
write, so a journal survives the end of the server at any moment, but for the entry being written.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgpack
import msgspec

from bridge.error import BridgeError
from bridge.lanes import Job
from bridge.protocol import Render, Rendered, decode_reply, decode_request, encode
from bridge.session import Out
from bridge.work import Done, render
from engines.stage import Stage

JOURNAL = 1
"""The version of the format."""


class Journal:
    """Append to a new journal in a folder.

    Args:
        folder: made if it does not exist.
        version: the program's version.

    Raises:
        BridgeError: the folder or the file cannot be made.
    """

    def __init__(self, folder: Path, version: str) -> None:
        stamp = time.strftime("%Y%m%d-%H%M%S")
        self.path = folder / f"{stamp}-{os.getpid()}.journal"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise BridgeError(f"journal cannot be kept in {folder}: {error.strerror}") from error
        self._append({"journal": JOURNAL, "version": version, "at_s": time.time()})

    def request(self, peer: bytes, frame: bytes, job: Job | None) -> None:
        """Append a frame that came, with what was filled in if it was accepted."""
        entry = {"kind": "request", "at_s": time.time(), "peer": peer, "frame": frame}
        if job is not None:
            stages = msgspec.to_builtins(job.request.stages)
            entry |= {"seed": job.request.seed, "stages": stages}
        self._append(entry)

    def reply(self, out: Out) -> None:
        """Append a frame that is sent."""
        self._append({"kind": "reply", "at_s": time.time(), "peer": out.peer, "frame": out.frame})

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)

    def _append(self, entry: dict[str, Any]) -> None:
        os.write(self._file, msgpack.packb(entry))


class Verdict(NamedTuple):
    """Tell how one accepted request came out again.

    `same` is None where the journal has no rendered reply to compare with.
    """

    request: Render
    same: bool | None


class Replay:
    """Render the accepted requests of a journal again.

    Attributes:
        version: the program's version that wrote the journal.
        whole_bytes: how much of the file is whole entries.

    Raises:
        BridgeError: the file is no journal.
    """

    def __init__(self, path: Path) -> None:
        try:
            entries, self.whole_bytes = _read(path)
        except OSError as error:
            raise BridgeError(f"{path} cannot be read: {error.strerror}") from error
        if not entries or entries[0].get("journal") != JOURNAL:
            raise BridgeError(
                f"{path} is no journal, allowed are files from yuragi serve --journal"
            )
        self.version = str(entries[0].get("version"))
        self._entries = entries[1:]

    def verdicts(self) -> Iterator[Verdict]:
        """Yield a verdict for each accepted request, in order."""
        replies = self._replies()
        for index, entry in enumerate(self._entries):
            if entry.get("kind") == "request" and "seed" in entry:
                request = _restored(entry)
                yield Verdict(request, _compare(request, replies.get(index)))

    def __len__(self) -> int:
        """Return how many requests were accepted."""
        return sum("seed" in entry for entry in self._entries)

    def _replies(self) -> dict[int, bytes]:
        """Return the frame that answered the request at each index."""
        asked: dict[tuple[bytes, int], int] = {}
        answers: dict[int, bytes] = {}
        for index, entry in enumerate(self._entries):
            if entry.get("kind") == "request" and "seed" in entry:
                asked[entry["peer"], msgpack.unpackb(entry["frame"])["id"]] = index
            elif entry.get("kind") == "reply":
                reply = msgpack.unpackb(entry["frame"])
                if reply["op"] == "rendered":
                    answers[asked[entry["peer"], reply["id"]]] = entry["frame"]
        return answers


def _read(path: Path) -> tuple[list[dict[str, Any]], int]:
    entries = []
    whole = 0
    with path.open("rb") as file:
        unpacker = msgpack.Unpacker(file, max_buffer_size=0)
        try:
            for entry in unpacker:
                if not isinstance(entry, dict):
                    break
                entries.append(entry)
                whole = unpacker.tell()
        except (ValueError, msgpack.UnpackException):
            pass  # what follows the last whole entry is no msgpack: the caller sees whole_bytes
    return entries, whole


def _restored(entry: dict[str, Any]) -> Render:
    request = decode_request(entry["frame"])
    if not isinstance(request, Render):
        raise BridgeError(f"journal has a seed for {type(request).__name__}, allowed is Render")
    stages = msgspec.convert(entry["stages"], tuple[Stage, ...])
    return msgspec.structs.replace(request, preset="", stages=stages, seed=entry["seed"])


def _compare(request: Render, frame: bytes | None) -> bool | None:
    """Render and compare with the frame that was sent, its timings aside."""
    outcome = render(request)
    if frame is None:
        return None
    reply = decode_reply(frame)
    if not isinstance(outcome, Done) or not isinstance(reply, Rendered):
        return False
    again = Rendered(request.id, takes=outcome.takes, seed=request.seed or 0, timings=reply.timings)
    return encode(again) == frame
