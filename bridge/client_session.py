"""Run the client's side of the protocol without a socket: ids, resending, who waits for what."""

import logging
import os
from collections import deque
from typing import Any, TypedDict, TypeVar

import msgspec

from bridge.error import BridgeError, RefusedError, UnreachableError
from bridge.message import Failure, Request
from bridge.protocol import AnyReply, Cancel, Hello, Ping, Render, decode_reply, encode
from bridge.sound_protocol import CHANNELS, Block
from engines.clip import Clip
from engines.stage import Stage
from engines.target import Target

log = logging.getLogger(__name__)

SEED_BYTES = 6
"""A seed that is picked has this many bytes, which leaves room for takes below `MAX_SEED`."""

FRAME_BYTES = 4 * CHANNELS
"""A frame of sound is a 32-bit float for each channel."""

Answer = TypeVar("Answer", bound=AnyReply)


class Wishes(TypedDict, total=False):
    """Be the fields of `Render` that a caller may leave out."""

    preset: str
    stages: tuple[Stage, ...]
    amount: float
    amounts: dict[str, float]
    options: dict[str, Any]
    seed: int | None
    takes: int
    target: Target
    slot: str
    deadline_ms: float | None


class ClientSession:
    """Number requests, remember those that are not answered, and sort the replies.

    Attributes:
        outbox: frames to send, in order; the owner empties it while there is a connection.
    """

    def __init__(self) -> None:
        self.outbox: deque[bytes] = deque()
        self._unanswered: dict[int, bytes] = {}
        self._heard: dict[tuple[int | None, int | None], int] = {}
        self._next_id = 0

    def hello(self) -> int:
        """Ask who is there; return the request's id, as the other methods do."""
        return self._ask(Hello(self._number(), client="yuragi python"))

    def ping(self) -> int:
        """Ask whether the server is alive."""
        return self._ask(Ping(self._number()))

    def cancel(self, request: int) -> None:
        """Ask to stop another request; nobody waits for what comes of it."""
        self.outbox.append(encode(Cancel(self._number(), request=request)))

    def render(self, clips: tuple[Clip, ...], wishes: Wishes) -> int:
        """Ask for takes. A seed is picked here if none is given, so that asking again is safe."""
        fields: dict[str, Any] = {**wishes}
        if fields.get("seed") is None:
            fields["seed"] = int.from_bytes(os.urandom(SEED_BYTES))
        return self._ask(Render(self._number(), clips=clips, progress=True, **fields))

    def ask(self, kind: type[Request], fields: dict[str, Any]) -> int:
        """Ask something of a gig, or about sound."""
        return self._ask(kind(self._number(), **fields))

    def forget(self, request: int) -> None:
        """Expect no reply any more."""
        self._unanswered.pop(request, None)
        for key in [key for key in self._heard if key[0] == request]:
            del self._heard[key]

    def connected(self) -> None:
        """Note a new connection: whatever is not answered is asked again."""
        self.outbox = deque(self._unanswered.values())

    def receive(self, frame: bytes) -> AnyReply | None:
        """Return the reply in a frame, or None if nobody waits for it.

        Sound that is made again for a new connection goes on where it was.

        Raises:
            BridgeError: the server sent a frame that is no reply.
        """
        try:
            reply = decode_reply(frame)
        except (msgspec.DecodeError, ValueError) as error:
            raise BridgeError(f"the server sent a frame that is no reply: {error}") from error
        if isinstance(reply, Failure) and reply.id is None:
            log.error("the server could not read a frame of ours: %s", reply.message)
        if reply.id not in self._unanswered:
            return None
        return self._unheard(reply) if isinstance(reply, Block) else reply

    @staticmethod
    def expected(reply: AnyReply, kind: type[Answer]) -> Answer:
        """Return the reply if it is of the kind asked for.

        Raises:
            RefusedError: it is a failure.
            UnreachableError: it is of another kind, so this is no server of ours.
        """
        if isinstance(reply, Failure):
            raise RefusedError(reply)
        if not isinstance(reply, kind):
            what = f"the server answered {type(reply).__name__}, expected {kind.__name__}"
            raise UnreachableError(what)
        return reply

    def _unheard(self, block: Block) -> Block | None:
        """Return of a block what did not come before, None if there is nothing."""
        key = (block.id, block.track)
        begin = max(self._heard.get(key, 0), block.start)
        audio = block.audio[(begin - block.start) * FRAME_BYTES :]
        if not audio:
            return None
        self._heard[key] = begin + len(audio) // FRAME_BYTES
        return msgspec.structs.replace(block, start=begin, audio=audio)

    def _number(self) -> int:
        self._next_id += 1
        return self._next_id

    def _ask(self, request: Request) -> int:
        frame = encode(request)
        self._unanswered[request.id] = frame
        self.outbox.append(frame)
        return request.id
