"""Let messages wait until they sound, and keep in order what must be.

Every message is as late as the look-ahead says; a note may leave that place for either side. What
belongs together never changes places: the messages of a key, the controllers of a channel, and
notes with what rules over them, which is pedals that go down or up, programs and mode messages.
"""

from heapq import heappop, heappush

from engines.live.ending import ends_notes, resets
from engines.live.engine import NEVER
from engines.live.event import (
    ALL_SOUND_OFF,
    CHANNELS,
    CONTROL,
    POLY_PRESSURE,
    PROGRAM,
    SYSTEM,
    Event,
)

SYSEX, DOWN = 0xF0, 64
"""A sysex's status, and the value from which a pedal is down. Source: MIDI 1.0, tables 1 and 3."""

EVER = -NEVER
"""Before all time."""

PEDALS, BANKS = (64, 66, 69), (0, 32)
"""Controllers that hold notes, and those that pick a bank of sounds. Source: MIDI 1.0, table 3."""

Key = tuple[int, int]


class Waiting:
    """Be the messages that are still to sound.

    Args:
        lookahead_s: how much later everything is; it may change.
    """

    def __init__(self, lookahead_s: float = 0.0) -> None:
        self.lookahead_s = lookahead_s
        self._queue: list[tuple[float, int, Event]] = []
        self._count = 0
        self._last: dict[Key, float] = {}
        self._moved: dict[Key, list[float]] = {}
        self._down: set[Key] = set()
        self._notes = [EVER] * CHANNELS
        self._floor = [EVER] * CHANNELS
        self._control = [EVER] * (CHANNELS + 1)

    @property
    def due_s(self) -> float:
        """When the first of them sounds, NEVER if there is none."""
        return self._queue[0][0] if self._queue else NEVER

    @property
    def last_s(self) -> float:
        """When the last of them sounds."""
        return max((time_s for time_s, _, _ in self._queue), default=EVER)

    def due(self, now_s: float) -> list[Event]:
        """Return what sounds by now, in order."""
        found: list[Event] = []
        while self._queue and self._queue[0][0] <= now_s:
            found.append(heappop(self._queue)[2])
        return found

    def begin(self, event: Event, data: bytes, moved_s: float) -> None:
        """Take a note on as other data, early (below 0) or late by some seconds."""
        time_s = self._place(event, moved_s)
        self._moved.setdefault(event.key, []).append(time_s - event.time_s - self.lookahead_s)
        self._put(time_s, data)

    def end(self, event: Event) -> None:
        """Take a note off: it is moved as the note that began first on its key."""
        moved = self._moved.get(event.key, [0.0])
        time_s = self._place(event, moved.pop(0))
        if not moved:
            self._moved.pop(event.key, None)
        self._put(time_s, event.data)

    def pass_on(self, event: Event) -> None:
        """Take a message that is no note."""
        if event.status == SYSTEM:
            self._system(event)
        elif event.status == POLY_PRESSURE:
            moved_s = self._moved.get(event.key, [0.0])[-1]
            self._put(self._place(event, moved_s), event.data)
        else:
            self._of_channel(event)

    def _place(self, event: Event, moved_s: float) -> float:
        """Return when a message of a key sounds: not before the last one, nor before its ruler."""
        key = event.key
        wanted_s = event.time_s + max(0.0, self.lookahead_s + moved_s)
        time_s = max(wanted_s, self._last.get(key, EVER), self._floor[key[0]])
        self._last[key] = time_s
        self._notes[key[0]] = max(self._notes[key[0]], time_s)
        return time_s

    def _of_channel(self, event: Event) -> None:
        channel = event.channel
        time_s = max(event.time_s + self.lookahead_s, self._control[channel])
        if self._rules(event):
            time_s = max(time_s, self._notes[channel])
            self._floor[channel] = time_s
        self._control[channel] = time_s
        self._put(time_s, event.data)

    def _rules(self, event: Event) -> bool:
        """Return whether a message decides what notes are; a pedal does as it goes down or up."""
        if event.status == PROGRAM:
            return True
        if event.status != CONTROL:
            return False
        number = event.data[1]
        if number in PEDALS:
            was_down, is_down = event.key in self._down, event.data[2] >= DOWN
            (self._down.add if is_down else self._down.discard)(event.key)
            return was_down != is_down
        if resets(event):
            self._down -= {key for key in self._down if key[0] == event.channel}
        if ends_notes(event):
            self._moved = {
                key: each for key, each in self._moved.items() if key[0] != event.channel
            }
        return number in BANKS or number >= ALL_SOUND_OFF

    def _system(self, event: Event) -> None:
        """Take a message of the system: a sysex waits, time goes on at once."""
        if event.data[0] != SYSEX:
            self._put(event.time_s, event.data)
            return
        time_s = max(event.time_s + self.lookahead_s, self._control[CHANNELS])
        self._control[CHANNELS] = time_s
        self._put(time_s, event.data)

    def _put(self, time_s: float, data: bytes) -> None:
        self._count += 1
        heappush(self._queue, (time_s, self._count, Event(time_s, data)))
