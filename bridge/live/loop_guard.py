"""Notice that an input is fed by our own output, before it grows to a storm."""

from collections import deque

from engines.live.event import Event

WINDOW_S = 1.3
"""So far back repeats are counted."""

MOST = 200
"""With more repeats in the window it is a loop: no controller says the same thing so often."""

NOTE = 5
"""A note on of a key that is down counts as so many: no hand does it 40 times in the window, and a
loop that takes 20 ms does it in a second."""

QUIET_S = 2.0
"""After so long without a message a port that was cut is heard again."""


class LoopGuard:
    """Count messages that say again what is so already.

    That is a note on of a key that is down, or a controller at the value that it has. What comes
    back through a loop is always of this kind, and what people play hardly ever.
    """

    def __init__(self) -> None:
        self.cut = False
        """Whether the port is not heard at present."""
        self._values: dict[bytes, bytes] = {}
        self._repeats: deque[float] = deque()
        self._last_s = 0.0

    def passes(self, event: Event, *, down: bool) -> bool:
        """Return whether an event is to be heard; `down` says that its key is down already."""
        if self.cut:
            self.cut = event.time_s - self._last_s < QUIET_S
        self._last_s = event.time_s
        if not self.cut and self._repeated(event, down):
            self._repeats.extend([event.time_s] * (NOTE if down else 1))
            while self._repeats[0] < event.time_s - WINDOW_S:
                self._repeats.popleft()
            if len(self._repeats) > MOST:
                self.cut = True
                self._repeats.clear()
        return not self.cut

    def _repeated(self, event: Event, down: bool) -> bool:
        if event.is_note_on:
            return down
        if event.is_note_off or event.data[0] >= 0xF8:
            return False
        what = event.data[:2] if event.status in {0xA0, 0xB0} else event.data[:1]
        again = self._values.get(what) == event.data
        self._values[what] = event.data
        return again
