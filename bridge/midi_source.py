"""Decode and encode standard MIDI files with every event's own bytes.

Bytes are read and built with mido's functions, but not with its `MidiFile`: as of 1.3.3 that one
drops the delta time of unknown meta events, turns F7 packets into F0 ones, and refuses a whole
file for one odd key signature.

Letters: E events of a track.

Source: Standard MIDI Files 1.0 (RP-001).
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO

import numpy as np
from mido.messages import SPEC_BY_STATUS
from mido.midifiles.meta import encode_variable_int
from mido.midifiles.midifiles import read_byte, read_bytes, read_chunk_header, write_chunk

from bridge.error import BridgeError

MAX_TICKS_PER_BEAT = 0x7FFF
"""The finest resolution: fifteen bits. Source: RP-001, header chunks."""

MAX_QUANTITY = 0x0FFFFFFF
"""The greatest delta time or length: four bytes of seven bits. Source: RP-001, conventions."""

SYSEX, PACKET, META = 0xF0, 0xF7, 0xFF
"""Status bytes of the events that state their own length."""

END_OF_TRACK = b"\xff\x2f\x00"
"""The meta event that each track closes with."""

DATA_BYTES = {status: SPEC_BY_STATUS[status]["length"] - 1 for status in range(0x80, SYSEX)}
"""How many data bytes follow the status byte of a channel message."""


class MidiFileError(BridgeError):
    """Report a file that is no sound MIDI file, or that cannot be read or written."""


@dataclass(frozen=True, eq=False)
class Track:
    """Hold the E events of a track, in the order of the file, without its end of track.

    `ticks` is (E,) int64, absolute and rising; `events` are E byte strings, each with its status
    byte and without its delta time; `end` is the tick of the end of track; `before` holds chunks
    of other kinds that stand between this track and the one before.
    """

    ticks: np.ndarray
    events: tuple[bytes, ...]
    end: int
    before: bytes = b""

    @cached_property
    def heads(self) -> np.ndarray:
        """The first three bytes of each event, zeros where it is shorter: (E, 3) uint8."""
        joined = b"".join([event[:3].ljust(3, b"\0") for event in self.events])
        return np.frombuffer(joined, np.uint8).reshape(-1, 3)

    def metas(self, kind: int) -> Iterator[tuple[int, bytes]]:
        """Yield the row and the data of each meta event of a kind."""
        for row in np.flatnonzero((self.heads[:, 0] == META) & (self.heads[:, 1] == kind)).tolist():
            event = self.events[row]
            start = next(at for at in range(2, len(event)) if event[at] < 0x80) + 1
            yield row, event[start:]


@dataclass(frozen=True, eq=False)
class Source:
    """Hold what a file says, whether or not it is understood.

    `header` is what follows the usual six bytes of the header, `tail` what follows the last track.
    """

    format: int
    ticks_per_beat: int
    tracks: tuple[Track, ...]
    header: bytes = b""
    tail: bytes = b""
    warnings: tuple[str, ...] = ()


def decode(content: bytes) -> Source:
    """Read a file's bytes.

    Raises:
        MidiFileError: they break the format, or are of a format that has no beats.
    """
    if content[:4] != b"MThd":
        raise MidiFileError(
            f"it is no MIDI file: it begins with {content[:4]!r}, allowed is b'MThd'"
        )
    file = BytesIO(content)
    header = _read_header(file)
    form, count, division = struct.unpack(">HHH", header[:6])
    if form > 1:
        raise MidiFileError(f"format is {form}, allowed are 0 and 1")
    if not 0 < division <= MAX_TICKS_PER_BEAT:
        kind = "division is SMPTE time" if division else "resolution is 0"
        raise MidiFileError(
            f"{kind} (0x{division:04x}), allowed are 1 to {MAX_TICKS_PER_BEAT} ticks a beat"
        )
    warnings: list[str] = []
    tracks = tuple(_read_track(file, number + 1, count, warnings) for number in range(count))
    return Source(form, division, tracks, header[6:], file.read(), tuple(warnings))


def encode(source: Source) -> bytes:
    """Write a file's bytes.

    Raises:
        MidiFileError: a pause between two events is longer than the format can say.
    """
    file = BytesIO()
    counts = struct.pack(">HHH", source.format, len(source.tracks), source.ticks_per_beat)
    write_chunk(file, b"MThd", counts + source.header)
    for track in source.tracks:
        file.write(track.before)
        write_chunk(file, b"MTrk", _encode_events(track))
    file.write(source.tail)
    return file.getvalue()


def _read_header(file: BytesIO) -> bytes:
    _, header = _read_chunk(file, "the header")
    if len(header) < 6:
        raise MidiFileError(f"its header has {len(header)} bytes, allowed are 6 or more")
    return header


def _read_chunk(file: BytesIO, what: str) -> tuple[bytes, bytes]:
    """Return the name and the content of the next chunk."""
    try:
        name, size = read_chunk_header(file)
    except EOFError:
        raise MidiFileError(f"it ends at byte {file.tell()}, allowed there is {what}") from None
    content = file.read(size)
    if len(content) < size and name in (b"MThd", b"MTrk"):
        raise MidiFileError(
            f"{what} has {len(content)} bytes, allowed are the {size} that it announces"
        )
    return name, content


def _read_track(file: BytesIO, number: int, count: int, warnings: list[str]) -> Track:
    """Return the next track and the chunks of other kinds before it."""
    what, start, end = f"track {number} of {count}", file.tell(), file.tell()
    name, chunk = _read_chunk(file, what)
    while name != b"MTrk":
        end = file.tell()
        name, chunk = _read_chunk(file, what)
    try:
        ticks, events = _read_events(chunk)
    except MidiFileError as error:
        raise MidiFileError(f"{what}: {error}") from None
    before, last = file.getvalue()[start:end], ticks[-1] if ticks else 0
    ticks, events = _without_end(ticks, events, f"track {number}", warnings)
    return Track(np.array(ticks, dtype=np.int64), tuple(events), last, before)


def _without_end(
    ticks: list[int], events: list[bytes], what: str, warnings: list[str]
) -> tuple[list[int], list[bytes]]:
    """Take the end of track out of the events; it is written behind them all again."""
    rest = [row for row, event in enumerate(events) if event != END_OF_TRACK]
    if len(rest) == len(events):
        warnings.append(f"{what} has no end of track; it is given one")
    elif len(rest) != events.index(END_OF_TRACK):
        warnings.append(f"{what} has events behind its end of track; it is moved behind them")
    return [ticks[row] for row in rest], [events[row] for row in rest]


def _read_events(chunk: bytes) -> tuple[list[int], list[bytes]]:
    """Return a track's absolute ticks and events, running status made explicit."""
    file, size = BytesIO(chunk), len(chunk)
    ticks: list[int] = []
    events: list[bytes] = []
    tick = status = 0
    try:
        while file.tell() < size:
            tick += _read_quantity(file)
            event = _read_event(file, status)
            status = event[0] if event[0] < SYSEX else status
            ticks.append(tick)
            events.append(event)
    except EOFError:
        raise MidiFileError(
            f"its {size} bytes end inside event {len(events) + 1}, allowed are whole events"
        ) from None
    return ticks, events


def _read_event(file: BytesIO, running: int) -> bytes:
    """Return the next event; it may leave out its status byte if that is the running one."""
    first: int = read_byte(file)
    if first in (SYSEX, PACKET):
        return bytes([first]) + _read_content(file)
    if first == META:
        return bytes([first, read_byte(file)]) + _read_content(file)
    status, given = (first, []) if first >= 0x80 else (running, [first])
    if not status:
        raise MidiFileError(f"an event begins with byte {first}, allowed is a status byte")
    if status not in DATA_BYTES:
        raise MidiFileError(f"status byte is {status:#x}, allowed are 0x80 to 0xf0, 0xf7 and 0xff")
    numbers = given + read_bytes(file, DATA_BYTES[status] - len(given))
    if max(numbers) > 127:
        raise MidiFileError(f"data byte is {max(numbers)}, allowed are 0 to 127")
    return bytes([status, *numbers])


def _read_content(file: BytesIO) -> bytes:
    """Return a length and as many bytes as it says."""
    size = _read_quantity(file)
    content = file.read(size)
    if len(content) < size:
        raise EOFError
    return bytes(encode_variable_int(size)) + content


def _read_quantity(file: BytesIO) -> int:
    """Return a number of variable length; mido's own reader sets it no limit."""
    value = 0
    for _ in range(4):
        byte: int = read_byte(file)
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value
    raise MidiFileError("a delta time or a length has more than 4 bytes, allowed are 1 to 4")


def _encode_events(track: Track) -> bytes:
    """Return a track's chunk, with running status."""
    ticks = np.append(track.ticks, track.end)
    deltas = np.diff(ticks, prepend=0)
    if deltas.max() > MAX_QUANTITY:
        raise MidiFileError(f"a pause has {deltas.max()} ticks, allowed are up to {MAX_QUANTITY}")
    chunk, status = bytearray(), 0
    for delta, event in zip(deltas.tolist(), (*track.events, END_OF_TRACK), strict=True):
        chunk.extend(encode_variable_int(delta))
        chunk.extend(event[1:] if event[0] == status else event)
        status = event[0] if event[0] < SYSEX else 0
    return bytes(chunk)
