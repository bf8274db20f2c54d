"""Play the sustain pedal to what is being played: up just after a new harmony, and down again.

After an onset the foot waits a moment for the rest of the chord, and listens whether it is a new
harmony over what rings. If so it goes up, and catches the chord a tenth of a second later. The
player's own foot wins: while it is at work, and some seconds longer, this one rests.

Source: syncopated (legato) pedalling, Banowetz (1985), The Pianist's Guide to Pedaling, ch. 2.
"""

from collections.abc import Sequence
from itertools import cycle
from typing import Annotated, Any

from engines.engine import Options as Root
from engines.live.ending import ends_notes, resets
from engines.live.engine import NEVER, LiveContext, Pulse
from engines.live.event import CHANNELS, CONTROL, SUSTAIN, Event, control
from engines.live.strings import Strings
from engines.option import dial
from engines.role import DRUM_CHANNEL

GATHER_S = 0.035
"""A chord's notes come within so long: the spread of pianists' chords is under 30 ms, Repp (1996),
"Patterns of note onset asynchronies in expressive piano performance", JASA 100(6)."""

OWN_S = 8.0
"""So long after the player's foot was up the player may still want to do without: two slow
bars. Our choice."""

EARLY_BEATS = 0.1
"""An onset so shortly before a beat is meant for it. Our choice."""

DOWN = 64
"""From this value on a pedal is down. Source: MIDI 1.0, table 3."""

SPREAD = 0.2
"""No two movements take equally long: they differ by so much at most, in parts. Our choice."""


class PedalOptions(Root, frozen=True):
    """Choose how deep the foot goes, and how readily it changes."""

    amount: Annotated[
        float, dial(0, 1, "how deep the foot goes, 1 all the way; 0 plays no pedal")
    ] = 1.0
    delay_ms: Annotated[
        float, dial(40, 300, "how long the pedal stays up when the harmony changes", "ms")
    ] = 90.0
    care: Annotated[
        float, dial(-1, 1, "below 0 harmonies run into each other, above 0 it changes often")
    ] = 0.0
    silence_s: Annotated[
        float, dial(0.1, 10, "how long all keys are up before the pedal lifts", "s")
    ] = 1.5
    renew_beats: Annotated[
        float, dial(0, 16, "changes at every so many beats of a clock; 0 does not", "beats")
    ] = 0.0


class Pedal:
    """Make players with a right foot."""

    name = "live.pedal"
    summary = "Plays the sustain pedal as the harmony changes, unless your own foot does."
    kind = "live"
    Options = PedalOptions

    def __call__(self, options: PedalOptions, context: LiveContext) -> "Feet":
        """Return a player that has heard nothing yet."""
        return Feet(options, context)


class Foot:
    """Be the foot of one channel.

    Attributes:
        strings: what rings.
        down: whether this foot has the pedal down.
        gather_s: when the onset that is being struck is complete.
        press_s: when the pedal goes down.
        lift_s: when the pedal goes up, for nothing is held any more.
        own_s: until when the player's own foot is at work.
        beat: the position of the last change, if a clock told it.
    """

    def __init__(self) -> None:
        self.strings = Strings()
        self.down = False
        self.gather_s = self.press_s = self.lift_s = NEVER
        self.own_s = -NEVER
        self.beat: float | None = None

    @property
    def due_s(self) -> float:
        """When the foot has something to do."""
        return min(self.gather_s, self.press_s, self.lift_s)

    def rest(self) -> None:
        """Forget what was planned."""
        self.down = False
        self.gather_s = self.press_s = self.lift_s = NEVER


class Feet:
    """Add the sustain pedal to each channel but that of drums; all that is heard passes."""

    def __init__(self, options: PedalOptions, context: LiveContext) -> None:
        self.due_s = NEVER
        self._options = options
        self._pulse: Pulse = context.pulse
        self._feet = [Foot() for _ in range(CHANNELS)]
        self._haste = cycle((1 + SPREAD * context.rng("foot").uniform(-1, 1, 64)).tolist())

    def hear(self, event: Event) -> Sequence[Event]:
        """Return the event, after what the foot had to do before it."""
        status, channel = event.data[0], event.channel
        if status >= 0xF0 or channel == DRUM_CHANNEL:
            return (event,)
        said = [moved.at(event.time_s) for moved in self.wake(event.time_s)]
        foot = self._feet[channel]
        if event.is_note_on:
            self._strike(event, foot)
        elif event.is_note_off:
            self._lift(event, foot)
        elif status & 0xF0 == CONTROL:
            said += self._control(event, foot)
        self._set_due()
        return [*said, event]

    def wake(self, now_s: float) -> list[Event]:
        """Return the movements whose time has come."""
        said: list[Event] = []
        for channel, foot in enumerate(self._feet if self.due_s <= now_s else ()):
            while foot.due_s <= now_s:
                said += self._move(channel, foot, foot.due_s)
        self._set_due()
        return said

    def turn(self, options: Any, now_s: float) -> Sequence[Event]:
        """Take other options; a foot that shall not play goes up."""
        self._options = options
        return () if options.amount else self.end(now_s)

    def end(self, now_s: float) -> Sequence[Event]:
        """Lift the pedal wherever it is down."""
        said = []
        for channel, foot in enumerate(self._feet):
            if foot.down:
                said.append(self._up(channel, foot, now_s))
            foot.rest()
        self.due_s = NEVER
        return said

    def _strike(self, event: Event, foot: Foot) -> None:
        foot.strings.strike(event.data[1])
        foot.lift_s = NEVER
        if foot.gather_s == NEVER and self._options.amount:
            foot.gather_s = event.time_s + GATHER_S

    def _lift(self, event: Event, foot: Foot) -> None:
        foot.strings.lift(event.data[1], caught=foot.down)
        if not foot.strings.held and (foot.down or foot.press_s < NEVER):
            foot.lift_s = event.time_s + self._options.silence_s

    def _control(self, event: Event, foot: Foot) -> list[Event]:
        """Give way to the player's own foot, and to what ends all notes."""
        number, value = event.data[1:]
        if number == SUSTAIN:
            foot.own_s = NEVER if value >= DOWN else event.time_s + OWN_S
            foot.rest()
            foot.strings.settle()
            foot.strings.damp(event.time_s)
        elif resets(event) or ends_notes(event):
            said = [self._up(event.channel, foot, event.time_s)] if foot.down else []
            foot.rest()
            if resets(event):
                foot.own_s = -NEVER
            else:
                foot.strings = Strings()
            return said
        return []

    def _move(self, channel: int, foot: Foot, now_s: float) -> list[Event]:
        """Do the first of what is planned."""
        if foot.due_s == foot.gather_s:
            return self._gathered(channel, foot, now_s)
        if foot.due_s == foot.press_s:
            return self._press(channel, foot, now_s)
        foot.lift_s = foot.press_s = NEVER
        return [self._up(channel, foot, now_s)] if foot.down else []

    def _gathered(self, channel: int, foot: Foot, now_s: float) -> list[Event]:
        """Decide what an onset is worth, now that all of its notes are known."""
        onset_s, foot.gather_s = foot.gather_s - GATHER_S, NEVER
        said: list[Event] = []
        if foot.own_s < onset_s and foot.strings.fresh:
            changes = foot.down and self._changes(foot, onset_s)
            foot.strings.settle()
            if changes:
                said.append(self._up(channel, foot, now_s))
            if not foot.down and foot.press_s == NEVER:
                foot.strings.damp(onset_s)
                foot.beat = self._pulse.beat(onset_s)
                foot.press_s = now_s + self._options.delay_ms / 1000 * next(self._haste)
        foot.strings.settle()
        return said

    def _changes(self, foot: Foot, onset_s: float) -> bool:
        """Return whether a new harmony begins, or the clock wants a new pedal."""
        if self._renews(foot, onset_s):
            return True
        return foot.strings.odds(onset_s) + 2 * self._options.care > 0

    def _renews(self, foot: Foot, onset_s: float) -> bool:
        beats, beat = self._options.renew_beats, self._pulse.beat(onset_s)
        if not beats or beat is None or foot.beat is None:
            return False
        return (beat + EARLY_BEATS) // beats > (foot.beat + EARLY_BEATS) // beats

    def _press(self, channel: int, foot: Foot, now_s: float) -> list[Event]:
        """Go down, if a key is still held that can be caught."""
        foot.press_s = NEVER
        if not foot.strings.held:
            return []
        foot.down = True
        return [Event(now_s, control(channel, SUSTAIN, round(127 * self._options.amount)))]

    def _up(self, channel: int, foot: Foot, now_s: float) -> Event:
        foot.down = False
        foot.strings.damp(now_s)
        return Event(now_s, control(channel, SUSTAIN, 0))

    def _set_due(self) -> None:
        self.due_s = min(foot.due_s for foot in self._feet)
