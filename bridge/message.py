"""Define what all messages of the wire have in common."""

from enum import StrEnum
from typing import Annotated, Final, Literal, NamedTuple

import msgspec
from msgspec import Meta

PROTOCOL: Final = 1
"""The version of the wire. It changes when an old client could misread a reply."""

Id = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Code(StrEnum):
    """Name why a request failed: the closed list of the field `code`."""

    BAD_FRAME = "bad_frame"
    """The frame is no message of this protocol."""
    VERSION = "version"
    """The client speaks another version of the protocol."""
    INVALID = "invalid"
    """A field has a value that is not allowed; `field` is its path."""
    TOO_LARGE = "too_large"
    """The frame or the clip exceeds a limit of this server."""
    BUSY = "busy"
    """Too many requests are waiting."""
    SUPERSEDED = "superseded"
    """A newer request for the same slot has taken this one's place."""
    CANCELLED = "cancelled"
    """The client cancelled the request."""
    DEADLINE = "deadline"
    """The request's deadline passed before it was done."""
    STOPPING = "stopping"
    """The server is shutting down."""
    PORT = "port"
    """A MIDI port or system cannot be used, or nothing is open where something should play."""
    PLUGIN = "plugin"
    """A plug-in or soundfont cannot be used, has crashed or hung, or there is none."""
    ENGINE = "engine"
    """The engine could not do it with this clip."""
    INTERNAL = "internal"
    """The server is at fault; its log has the details."""


class Message(msgspec.Struct, frozen=True, tag_field="op", tag=str.lower):
    """Be the root of all messages."""


class Request(Message, frozen=True):
    """Be the root of what a client sends."""

    id: Id
    v: Literal[1] = PROTOCOL


class Reply(Message, frozen=True):
    """Be the root of what a server sends. `id` is null where the request's was unreadable."""

    id: Id | None


class Failure(Reply, frozen=True, kw_only=True):
    """Answer a request that could not be met: what was wrong, what was received, what is allowed.

    `field` is the path of the field at fault, such as `clips[0].notes.pitch[3]`, or empty.
    """

    code: Code
    message: str
    field: str = ""


class Out(NamedTuple):
    """Be a frame to send to a peer."""

    peer: bytes
    frame: bytes
