"""Make files that look like soundfonts from outside, for whoever only asks where they are."""

import struct
from pathlib import Path


def soundfont(path: Path, *, announced: int = 4) -> Path:
    """Write the head of a soundfont: a RIFF file of the form sfbk with nothing in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(struct.pack("<4sI4s", b"RIFF", announced, b"sfbk"))
    return path
