"""Define the messages of the wire: one msgpack map a frame, told apart by its key `op`.

Every request carries the protocol's version `v` and an `id` of the client's choosing; every reply
repeats that id. docs/protocol.md tells the same to people who write a client in another language.
What is asked of a gig is in `bridge.gig_protocol`, and about sound in `bridge.sound_protocol`.
"""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from bridge.gig_protocol import (
    Choose,
    Finish,
    Learn,
    Leave,
    Open,
    Panic,
    Play,
    Record,
    Respond,
    Stand,
    Standing,
    Stop,
    Swap,
    Turn,
)
from bridge.message import PROTOCOL, Failure, Id, Reply, Request
from bridge.sound_protocol import Block, Bounce, Bounced, Catalogue, Plugins
from engines.clip import Clip
from engines.column import from_wire, to_wire
from engines.stage import Stage
from engines.target import EVERYTHING, Target

MAX_SEED = 2**53 - 1
"""The largest integer that JavaScript holds exactly."""

MAX_TAKES = 64

Amount = Annotated[float, Meta(ge=0, le=2)]


class Hello(Request, frozen=True):
    """Ask who is there and what it can do; answered by `Welcome`."""

    client: Annotated[str, Meta(max_length=128)] = ""


class Ping(Request, frozen=True):
    """Ask whether the server is alive; answered by `Pong`."""


class Cancel(Request, frozen=True, kw_only=True):
    """Ask to stop another request of the same client; answered by `Cancelled`."""

    request: Id


class Render(Request, frozen=True, kw_only=True):
    """Ask for takes of clips that play together, by a preset's name or by stages.

    `amount` multiplies the amount of every stage, and `amounts` those of the engines of a name on
    top: `velocity` is for `rules.velocity` too. `options` holds values for the options of these
    names, in every stage that has them. Without a `seed` the server picks one. `slot` names the
    place that the result is for: the newest request for a slot wins. `deadline_ms` counts from the
    arrival. With `progress`, `Progress` messages come before the answer `Rendered`.
    """

    clips: Annotated[tuple[Clip, ...], Meta(min_length=1, max_length=256)]
    preset: Annotated[str, Meta(max_length=128)] = ""
    stages: Annotated[tuple[Stage, ...], Meta(max_length=32)] = ()
    amount: Amount = 1.0
    amounts: dict[Annotated[str, Meta(max_length=64)], Amount] = {}
    options: dict[str, Any] = {}
    seed: Annotated[int, Meta(ge=0, le=MAX_SEED)] | None = None
    takes: Annotated[int, Meta(ge=1, le=MAX_TAKES)] = 1
    target: Target = EVERYTHING
    slot: Annotated[str, Meta(max_length=128)] = ""
    deadline_ms: Annotated[float, Meta(gt=0, le=86_400_000)] | None = None
    progress: bool = False


class Limits(msgspec.Struct, frozen=True):
    """State what this server accepts."""

    frame_bytes: int = 16 * 2**20
    notes: int = 100_000
    beats: int = 1_000_000
    waiting: int = 1_024


class Welcome(Reply, frozen=True, kw_only=True):
    """Answer `Hello`: versions, limits, engines with their options' schemas, and presets.

    `warnings` are sentences about what is missing.
    """

    protocol: int = PROTOCOL
    version: str
    limits: Limits
    engines: list[dict[str, Any]]
    presets: list[dict[str, Any]]
    warnings: list[str] = []


class Pong(Reply, frozen=True):
    """Answer `Ping`."""


class Cancelled(Reply, frozen=True, kw_only=True):
    """Answer `Cancel`: whether the request was still there to be stopped."""

    request: Id
    found: bool


class Progress(Reply, frozen=True, kw_only=True):
    """Report that a request is done up to a fraction from 0 to 1."""

    fraction: float


class Timings(msgspec.Struct, frozen=True):
    """State how long a request waited, how long the engines took, and both with all else, in ms."""

    queued_ms: float
    engine_ms: float
    total_ms: float


class Rendered(Reply, frozen=True, kw_only=True):
    """Answer `Render`: takes, each with a clip for every clip asked; take k has seed `seed` + k.

    `warnings` are sentences for the user about what engines could not do, each of them once.
    """

    takes: tuple[tuple[Clip, ...], ...]
    seed: int
    timings: Timings
    warnings: list[str] = []


GigRequest = (
    Open
    | Choose
    | Turn
    | Learn
    | Play
    | Swap
    | Stop
    | Respond
    | Record
    | Finish
    | Panic
    | Stand
    | Leave
)
AnyRequest = Hello | Ping | Cancel | Render | GigRequest | Bounce | Plugins
AnyReply = (
    Welcome
    | Pong
    | Cancelled
    | Progress
    | Rendered
    | Standing
    | Block
    | Bounced
    | Catalogue
    | Failure
)

_encoder = msgspec.msgpack.Encoder(enc_hook=to_wire)
_request_decoder: msgspec.msgpack.Decoder[AnyRequest] = msgspec.msgpack.Decoder(
    AnyRequest, dec_hook=from_wire
)
_reply_decoder: msgspec.msgpack.Decoder[AnyReply] = msgspec.msgpack.Decoder(
    AnyReply, dec_hook=from_wire
)


def encode(message: msgspec.Struct) -> bytes:
    """Return the frame of a message."""
    return _encoder.encode(message)


def decode_request(frame: bytes) -> AnyRequest:
    """Return the request in a frame.

    Raises:
        msgspec.DecodeError: the frame is none; `bridge.blame` says why.
    """
    return _request_decoder.decode(frame)


def decode_reply(frame: bytes) -> AnyReply:
    """Return the reply in a frame.

    Raises:
        msgspec.DecodeError: the frame is none.
    """
    return _reply_decoder.decode(frame)
