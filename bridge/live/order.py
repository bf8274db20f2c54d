"""Define what a gig is told and what it answers: one frame each, in order.

A frame is its length in 4 bytes, big-endian, and a msgpack map told apart by its key `op`. An order
has a number, `ordinal`, which its answer repeats; what is said in between has 0.
"""

import struct
from typing import Any, BinaryIO

import msgspec

from bridge.error import BridgeError
from bridge.gig_protocol import Ports, State, What
from bridge.live.sheet import Sheet
from bridge.message import Code
from engines.clip import Clip
from engines.column import from_wire, to_wire
from engines.stage import Stage

LENGTH = struct.Struct(">I")

UNASKED = 0
"""The number of what answers no order."""


class BusyError(BridgeError):
    """Report that something is under way of which there can be only one."""


class Order(msgspec.Struct, frozen=True, kw_only=True, tag_field="op", tag=str.lower):
    """Be the root of what a gig is told. Each is answered by `Done`, `Standing` or `Refused`."""

    ordinal: int = UNASKED


class Open(Order, frozen=True):
    """Open ports, first of all."""

    ports: Ports


class Choose(Order, frozen=True, kw_only=True):
    """Play through another chain from now on."""

    name: str
    stages: tuple[Stage, ...]
    seed: int = 0


class Turn(Order, frozen=True, kw_only=True):
    """Give a stage of the chain, by index or by name, other values for some options."""

    stage: int | str
    options: dict[str, Any]


class Learn(Order, frozen=True, kw_only=True):
    """Bind an option to the next controller that moves."""

    stage: int | str
    option: str


class Play(Order, frozen=True, kw_only=True):
    """Play a score so many times, for ever by default, from the next bar line of the clock on."""

    score: Sheet
    loops: int | None = None


class Swap(Order, frozen=True):
    """Go on with another score at the next bar line."""

    score: Sheet


class Stop(Order, frozen=True):
    """Play the score no more."""


class Respond(Order, frozen=True, kw_only=True):
    """Answer what is played from now on: hand phrases on as `Called`, and play what is `Answered`.

    `bars` is how long phrases are, nil for until the player rests; `channel` is on which to answer,
    nil for that of the player; `seed` names how a phrase varies that comes back.
    """

    bars: int | None = None
    channel: int | None = None
    seed: int = 0


class Answered(Order, frozen=True):
    """Bring the answer to a call; one that comes too late is dropped."""

    number: int
    clip: Clip


class Record(Order, frozen=True, kw_only=True):
    """Record a take for a MIDI file, with a journal in a folder that is made if need be."""

    folder: str
    output: str
    what: What = "heard"
    overwrite: bool = False


class Finish(Order, frozen=True):
    """End the take, and tell what became of it."""


class Panic(Order, frozen=True):
    """End all that sounds, and all that waits to."""


class Ask(Order, frozen=True):
    """Ask how things stand; answered by `Standing`."""


class Leave(Order, frozen=True):
    """End all that sounds, and go."""


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag_field="op", tag=str.lower):
    """Be the root of what a gig says."""

    ordinal: int = UNASKED


class Done(Answer, frozen=True):
    """Say that an order is carried out."""


class Refused(Answer, frozen=True):
    """Say why an order cannot be carried out, and which field of it is at fault."""

    message: str
    code: Code
    field: str = ""


class Told(Answer, frozen=True):
    """Tell the player something, in between."""

    sentence: str


class Called(Answer, frozen=True):
    """Ask for the answer to a phrase within so many seconds, in between."""

    number: int
    clip: Clip
    within_s: float


class Sign(Answer, frozen=True):
    """Say, in between, what must be known of a process that dies: who hears it, and who plays.

    `joined` are the ports that its output plays to in `system`, as far as is known; `notes_in` is
    how many notes were heard.
    """

    system: str
    joined: tuple[str, ...]
    notes_in: int


class Standing(Answer, frozen=True):
    """Say how things stand."""

    state: State


Change = Choose | Turn | Learn | Play | Swap | Stop | Respond | Answered | Record | Finish | Panic
AnyOrder = Open | Change | Ask | Leave
AnyAnswer = Done | Refused | Told | Called | Sign | Standing


def encode(message: msgspec.Struct) -> bytes:
    """Return the frame of a message."""
    body = msgspec.msgpack.encode(message, enc_hook=to_wire)
    return LENGTH.pack(len(body)) + body


def read(stream: BinaryIO, kind: Any) -> Any:
    """Return the next message of a kind from a stream, or None at its end.

    Raises:
        msgspec.DecodeError: it is no such message.
    """
    head = _exactly(stream, LENGTH.size)
    if head is None:
        return None
    (length,) = LENGTH.unpack(head)
    body = _exactly(stream, length)
    return None if body is None else msgspec.msgpack.decode(body, type=kind, dec_hook=from_wire)


def _exactly(stream: BinaryIO, size: int) -> bytes | None:
    """Return so many bytes of a stream, or None if it ends before."""
    found = bytearray()
    while len(found) < size:
        some = stream.read(size - len(found))
        if not some:
            return None
        found += some
    return bytes(found)
