"""Notice that an input is fed by our own output, before it grows to a storm.

Notes that come as they were sent are suspicious, but a sequencer may play so too. So whoever is
suspected is tried: a pattern is sent that means nothing to instruments, and who hears it is fed by
us.
"""

from collections import deque

from engines.live.event import Event, control

WINDOW_S = 2.0
"""So far back repeats are counted."""

MOST = 30
"""With more repeats in the window a loop is suspected: one that takes less than 60 ms brings a
message back so often, and few players strike one key so often with one velocity."""

ECHO_S = 0.25
"""A note on that says what was sent so shortly before may have come back."""

PATTERN = tuple(control(15, 119, value) for value in (42, 11, 103, 79))
"""What is sent to try. Source: MIDI 1.0, table 3: controller 119 is undefined."""

RETURN_S, AGAIN_S = 1.0, 5.0
"""The pattern is waited for so long, and sent again after so long at the earliest."""

QUIET_S = 2.0
"""After so long without a message a port that was cut is heard again."""


class Echoes:
    """Know what was sent last, to tell what comes back."""

    def __init__(self) -> None:
        self._sent: dict[tuple[int, int], Event] = {}
        self._tried_s = -AGAIN_S

    def send(self, event: Event) -> None:
        """Note what is sent."""
        if event.is_note_on:
            self._sent[event.key] = event

    def knows(self, event: Event) -> bool:
        """Return whether an event that is heard is a note on that was sent shortly before."""
        sent = self._sent.get(event.key) if event.is_note_on else None
        return (
            sent is not None
            and sent.data == event.data
            and 0.0 <= event.time_s - sent.time_s < ECHO_S
        )

    def pattern(self, now_s: float) -> list[Event]:
        """Return what is to be sent to try a suspect; nothing if one was tried just before."""
        if now_s - self._tried_s < AGAIN_S:
            return []
        self._tried_s = now_s
        return [Event(now_s, data) for data in PATTERN]

    def waits(self, now_s: float) -> bool:
        """Return whether the pattern may still come back."""
        return now_s - self._tried_s < RETURN_S


class LoopGuard:
    """Suspect a port that says again and again what was said, and cut it if it is proved.

    Suspicious are note ons that come back, and other messages that change nothing.

    Attributes:
        cut: whether the port is not heard at present.
        suspected: whether it should be tried.
    """

    def __init__(self) -> None:
        self.cut = self.suspected = False
        self._values: dict[bytes, bytes] = {}
        self._repeats: deque[float] = deque()
        self._returned = 0
        self._last_s = 0.0

    def passes(self, event: Event, echoes: Echoes) -> bool:
        """Return whether an event is to be heard."""
        if self.cut:
            self.cut = event.time_s - self._last_s < QUIET_S
        self._last_s = event.time_s
        if self.cut or self._returns(event, echoes):
            return False
        if echoes.knows(event) or self._repeated(event):
            self._repeats.append(event.time_s)
        while self._repeats and self._repeats[0] < event.time_s - WINDOW_S:
            self._repeats.popleft()
        self.suspected = len(self._repeats) > MOST
        return True

    def _returns(self, event: Event, echoes: Echoes) -> bool:
        """Take what comes back of the pattern, and cut the port when all of it did."""
        if event.data not in PATTERN or not echoes.waits(event.time_s):
            return False
        self._returned = self._returned + 1 if event.data == PATTERN[self._returned] else 0
        if self._returned == len(PATTERN):
            self.cut, self.suspected, self._returned = True, False, 0
            self._repeats.clear()
        return True

    def _repeated(self, event: Event) -> bool:
        if event.is_note_on or event.is_note_off or event.data[0] >= 0xF8:
            return False
        what = event.data[:2] if event.status in {0xA0, 0xB0} else event.data[:1]
        again = self._values.get(what) == event.data
        self._values[what] = event.data
        return again
