"""Strum chords: their notes one after another, as over strings.

Nobody knows at the first note of a chord whether others come. So it sounds at once, whichever it
is; what else is struck within a short window waits until the window ends, is put in order of pitch,
and sounds at growing delays after the first. A note that stands alone is never late.

Source: the Strum tool of Ableton Live 12, which spreads a chord in the order of pitch; the hand
swings with the eighths, from low to high on the beat and back off it, as in
`engines.rules.asynchrony`.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from engines.engine import Options as Root
from engines.live.ending import CHANNELS, ends_notes
from engines.live.engine import NEVER, LiveContext
from engines.live.event import Event, note_off
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

    def hear(self, event: Event) -> Sequence[Event]:
        """Return what sounds now or has its time; the later notes of a chord wait for `wake`."""
        said = self._overdue(event.time_s) if self.due_s <= event.time_s else []
        if event.is_note_on:
            return [*said, *self._strike(event)]
        if event.is_note_off:
            return [*said, *self._lift(event)]
        if ends_notes(event):
            return [*said, *self._silence(event), event]
        return [*said, event]

    def wake(self, now_s: float) -> list[Event]:
        """Return the later notes of the chords whose windows have ended."""
        due = [stroke for stroke in self._strokes if stroke and stroke.due_s <= now_s]
        return [e for stroke in due for e in self._play(stroke.first.channel, stroke.due_s)]

    def turn(self, options: Any, now_s: float) -> Sequence[Event]:
        """Play what waits as it was meant, and take other options for what comes."""
        said = self.end(now_s)
        self._options = options
        return said

    def end(self, now_s: float) -> Sequence[Event]:
        """Play what waits; the offs of its keys come with them, or are heard later."""
        return [e for channel in range(CHANNELS) for e in self._play(channel, now_s)]

    def _overdue(self, now_s: float) -> list[Event]:
        """Return what `wake` was not called for in time."""
        due = [c for c, stroke in enumerate(self._strokes) if stroke and stroke.due_s <= now_s]
        return [event for channel in due for event in self._play(channel, now_s)]

    def _strike(self, event: Event) -> list[Event]:
        if not self._options.amount:
            return [self._sound(event, event.time_s)]
        stroke, said = self._strokes[event.channel], []
        if stroke is not None:
            if stroke.takes(event):
                stroke.waiting[event.data[1]] = Wait(event)
                return []
            said = self._play(event.channel, event.time_s)
        self._strokes[event.channel] = Stroke(event, self._options.window_ms / 1000)
        self._set_due()
        return [*said, self._sound(event, event.time_s)]

    def _lift(self, event: Event) -> list[Event]:
        stroke = self._strokes[event.channel]
        wait = stroke.waiting.get(event.data[1]) if stroke else None
        if wait is None:
            return [self._stop(event)]
        if wait.off is None:
            wait.off = event
            return []
        return [event]

    def _play(self, channel: int, now_s: float) -> list[Event]:
        """Return what waits on a channel, each note at its place in the stroke, not before now."""
        stroke, self._strokes[channel] = self._strokes[channel], None
        self._set_due()
        if stroke is None or not stroke.waiting:
            return []
        ranked = sorted(stroke.waiting.items(), reverse=not self._rises(channel, stroke))
        step, said = 1 / max(len(ranked), FULL), []
        spread_s = self._options.amount * self._options.spread_ms / 1000
        for rank, (_, wait) in enumerate(ranked, start=1):
            time_s = max(stroke.first.time_s + spread_s * step * rank, wait.on.time_s, now_s)
            said.append(self._sound(self._sloped(wait.on, step * rank), time_s))
            if wait.off is not None:
                said.append(self._stop(wait.off))
        return said

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

    def _sound(self, on: Event, time_s: float) -> Event:
        """Return a note on at a time, not before the last message of its key."""
        later_s = max(time_s, self._last.get(on.key, time_s))
        self._late[on.key], self._last[on.key] = later_s - on.time_s, later_s
        return on.at(later_s)

    def _stop(self, off: Event) -> Event:
        """Return a note off, moved with its note."""
        time_s = off.time_s + self._late.pop(off.key, 0.0)
        later_s = max(time_s, self._last.get(off.key, time_s))
        self._last[off.key] = later_s
        return off.at(later_s)

    def _silence(self, event: Event) -> list[Event]:
        """Forget a channel's chord, and end what was already said to sound later."""
        self._strokes[event.channel] = None
        self._set_due()
        sounding = [key for key in self._late if key[0] == event.channel]
        for key in sounding:
            del self._late[key]
        late = [key for key in sounding if self._last[key] > event.time_s]
        return [Event(self._last[key], note_off(*key)) for key in late]

    def _set_due(self) -> None:
        self.due_s = min((stroke.due_s for stroke in self._strokes if stroke), default=NEVER)
