"""Be engines of a third party that misbehave in every way that the server must survive."""

import os
from threading import Event
from typing import Annotated, Literal

from msgspec import Meta

from engines import Clip
from engines.engine import Context, Options
from engines.live import event as live
from engines.live.engine import NEVER, LiveContext
from engines.option import dial


class Nothing(Options, frozen=True):
    """Take no options."""


class Patience(Options, frozen=True):
    """Say how long to sleep."""

    seconds: Annotated[float, dial(0, 60, "how long to take", "s")] = 1.0


class Amount(Options, frozen=True):
    """Take the one option that every humanizer has."""

    amount: Annotated[float, dial(0, 2, "how much")] = 1.0


class Hanger:
    name = "hanger"
    summary = "Never returns."
    kind = "generator"
    Options = Nothing

    def __call__(self, clip: Clip, options: Nothing, context: Context) -> Clip:
        Event().wait()
        return clip


class Crasher:
    name = "crasher"
    summary = "Ends its process."
    kind = "generator"
    Options = Nothing

    def __call__(self, clip: Clip, options: Nothing, context: Context) -> Clip:
        os._exit(3)


class Sleeper:
    name = "sleeper"
    summary = "Takes its time, and can be cancelled."
    kind = "generator"
    Options = Patience

    def __call__(self, clip: Clip, options: Patience, context: Context) -> Clip:
        steps = max(1, round(options.seconds / 0.01))
        for step in range(steps):
            Event().wait(0.01)
            context.progress((step + 1) / steps)
        return clip


class Loser:
    name = "loser"
    summary = "Loses a note."
    kind = "humanizer"
    Options = Amount

    def __call__(self, clip: Clip, options: Amount, context: Context) -> Clip:
        return clip.replace(notes=clip.notes.take(clip.notes.onset > 0))


class Raiser:
    name = "raiser"
    summary = "Raises what nobody expects."
    kind = "humanizer"
    Options = Amount

    def __call__(self, clip: Clip, options: Amount, context: Context) -> Clip:
        raise ZeroDivisionError("a fault of a third party")


class Doubter:
    name = "doubter"
    summary = "Warns twice of the same, and has a sentence for every take."
    kind = "humanizer"
    Options = Amount

    def __call__(self, clip: Clip, options: Amount, context: Context) -> Clip:
        context.warn("it is late")
        context.warn("it is late")
        context.warn(f"seed {context.seed}")
        return clip


class Moment(Options, frozen=True):
    """Say when to raise."""

    at: Annotated[Literal["hear", "wake", "turn", "end"], Meta(description="when to raise")] = (
        "hear"
    )


class LiveRaiser:
    name = "live.raiser"
    summary = "Holds what it hears, and raises what nobody expects."
    kind = "live"
    Options = Moment

    def __call__(self, options: Moment, context: LiveContext) -> "Breaker":
        return Breaker(options.at)


class Breaker:
    """Pass note ons, and never an off."""

    def __init__(self, at: str) -> None:
        self.due_s = NEVER
        self._at = at

    def hear(self, event: live.Event) -> list[live.Event]:
        if event.is_note_off:
            self._reach("hear")
            return []
        if self._at == "wake":
            self.due_s = event.time_s + 0.05
        return [event]

    def wake(self, now_s: float) -> list[live.Event]:
        self._reach("wake")
        return []

    def turn(self, options: Moment, now_s: float) -> list[live.Event]:
        self._reach("turn")
        return []

    def end(self, now_s: float) -> list[live.Event]:
        self._reach("end")
        return []

    def _reach(self, moment: str) -> None:
        if self._at == moment:
            raise ZeroDivisionError("a fault of a third party")
