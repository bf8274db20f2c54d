"""Notice that an input is fed by our own output, before it grows to a storm."""

from collections import deque

from engines.live.event import Event

WINDOW_S = 2.0
"""So far back repeats are counted."""

MOST = 210
"""With more repeats in the window it is a loop: no controller says the same thing so often."""

NOTE = 3
"""A note on that comes back counts as so many: 70 in the window are a loop that takes less than 28
ms. A roll of 64ths at 120 bpm, all of them equally loud, would be 64."""

ECHO_S = 0.06
"""A note on that says what was sent so shortly before may have come back."""

QUIET_S = 2.0
"""After so long without a message a port that was cut is heard again."""


class Echoes:
    """Know which note ons were sent last, to tell those that come back."""

    def __init__(self) -> None:
        self._sent: dict[tuple[int, int], Event] = {}

    def send(self, event: Event) -> None:
        """Note what is sent."""
        if event.is_note_on:
            self._sent[event.key] = event

    def knows(self, event: Event) -> bool:
        """Return whether an event that is heard is what was sent shortly before."""
        sent = self._sent.get(event.key) if event.is_note_on else None
        return (
            sent is not None
            and sent.data == event.data
            and 0.0 <= event.time_s - sent.time_s < ECHO_S
        )


class LoopGuard:
    """Count messages of a port that say again what was said: in a loop all of them do.

    Those are note ons that come back, and other messages that change nothing.
    """

    def __init__(self) -> None:
        self.cut = False
        """Whether the port is not heard at present."""
        self._values: dict[bytes, bytes] = {}
        self._repeats: deque[float] = deque()
        self._last_s = 0.0

    def passes(self, event: Event, *, echo: bool) -> bool:
        """Return whether an event is to be heard; `echo` says that it may have come back."""
        if self.cut:
            self.cut = event.time_s - self._last_s < QUIET_S
        self._last_s = event.time_s
        if not self.cut and (echo or self._repeated(event)):
            self._repeats.extend([event.time_s] * (NOTE if echo else 1))
            while self._repeats[0] < event.time_s - WINDOW_S:
                self._repeats.popleft()
            if len(self._repeats) > MOST:
                self.cut = True
                self._repeats.clear()
        return not self.cut

    def _repeated(self, event: Event) -> bool:
        if event.is_note_on or event.is_note_off or event.data[0] >= 0xF8:
            return False
        what = event.data[:2] if event.status in {0xA0, 0xB0} else event.data[:1]
        again = self._values.get(what) == event.data
        self._values[what] = event.data
        return again
