"""Render the requests of a journal again, and compare with the replies that were sent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgpack
import msgspec

from bridge.error import BridgeError
from bridge.journal import Entry, Heading
from bridge.protocol import Render, Rendered, decode_reply, decode_request, encode
from bridge.work import Done, render, rendered


class Verdict(NamedTuple):
    """Tell how one accepted request came out again.

    `same` is None where the journal has no rendered reply to compare with; such a request is not
    rendered.
    """

    request: Render
    same: bool | None


class Replay:
    """Read a journal, as far as it is whole.

    Attributes:
        version: the program's version that wrote the journal.
        whole_bytes: how much of the file is whole entries that can be read.

    Raises:
        BridgeError: the file is no journal.
    """

    def __init__(self, path: Path) -> None:
        maps = _maps(path)
        try:
            first, self.whole_bytes = next(maps)
            heading = msgspec.convert(first, Heading)
        except (StopIteration, msgspec.ValidationError):
            allowed = "files from yuragi serve --journal"
            raise BridgeError(f"{path} is no journal, allowed are {allowed}") from None
        self.version = heading.version
        self._asked: list[tuple[Entry, Render]] = []
        self._answers: dict[int, bytes] = {}
        self._read(maps)

    def __len__(self) -> int:
        """Return how many requests were accepted."""
        return len(self._asked)

    def verdicts(self) -> Iterator[Verdict]:
        """Yield a verdict for each accepted request, in order."""
        for index, (_, request) in enumerate(self._asked):
            frame = self._answers.get(index)
            yield Verdict(request, None if frame is None else _is_same(request, frame))

    def _read(self, maps: Iterator[tuple[Any, int]]) -> None:
        """Take the entries up to the first that cannot be read."""
        newest: dict[tuple[bytes, int], int] = {}
        for raw, end in maps:
            try:
                self._take(msgspec.convert(raw, Entry), newest)
            except (msgspec.DecodeError, KeyError, ValueError):
                return
            self.whole_bytes = end

    def _take(self, entry: Entry, newest: dict[tuple[bytes, int], int]) -> None:
        if entry.kind == "request" and entry.seed is not None:
            request = _filled(entry)
            newest[entry.peer, request.id] = len(self._asked)
            self._asked.append((entry, request))
        elif entry.kind == "reply":
            reply = decode_reply(entry.frame)
            if isinstance(reply, Rendered) and reply.id is not None:
                self._answers[newest[entry.peer, reply.id]] = entry.frame


def _maps(path: Path) -> Iterator[tuple[Any, int]]:
    """Yield what a file holds, piece by piece, and where in it each piece ends, in bytes."""
    try:
        with path.open("rb") as file:
            unpacker = msgpack.Unpacker(file, max_buffer_size=0)
            for piece in unpacker:
                yield piece, unpacker.tell()
    except OSError as error:
        raise BridgeError(f"{path} cannot be read: {error.strerror}") from error
    except (ValueError, msgpack.UnpackException):
        return  # the rest is no msgpack; the reader sees how far the file is whole


def _filled(entry: Entry) -> Render:
    request = decode_request(entry.frame)
    if not isinstance(request, Render):
        raise ValueError(f"a seed for {type(request).__name__}")  # noqa: TRY004 - of a file
    return msgspec.structs.replace(request, preset="", stages=entry.stages, seed=entry.seed)


def _is_same(request: Render, frame: bytes) -> bool:
    """Render and compare with the frame that was sent, its timings aside."""
    outcome, reply = render(request), decode_reply(frame)
    if not isinstance(outcome, Done) or not isinstance(reply, Rendered):
        return False
    return encode(rendered(request, outcome, reply.timings)) == frame
