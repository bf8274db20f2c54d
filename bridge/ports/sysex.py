"""Make whole messages of what arrives: sysex in pieces, cut messages, real-time bytes between.

Source: MIDI 1.0 Detailed Specification, "Data format" and "System exclusive messages".
"""

from collections.abc import Callable

from engines.live.event import Event

LONGEST = 4 * 2**20
"""A sysex longer than this is not kept; samplers dump at most 2 MB."""

LENGTHS = {0x80: 3, 0x90: 3, 0xA0: 3, 0xB0: 3, 0xC0: 2, 0xD0: 2, 0xE0: 3}
SYSTEM_LENGTHS = {0xF1: 2, 0xF2: 3, 0xF3: 2, 0xF6: 1}
"""Bytes of a message by its status. Real-time messages, 0xF8 and above, have one."""

BEGIN, END, REAL_TIME = 0xF0, 0xF7, 0xF8


class Assembly:
    """Hand on whole messages, and say what was wrong with others.

    Args:
        hear: called with each whole message.
        tell: called with a sentence for what was thrown away.
    """

    def __init__(self, hear: Callable[[Event], None], tell: Callable[[str], None]) -> None:
        self._hear = hear
        self._tell = tell
        self._sysex: bytearray | None = None

    def take(self, event: Event) -> None:
        """Take what a port has given."""
        data = event.data
        if not data:
            return
        if data[0] >= REAL_TIME and len(data) == 1:
            self._hear(event)
        elif data[0] == BEGIN:
            self._give_up_sysex()
            self._sysex = bytearray()
            self._go_on(self._sysex, event)
        elif self._sysex is not None and (data[0] < 0x80 or data[0] == END):
            self._go_on(self._sysex, event)
        else:
            self._give_up_sysex()
            self._take_short(event)

    def _take_short(self, event: Event) -> None:
        data = event.data
        if len(data) != length_of(data[0]) or not all(byte < 0x80 for byte in data[1:]):
            self._tell(f"a message of {len(data)} bytes, {data[:6].hex(' ')}, was cut and left out")
            return
        self._hear(event)

    def _go_on(self, sysex: bytearray, event: Event) -> None:
        sysex += event.data
        if sysex[-1] == END:
            self._sysex = None
            self._hear(Event(event.time_s, bytes(sysex)))
        elif len(sysex) > LONGEST:
            self._give_up_sysex()

    def _give_up_sysex(self) -> None:
        if self._sysex is not None:
            self._tell(f"a sysex of {len(self._sysex)} bytes did not end and was left out")
            self._sysex = None


def length_of(status: int) -> int:
    """Return how many bytes a message of a status has; 0 if the status begins no short message."""
    if status >= REAL_TIME:
        return 1
    return LENGTHS.get(status & 0xF0, 0) or SYSTEM_LENGTHS.get(status, 0)


def pieces(data: bytes, longest: int) -> list[bytes]:
    """Cut a message that is longer than a port can take at once; only a sysex can be."""
    return [data[first : first + longest] for first in range(0, len(data), longest)]
