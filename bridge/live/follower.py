"""Follow MIDI clock: where the song is, when a beat will sound, and how fast it goes.

Source: MIDI 1.0 Detailed Specification, system real time messages and song position pointer.
"""

from collections.abc import Callable

from bridge.live.tick_line import SUPPOSED_S, TICKS, TickLine
from engines.live.engine import NEVER
from engines.live.event import Event
from engines.warning import ignore_warning

POSITION, TICK, START, CONTINUE, STOP = 0xF2, 0xF8, 0xFA, 0xFB, 0xFC
"""Messages of whoever has the clock. Source: MIDI 1.0, table 5."""

PER_STEP = 6
"""Ticks in a sixteenth, in which song positions count. Source: MIDI 1.0, song position pointer."""

LOST_S = 4 * 60.0 / (30 * TICKS)
"""A clock without a tick for so long has stopped: four ticks at 30 bpm."""


class Follower:
    """Be the pulse of a MIDI clock; a timeline.

    Without a start the song begins at the first tick. Between a stop and a continue its position is
    unknown, and the tempo is not. Until a second tick has come the tempo is the last one known, at
    first 120 bpm.

    Args:
        tell: called with sentences for the player.
    """

    def __init__(self, tell: Callable[[str], None] = ignore_warning) -> None:
        self.running = True
        """Whether the song goes on; ticks may go on without it."""
        self.jumps = 0
        self.landing = 0.0
        self.due_s = NEVER
        """When `wake` wants to be called."""
        self._tell = tell
        self._interval_s = SUPPOSED_S
        self._ticks = TickLine()
        self._origin = 0
        self._held = 0
        self._told = False

    @property
    def bpm(self) -> float | None:
        """The tempo; None if there is no clock."""
        line = self._ticks.line
        return 60.0 / (TICKS * line.interval_s) if line else None

    def beat(self, time_s: float) -> float | None:
        """Return the song's position; None without a clock or without a song that goes on."""
        line = self._ticks.line
        if line is None or not self.running:
            return None
        return (line.tick(time_s) - self._origin) / TICKS

    def time_s(self, beat: float) -> float | None:
        """Return when a beat will sound; None without a clock or without a song that goes on."""
        line = self._ticks.line
        if line is None or not self.running:
            return None
        return line.time_s(self._origin + beat * TICKS)

    def hear(self, event: Event) -> None:
        """Hear a message; only those of a clock say anything."""
        kind = event.data[0]
        if kind == TICK:
            self._tick(event.time_s)
        elif kind == START:
            self._go_on(0)
        elif kind == CONTINUE and not self.running:
            self._go_on(self._held)
        elif kind == STOP and self.running:
            self.running = False
            self._held = self._ticks.count - self._origin
        elif kind == POSITION:
            self._move((event.data[1] | event.data[2] << 7) * PER_STEP)

    def wake(self, now_s: float) -> None:
        """Notice that no tick has come for too long."""
        if now_s < self.due_s:
            return
        self.due_s = NEVER
        line = self._ticks.line
        self._interval_s = line.interval_s if line else self._interval_s
        self._ticks = TickLine(self._ticks.count, self._interval_s)
        if self.running:
            self._tell(
                f"the MIDI clock has stopped: no tick for {LOST_S * 1e3:.0f} ms; it is followed"
                " again when it goes on"
            )

    def _tick(self, time_s: float) -> None:
        self.wake(time_s)
        lost = self.due_s == NEVER and self._ticks.count > 0
        if lost and self.running:
            self._go_on(self._ticks.count - self._origin)
        self.due_s = time_s + LOST_S
        self._ticks.hear(time_s)
        if self._ticks.crowded and not self._told:
            self._told = True
            self._tell(
                "the MIDI clock ticks unevenly, as if two programs sent it: let only one of them"
                " send it to yuragi"
            )

    def _go_on(self, position: int) -> None:
        """Let the next tick be at a position in ticks."""
        self.running = True
        self._origin = self._ticks.count - position
        self.landing = position / TICKS
        self.jumps += 1

    def _move(self, position: int) -> None:
        """Go to a position in ticks, with the next tick if the song goes on."""
        if self.running:
            self._go_on(position)
        else:
            self._held = position
