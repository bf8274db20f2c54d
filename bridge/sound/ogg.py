"""Give an Ogg stream a number that is always the same, so that the same sound is the same bytes.

Source: RFC 3533, section 6, the page header; its CRC has the polynomial 0x04c11db7, starts at 0 and
is not reflected, which makes it zlib's with all bits turned round.
"""

import struct
import zlib
from typing import BinaryIO, Final

HEADER: Final = struct.Struct("<4sBBqIIIB")
"""Mark, version, flags, position, stream, page, checksum, segments."""

SERIAL_AT: Final = 14
CHECKSUM_AT: Final = 22

SERIAL: Final = 0x79757261
"""The stream's number: "yura"."""

REVERSED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def settle(file: BinaryIO) -> None:
    """Change the stream's number in every page of an Ogg file that has one stream.

    Raises:
        ValueError: it is no Ogg file.
    """
    at = 0
    while True:
        file.seek(at)
        head = file.read(HEADER.size)
        if not head:
            return
        if len(head) < HEADER.size or head[:4] != b"OggS":
            raise ValueError(f"byte {at} is {head[:4]!r}, allowed is the head of an Ogg page")
        lengths = file.read(head[-1])
        page = bytearray(head + lengths + file.read(sum(lengths)))
        struct.pack_into("<I", page, SERIAL_AT, SERIAL)
        struct.pack_into("<I", page, CHECKSUM_AT, 0)
        struct.pack_into("<I", page, CHECKSUM_AT, checksum(bytes(page)))
        file.seek(at)
        file.write(page)
        at += len(page)


def checksum(page: bytes) -> int:
    """Return the checksum of a page whose own is 0."""
    turned = zlib.crc32(page.translate(REVERSED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{turned:032b}"[::-1], 2)
