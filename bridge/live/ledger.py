"""Keep a ledger of what sounds, in a file that outlives a process that is killed.

Whatever is sent is entered here, so that all of it can be ended: on leaving, at a panic, when a
port is lost, or by another process after this one was killed.
"""

import mmap
from pathlib import Path

from engines.live.ending import ENDING
from engines.live.event import (
    BEND,
    CHANNELS,
    CONTROL,
    HOLDS,
    NOTE_OFF,
    NOTE_ON,
    RESET,
    control,
    note_off,
)

PITCHES = 128

SIZE = CHANNELS * (PITCHES + len(HOLDS) + 1)

CENTRE = bytes((0, 64))
"""A bend at rest."""

MOST = 255
"""So many notes of one pitch are counted; no instrument plays more at once."""


class Ledger:
    """Know which notes sound, which pedals are down and which channels are bent.

    Args:
        path: a file to keep it in, made if it is not there; None keeps it in memory.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._book = _mapped(path) if path else mmap.mmap(-1, SIZE)

    def enter(self, data: bytes) -> None:
        """Enter a message that was sent."""
        status, channel = data[0] & 0xF0, data[0] & 0x0F
        if status == NOTE_ON and data[2]:
            place = channel * PITCHES + data[1]
            self._book[place] = min(self._book[place] + 1, MOST)
        elif status in {NOTE_ON, NOTE_OFF}:
            place = channel * PITCHES + data[1]
            self._book[place] = max(self._book[place] - 1, 0)
        elif status == CONTROL:
            self._enter_control(channel, data[1], data[2])
        elif status == BEND:
            self._book[_bend(channel)] = data[1:3] != CENTRE

    @property
    def sounding(self) -> list[tuple[int, int]]:
        """Channel and pitch of all notes that sound."""
        book = bytes(self._book[: CHANNELS * PITCHES])
        return [divmod(place, PITCHES) for place in range(len(book)) if book[place]]

    @property
    def silent(self) -> bool:
        """Whether nothing sounds, is held or bent."""
        return not any(self._book[:SIZE])

    def ends(self) -> list[bytes]:
        """Return the messages that end all; they are to be entered when they are sent."""
        said = []
        for channel in range(CHANNELS):
            for at, number in enumerate(HOLDS):
                if self._book[_hold(channel, at)]:
                    said.append(control(channel, number, 0))
        for channel, pitch in self.sounding:
            said += [note_off(channel, pitch)] * self._book[channel * PITCHES + pitch]
        for channel in range(CHANNELS):
            if self._book[_bend(channel)]:
                said.append(bytes((BEND | channel,)) + CENTRE)
        return said

    def _enter_control(self, channel: int, number: int, value: int) -> None:
        if number in HOLDS:
            self._book[_hold(channel, HOLDS.index(number))] = value > 0
        elif number in ENDING:
            begin = channel * PITCHES
            self._book[begin : begin + PITCHES] = bytes(PITCHES)
        elif number == RESET:
            for at in range(len(HOLDS)):
                self._book[_hold(channel, at)] = 0
            self._book[_bend(channel)] = 0


def _hold(channel: int, at: int) -> int:
    return CHANNELS * PITCHES + channel * len(HOLDS) + at


def _bend(channel: int) -> int:
    return CHANNELS * (PITCHES + len(HOLDS)) + channel


def _mapped(path: Path) -> mmap.mmap:
    with path.open("a+b") as file:
        file.truncate(SIZE)
        return mmap.mmap(file.fileno(), SIZE)
