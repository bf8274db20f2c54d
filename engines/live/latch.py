"""Hold keys that were let go, until the next chord or until they are struck again."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from engines.engine import Options as Root
from engines.live.ending import ends_notes, resets
from engines.live.engine import NEVER, LiveContext
from engines.live.event import CHANNELS, Event, note_off
from engines.option import note


class LatchOptions(Root, frozen=True):
    """Choose what lets a key go."""

    hold: Annotated[bool, note("hold keys; off lets go of them and plays through")] = True
    mode: Annotated[
        Literal["chord", "toggle"],
        note("chord: the next key after all were let go ends them; toggle: each key its own"),
    ] = "chord"


class Latch:
    """Make players that hold what was let go."""

    name = "live.latch"
    summary = "Holds what you let go: until the next chord, or until a key is struck again."
    kind = "live"
    Options = LatchOptions

    def __call__(self, options: LatchOptions, context: LiveContext) -> "Holder":  # noqa: ARG002
        """Return a player that has heard nothing yet."""
        return Holder(options)


class Hold:
    """Keep what one channel's keys do.

    Attributes:
        down: keys that a finger holds, and that sound.
        muted: keys that a finger holds after it struck them to end them.
        kept: the offs of keys that sound on without a finger.
    """

    def __init__(self) -> None:
        self.down: set[int] = set()
        self.muted: set[int] = set()
        self.kept: dict[int, bytes] = {}

    def let_go(self, time_s: float) -> list[Event]:
        """End all that sounds without a finger."""
        said = [Event(time_s, data) for data in self.kept.values()]
        self.kept.clear()
        return said


class Holder:
    """Swallow note offs until it is their time."""

    due_s = NEVER

    def __init__(self, options: LatchOptions) -> None:
        self._options = options
        self._channels = [Hold() for _ in range(CHANNELS)]

    def hear(self, event: Event) -> Sequence[Event]:
        """Return a note on after the offs that it brings; an off only if its key is not held."""
        if event.is_note_on:
            return self._strike(event, self._channels[event.channel])
        if event.is_note_off:
            return self._lift(event, self._channels[event.channel])
        if ends_notes(event):
            said = self._channels[event.channel].let_go(event.time_s)
            self._channels[event.channel] = Hold()
            return (*said, event)
        if resets(event):
            return (*self._channels[event.channel].let_go(event.time_s), event)
        return (event,)

    def wake(self, now_s: float) -> Sequence[Event]:  # noqa: ARG002
        """Return nothing: nothing waits."""
        return ()

    def turn(self, options: Any, now_s: float) -> Sequence[Event]:
        """Take other options; `hold` switched off lets everything go."""
        self._options = options
        return () if options.hold else self.end(now_s)

    def end(self, now_s: float) -> Sequence[Event]:
        """Let everything go."""
        return [off for hold in self._channels for off in hold.let_go(now_s)]

    def _strike(self, event: Event, hold: Hold) -> Sequence[Event]:
        pitch, time_s = event.data[1], event.time_s
        off, said = hold.kept.pop(pitch, None), []
        if off is not None:
            said.append(Event(time_s, off))
            if self._options.mode == "toggle":
                hold.muted.add(pitch)
                return said
        elif pitch in hold.down and self._options.hold:
            said.append(Event(time_s, note_off(event.channel, pitch)))
        if self._options.mode == "chord" and not (hold.down or hold.muted):
            said += hold.let_go(time_s)
        hold.muted.discard(pitch)
        hold.down.add(pitch)
        return (*said, event)

    def _lift(self, event: Event, hold: Hold) -> Sequence[Event]:
        pitch = event.data[1]
        if pitch in hold.muted:
            hold.muted.remove(pitch)
            return ()
        if pitch in hold.down:
            hold.down.remove(pitch)
            if self._options.hold:
                hold.kept[pitch] = event.data
                return ()
        return () if pitch in hold.kept else (event,)
