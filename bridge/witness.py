"""Keep in a mapped file which plug-in a process is in, so that its death or silence can be told.

The process that hosts plug-ins writes, whoever watches it reads: what is mapped stays when a
process dies, whatever it died of.
"""

import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

SIZE = 8192
"""Bytes of the file: a path has at most 4,096 on Linux, and is given twice over as UTF-8."""

HEAD = struct.Struct("<QdBH")
"""How often a plug-in was entered or left, the seconds it has, what it does, its name's bytes."""


class Doing(IntEnum):
    """Be what a process has a plug-in do."""

    LOADING = 0
    PLAYING = 1
    CLOSING = 2


class Sight(NamedTuple):
    """Be what was seen: `moves` are entries and exits, so they are odd within a plug-in."""

    moves: int
    patience_s: float
    plugin: str
    doing: Doing = Doing.LOADING

    @property
    def within(self) -> bool:
        """Whether the process is in a plug-in."""
        return self.moves % 2 == 1


class Witness:
    """Be the mapped file. Only one process may write.

    Args:
        path: the file; it is made if it is not there.
    """

    def __init__(self, path: Path) -> None:
        with path.open("a+b") as file:
            file.truncate(SIZE)
            self._map = mmap.mmap(file.fileno(), SIZE)
        self._moves = 0

    @contextmanager
    def within(self, plugin: str, patience_s: float, doing: Doing) -> Iterator[None]:
        """Tell that the process is in a plug-in while in this context."""
        name = plugin.encode(errors="surrogateescape")[: SIZE - HEAD.size]
        self._map[HEAD.size : HEAD.size + len(name)] = name
        self._moves += 1
        HEAD.pack_into(self._map, 0, self._moves, patience_s, doing, len(name))
        try:
            yield
        finally:
            self._moves += 1
            HEAD.pack_into(self._map, 0, self._moves, patience_s, doing, len(name))

    def look(self) -> Sight:
        """Return what the file says now."""
        moves, patience_s, doing, length = HEAD.unpack_from(self._map, 0)
        name = self._map[HEAD.size : HEAD.size + length].decode(errors="surrogateescape")
        return Sight(moves, patience_s, name, Doing(doing))

    def close(self) -> None:
        """Let go of the file."""
        self._map.close()
