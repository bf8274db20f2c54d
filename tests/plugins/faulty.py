"""Make bundles that no host can load, without a compiler."""

import struct
from pathlib import Path

from tests.plugins.build import bundle


def junk(folder: Path) -> Path:
    """Make a bundle whose binary is a text."""
    return bundle(folder, "Junk", b"this is no program\n")


def foreign(folder: Path) -> Path:
    """Make a bundle for Windows alone."""
    return bundle(folder, "Foreign", b"MZ" + bytes(62), "x86_64-win")


def narrow(folder: Path) -> Path:
    """Make a bundle whose binary is of 32 bits. Source: System V ABI, ELF header."""
    head = struct.pack("<4sBBB9xHHI", b"\x7fELF", 1, 1, 1, 3, 3, 1)
    return bundle(folder, "Narrow", head + bytes(36))


def hollow(folder: Path) -> Path:
    """Make a bundle with nothing in it."""
    path = folder / "Hollow.vst3"
    path.mkdir(parents=True)
    return path
