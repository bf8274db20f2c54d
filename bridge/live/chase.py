"""Tell what a score has set by a point, for whoever enters it there.

Source: MIDI 1.0 Detailed Specification: bank select belongs to the program change that follows it.
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from engines.live.event import ALL_SOUND_OFF, BEND, CHANNEL_PRESSURE, CONTROL, PROGRAM

BANKS = (0, 32)
"""Bank select, coarse and fine. Source: MIDI 1.0, table 3."""

STEPS = (96, 97)
"""Data increment and decrement: they are deeds, not states. Source: MIDI 1.0, table 3."""


class Chase:
    """Be an index of what messages set, so that looking something up takes no longer at their end.

    Args:
        messages: those of a score, in order.
    """

    def __init__(self, messages: Sequence[bytes]) -> None:
        self._messages = messages
        self._rows: dict[bytes, list[int]] = {}
        self._banks: dict[int, list[int]] = {}
        for row, data in enumerate(messages):
            kind = KINDS.get(data[0] & 0xF0)
            name = kind(data) if kind else b""
            if name:
                self._rows.setdefault(name, []).append(row)
            if data[0] & 0xF0 == PROGRAM:
                rows = [self._rows[bank] for bank in _banks(data) if bank in self._rows]
                self._banks[row] = [each[-1] for each in rows]

    def before(self, row: int) -> list[bytes]:
        """Return the messages that set what the rows before one have set, in their order.

        Of each controller, bend, pressure and program the last one counts, and of banks also those
        that the last program was chosen from.
        """
        found: set[int] = set()
        for rows in self._rows.values():
            place = bisect_left(rows, row)
            if place:
                last = rows[place - 1]
                found.update((last, *self._banks.get(last, ())))
        return [self._messages[place] for place in sorted(found)]


def _banks(data: bytes) -> list[bytes]:
    return [bytes((CONTROL | data[0] & 0x0F, number)) for number in BANKS]


def _controller(data: bytes) -> bytes:
    """Return which controller a message sets, nothing if it is a deed."""
    return b"" if data[1] >= ALL_SOUND_OFF or data[1] in STEPS else data[:2]


def _channel(data: bytes) -> bytes:
    return data[:1]


KINDS: dict[int, Callable[[bytes], bytes]] = {
    CONTROL: _controller,
    PROGRAM: _channel,
    CHANNEL_PRESSURE: _channel,
    BEND: _channel,
}
"""What of each kind of message is set, by the messages' statuses."""
