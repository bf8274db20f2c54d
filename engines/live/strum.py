"""Strum chords: their notes one after another, as over strings.

Nobody knows at the first note of a chord whether others come. So it sounds at once, whichever it
is; what else is struck within a short window waits until the window ends, is put in order of pitch,
and sounds at growing delays after the first. A note that stands alone is never late.

Source: the Strum tool of Ableton Live 12, which spreads a chord in the order of pitch; the hand
swings with the eighths, from low to high on the beat and back off it, as in
`engines.rules.asynchrony`.
"""

from collections.abc import Sequence
from heapq import heappop, heappush
from typing import Annotated, Any, Literal

from engines.engine import Options as Root
from engines.live.ending import ends_notes
from engines.live.engine import NEVER, LiveContext
from engines.live.event import CHANNELS, Event
from engines.option import dial, note

FULL = 3
"""A chord with so many notes after the first takes the whole spread; smaller ones take as long for
each string."""

Key = tuple[int, int]


class StrumOptions(Root, frozen=True):
    """Choose how the hand goes over the strings."""

    amount: Annotated[float, dial(0, 1, "how much of the stroke, 0 none, 1 all of it")] = 1.0
    spread_ms: Annotated[float, dial(0, 300, "from the first string to the last", "ms")] = 45.0
    direction: Annotated[
        Literal["rising", "falling", "alternate"],
        note("rising begins with the lowest note; alternate rises on beats if a clock tells them"),
    ] = "rising"
    slope: Annotated[
        float, dial(-1, 1, "velocity along the stroke: -1 ends half as hard, 1 twice as hard")
    ] = -0.2
    window_ms: Annotated[
        float, dial(1, 60, "what comes within so long of a note is a chord with it", "ms")
    ] = 14.0


class Strum:
    """Make players that spread chords."""

    name = "live.strum"
    summary = "Spreads chords like a hand over strings; the first note sounds at once."
    kind = "live"
    Options = StrumOptions

    def __call__(self, options: StrumOptions, context: LiveContext) -> "Strummer":
        """Return a player that has heard nothing yet."""
        return Strummer(options, context)


class Wait:
    """Be a note that waits for its turn, and its off if that came already."""

    def __init__(self, on: Event) -> None:
        self.on = on
        self.off: Event | None = None


class Stroke:
    """Be a chord that is being struck: its first note sounds, the others wait."""

    def __init__(self, first: Event, window_s: float) -> None:
        self.first = first
        self.due_s = first.time_s + window_s
        self.waiting: dict[int, Wait] = {}

    def takes(self, event: Event) -> bool:
        """Return whether a note on is one of the chord."""
        known = event.data[1] in self.waiting or event.data[1] == self.first.data[1]
        return not known and event.time_s <= self.due_s


class Strummer:
    """Hold back the later notes of chords for their places in the stroke."""

    def __init__(self, options: StrumOptions, context: LiveContext) -> None:
        self.due_s = NEVER
        self._options = options
        self._pulse = context.pulse
        self._strokes: list[Stroke | None] = [None] * CHANNELS
        self._rose = [False] * CHANNELS
        self._late: dict[Key, float] = {}  # by how much the notes that sound were moved
        self._last: dict[Key, float] = {}  # when the last message of each key sounds
        self._queue: list[tuple[float, int, Event]] = []
        self._count = 0

    def hear(self, event: Event) -> Sequence[Event]:
        """Return what sounds by now; the later notes of a chord wait for their time."""
        self._close(event.time_s)
        others: tuple[Event, ...] = ()
        if event.is_note_on:
            self._strike(event)
        elif event.is_note_off:
            self._lift(event)
        else:
            others = (*self._silenced(event), event) if ends_notes(event) else (event,)
        return [*self._released(event.time_s), *others]

    def wake(self, now_s: float) -> Sequence[Event]:
        """Return what sounds by now."""
        self._close(now_s)
        return self._released(now_s)

    def turn(self, options: Any, now_s: float) -> Sequence[Event]:
        """Take other options; what has its time keeps it."""
        self._options = options
        return self.wake(now_s)

    def end(self, now_s: float) -> Sequence[Event]:
        """Return all that waits, now."""
        for channel in range(CHANNELS):
            self._play(channel, now_s)
        return [event.at(now_s) for event in self._released(NEVER)]

    def _strike(self, on: Event) -> None:
        stroke = self._strokes[on.channel]
        if stroke is not None and stroke.takes(on) and self._options.amount:
            stroke.waiting[on.data[1]] = Wait(on)
            return
        self._play(on.channel, on.time_s)
        self._sound(on, on.time_s)
        if self._options.amount:
            self._strokes[on.channel] = Stroke(on, self._options.window_ms / 1000)

    def _lift(self, off: Event) -> None:
        stroke = self._strokes[off.channel]
        wait = stroke.waiting.get(off.data[1]) if stroke else None
        if wait is None or wait.off is not None:
            self._stop(off)
        else:
            wait.off = off

    def _close(self, now_s: float) -> None:
        """Play the chords whose windows have ended."""
        for stroke in self._strokes:
            if stroke is not None and stroke.due_s <= now_s:
                self._play(stroke.first.channel, stroke.due_s)

    def _play(self, channel: int, now_s: float) -> None:
        """Give what waits on a channel its time, each note its place in the stroke, or now."""
        stroke, self._strokes[channel] = self._strokes[channel], None
        if stroke is None or not stroke.waiting:
            return
        ranked = sorted(stroke.waiting.items(), reverse=not self._rises(channel, stroke))
        step = 1 / max(len(ranked), FULL)
        spread_s = self._options.amount * self._options.spread_ms / 1000
        for rank, (_, wait) in enumerate(ranked, start=1):
            time_s = max(stroke.first.time_s + spread_s * step * rank, now_s)
            self._sound(self._sloped(wait.on, step * rank), time_s)
            if wait.off is not None:
                self._stop(wait.off)

    def _rises(self, channel: int, stroke: Stroke) -> bool:
        """Return whether a stroke goes from low to high; by turns, it is then the other's turn."""
        direction = self._options.direction
        if direction != "alternate":
            return direction == "rising"
        beat = self._pulse.beat(stroke.first.time_s)
        rises = not self._rose[channel] if beat is None else round(beat * 2) % 2 == 0
        self._rose[channel] = rises
        return rises

    def _sloped(self, on: Event, place: float) -> Event:
        """Return a note on as hard as its place in the stroke, 0 to 1, wants it."""
        factor = 2.0 ** (self._options.slope * self._options.amount * place)
        velocity = min(max(round(on.data[2] * factor), 1), 127)
        return Event(on.time_s, bytes((*on.data[:2], velocity)))

    def _sound(self, on: Event, time_s: float) -> None:
        """Let a note begin at a time, not before the last message of its key."""
        later_s = max(time_s, self._last.get(on.key, time_s))
        self._late[on.key] = later_s - on.time_s
        self._push(on.at(later_s))

    def _stop(self, off: Event) -> None:
        """Let a note end, moved as it was."""
        time_s = off.time_s + self._late.pop(off.key, 0.0)
        self._push(off.at(max(time_s, self._last.get(off.key, time_s))))

    def _push(self, event: Event) -> None:
        self._last[event.key] = event.time_s
        self._count += 1
        heappush(self._queue, (event.time_s, self._count, event))

    def _released(self, now_s: float) -> list[Event]:
        """Return what sounds by now, in order of time."""
        said = []
        while self._queue and self._queue[0][0] <= now_s:
            said.append(heappop(self._queue)[2])
        strokes = [stroke.due_s for stroke in self._strokes if stroke]
        self.due_s = min([*strokes, self._queue[0][0] if self._queue else NEVER])
        return said

    def _silenced(self, event: Event) -> list[Event]:
        """Forget what waits on a channel, and return the offs of what sounds, if they waited."""
        self._strokes[event.channel] = None
        begun, said, kept = set(), [], []
        for row in sorted(self._queue):
            message = row[2]
            if message.channel != event.channel:
                kept.append(row)
            elif message.is_note_on:
                begun.add(message.key)
            elif message.key in begun:
                begun.remove(message.key)
            else:
                said.append(message.at(event.time_s))
        self._queue = kept
        self._late = {key: late for key, late in self._late.items() if key[0] != event.channel}
        self._last = {key: last for key, last in self._last.items() if key[0] != event.channel}
        return said
