"""Notice that an input is fed by our own output, before it grows to a storm.

What comes as it was sent just before is suspicious, but hands and sequencers repeat themselves too.
So whoever is suspected is tried: a pattern is sent that means nothing to instruments, and who hears
it is fed by us. Who is innocent is tried again only as that grows, or after ever longer times.
"""

from collections import deque

from engines.live.engine import NEVER
from engines.live.event import Event, control

WINDOW_S = 2.0
"""So far back repeats are counted."""

MOST = 30
"""With more repeats in the window a loop is suspected: one that takes less than 60 ms brings a
message back so often, and few players strike one key so often with one velocity."""

STEADY = (0xF1, 0xF8, 0xF9)
"""What others send all the time: quarter frames and ticks. Source: MIDI 1.0, tables 5 and 6."""

MOST_STEADY = 1000
"""With more of these in the window a loop is suspected: a clock at 999 bpm has 800, and each tick
that comes back stays in its loop, so that there are soon more."""

ECHO_S = 0.25
"""What says what was sent so shortly before may have come back."""

MOST_SENT = 4096
"""So many messages are remembered at most: those of ten cables in `ECHO_S`, at 1 ms a message."""

PATTERN = tuple(control(15, 119, value) for value in (42, 11, 103, 79))
"""What is sent to try. Source: MIDI 1.0, table 3: controller 119 is undefined."""

RETURN_S, AGAIN_S = 1.0, 2.0
"""The pattern is waited for so long, and sent again after so long at the earliest."""

QUIET_S = 2.0
"""After so long without a message, but for ticks, a port that was cut is heard again."""


class Echoes:
    """Know what was sent last, to tell what comes back."""

    def __init__(self) -> None:
        self._sent: dict[bytes, float] = {}
        self._tried_s = -NEVER

    def send(self, event: Event) -> None:
        """Note what is sent."""
        sent = self._sent
        sent.pop(event.data, None)
        sent[event.data] = event.time_s
        oldest = next(iter(sent))
        while len(sent) > MOST_SENT or sent[oldest] < event.time_s - 2 * ECHO_S:
            del sent[oldest]
            oldest = next(iter(sent))

    def knows(self, event: Event) -> bool:
        """Return whether what is heard was sent shortly before."""
        return 0.0 <= event.time_s - self._sent.get(event.data, NEVER) < ECHO_S

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

    Note offs are not counted: those that come back end nothing, and so go round no further.

    Attributes:
        cut: whether the port is not heard at present.
        suspected: whether it should be tried.
        known: whether it was cut, and has passed no trial since.
    """

    def __init__(self) -> None:
        self.cut = self.suspected = self.known = False
        self._repeats: deque[float] = deque()
        self._ticks: deque[float] = deque()
        self._returned = 0
        self._last_s = 0.0
        self._tried_s, self._tried_at, self._patience_s = -NEVER, 0, AGAIN_S

    def passes(self, event: Event, echoes: Echoes) -> bool:
        """Return whether an event is to be heard."""
        now_s, steady = event.time_s, event.data[0] in STEADY
        if self.cut:
            self.cut = now_s - self._last_s < QUIET_S
        if not steady:
            self._last_s = now_s
        if self.cut or self._returns(event, echoes):
            return False
        if steady:
            self._ticks.append(now_s)
        elif not event.is_note_off and echoes.knows(event):
            self._repeats.append(now_s)
        self.known = self.known and now_s - self._tried_s <= RETURN_S
        self.suspected = self._is_suspect(now_s)
        return True

    def begin_trial(self, now_s: float) -> None:
        """Note that the pattern was sent for this port; the next time is to be later."""
        self._tried_s, self._tried_at = now_s, len(self._repeats) + len(self._ticks)
        self._patience_s *= 2.0

    def _is_suspect(self, now_s: float) -> bool:
        """Return whether too much repeats, and more than at the last trial, or long after it."""
        for times in (self._repeats, self._ticks):
            while times and times[0] < now_s - WINDOW_S:
                times.popleft()
        repeats, ticks = len(self._repeats), len(self._ticks)
        if repeats <= MOST and ticks <= MOST_STEADY:
            return self.known
        since_s = now_s - self._tried_s
        return self.known or repeats + ticks > 2 * self._tried_at or since_s > self._patience_s

    def _returns(self, event: Event, echoes: Echoes) -> bool:
        """Take what comes back of the pattern, and cut the port when all of it did."""
        if event.data not in PATTERN or not echoes.waits(event.time_s):
            return False
        self._returned += event.data == PATTERN[self._returned]
        if self._returned == len(PATTERN):
            self.cut, self.known, self.suspected, self._returned = True, True, False, 0
            self._tried_s, self._tried_at, self._patience_s = NEVER, 0, AGAIN_S
            self._repeats.clear()
            self._ticks.clear()
        return True
