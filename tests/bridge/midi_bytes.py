"""Spell MIDI files byte by byte, as RP-001 does, so that no writer of ours has a say in them."""

import struct
from collections.abc import Iterable

END = bytes.fromhex("00 ff 2f 00")


def chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack(">L", len(content)) + content


def header(*, form: int = 1, tracks: int = 1, division: int = 480, more: bytes = b"") -> bytes:
    return chunk(b"MThd", struct.pack(">HHH", form, tracks, division) + more)


def track(*events: str, end: bytes = END) -> bytes:
    """Return a track chunk of events in hexadecimal, each with its delta time."""
    return chunk(b"MTrk", b"".join(bytes.fromhex(event) for event in events) + end)


def midi(*tracks: bytes, form: int = 1, division: int = 480) -> bytes:
    return header(form=form, tracks=len(tracks), division=division) + b"".join(tracks)


def quantity(value: int) -> bytes:
    """Return a number in seven bits a byte, all but the last with the high bit set."""
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def timed(events: Iterable[tuple[int, bytes]]) -> bytes:
    """Return a track chunk of events with delta times."""
    return chunk(b"MTrk", b"".join(quantity(delta) + event for delta, event in events) + END)
