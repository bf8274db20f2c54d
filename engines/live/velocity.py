"""Make a keyboard's velocities those of a hand: a curve, a range, and what the player is used to.

All channels are one player's hands: what is learned is learned from all of them.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any

from msgspec import Meta

from engines.engine import Options as Root
from engines.error import OptionError
from engines.live.calibration import LEVELS, SAME, Curve, curve, is_flat, quantiles
from engines.live.engine import NEVER, LiveContext
from engines.live.event import Event
from engines.option import dial, note

LEARNING_S, LEARNING_NOTES = 60.0, 100
"""So much playing, and so many notes at least, tell how a hand strikes. A quantile of 100 notes
errs by a few velocities: for velocities of spread 14 the median's standard error is 1.25 * 14 / 10,
under 2."""

PAUSE_S = 2.0
"""Who strikes nothing for longer is not playing: such gaps are not counted."""

FADE_S = 20.0
"""A new calibration comes in over so many seconds: at 4 notes a second, and 40 steps of velocity at
most, no note differs by more than half a step from the one before. Our choice."""


class VelocityOptions(Root, frozen=True):
    """Choose the curve and the range, and whether to learn the player's hand."""

    amount: Annotated[float, dial(0, 1, "how much of the change, 0 none, 1 all of it")] = 1.0
    drive: Annotated[float, dial(-1, 1, "below 0 softer hands, above 0 harder ones")] = 0.0
    low: Annotated[int, dial(1, 127, "what the softest touch sounds like")] = 1
    high: Annotated[int, dial(1, 127, "what the hardest touch sounds like")] = 127
    learn: Annotated[
        bool, note("learn from the first minute of playing how hard you strike, and even it out")
    ] = True
    calibration: Annotated[
        tuple[Annotated[float, Meta(ge=1, le=127)], ...],
        Meta(
            max_length=len(LEVELS),
            description="what was learned before, 11 rising velocities; none learns it anew",
        ),
    ] = ()

    def __post_init__(self) -> None:
        """Refuse a calibration of another length, or one that falls.

        Raises:
            OptionError: the calibration is not allowed.
        """
        given = self.calibration
        rises = all(soft < hard for soft, hard in pairwise(given))
        if given and (len(given) != len(LEVELS) or not rises):
            fault = f"is {list(given)}, allowed are none or {len(LEVELS)} rising velocities"
            raise OptionError("calibration", fault)


class Velocity:
    """Make players that change how hard keys were struck, and nothing else."""

    name = "live.velocity"
    summary = "Fits a keyboard's touch to your hands, by a curve and by what it hears in a minute."
    kind = "live"
    Options = VelocityOptions

    def __call__(self, options: VelocityOptions, context: LiveContext) -> "Hands":
        """Return a player that has heard nothing yet."""
        return Hands(options, context)


class Hands:
    """Change velocities by what is known of the hands that play.

    Attributes:
        learned: the quantiles of what was played, (11,), at `calibration.LEVELS`; none before
            they are known.
    """

    due_s = NEVER

    def __init__(self, options: VelocityOptions, context: LiveContext) -> None:
        self.learned = options.calibration
        self._options = options
        self._warn = context.warn
        self._touch = Touch(curve(options.calibration))
        self._ear = None if self.learned or not options.learn else Ear()

    @property
    def learning(self) -> float:
        """Which share of what is needed to know a hand was heard, 0 to 1; any thread may ask."""
        ear = self._ear
        return 1.0 if ear is None else ear.share

    def hear(self, event: Event) -> Sequence[Event]:
        """Return the event; a note on as hard as it shall sound."""
        if not event.is_note_on:
            return (event,)
        time_s, (status, pitch, velocity) = event.time_s, event.data
        if self._ear is not None:
            self._listen(self._ear, time_s, velocity)
        return (Event(time_s, bytes((status, pitch, self._played(velocity, time_s)))),)

    def wake(self, now_s: float) -> Sequence[Event]:  # noqa: ARG002
        """Return nothing: nothing waits."""
        return ()

    def turn(self, options: Any, now_s: float) -> Sequence[Event]:
        """Take other options; `learn` switched on begins to learn anew."""
        before, self._options = self._options, options
        if options.calibration != before.calibration:
            self.learned, self._ear = options.calibration, None
            self._touch.become(curve(options.calibration), now_s)
        if options.learn and not before.learn:
            self._ear = Ear()
        elif not options.learn:
            self._ear = None
        return ()

    def end(self, now_s: float) -> Sequence[Event]:  # noqa: ARG002
        """Return nothing: no note is this player's own."""
        return ()

    def _played(self, velocity: int, time_s: float) -> int:
        """Return what a velocity becomes, 1 to 127."""
        options = self._options
        share = max(self._touch.at(velocity, time_s) - 1.0, 0.0) / 126.0
        shaped = share ** (2.0**-options.drive)
        wanted = options.low + (options.high - options.low) * shaped
        return min(max(round(velocity + options.amount * (wanted - velocity)), 1), 127)

    def _listen(self, ear: "Ear", time_s: float, velocity: int) -> None:
        """Learn from one more note; the calibration comes in when enough was heard."""
        ear.hear(time_s, velocity)
        if ear.share < 1.0:
            return
        found = quantiles(ear.counts)
        if is_flat(found):
            self._ear = Ear()
            self._warn("all keys come nearly as hard as each other, so your touch is not learned")
            return
        self.learned, self._ear = found, None
        self._touch.become(curve(found), time_s)


class Ear:
    """Count velocities and the time that was played."""

    def __init__(self) -> None:
        self.counts = [0] * 128
        self._notes, self._played_s, self._last_s = 0, 0.0, NEVER

    @property
    def share(self) -> float:
        """Which share of what is needed was heard, 0 to 1."""
        return min(self._played_s / LEARNING_S, self._notes / LEARNING_NOTES, 1.0)

    def hear(self, time_s: float, velocity: int) -> None:
        """Take in one note."""
        gap_s = time_s - self._last_s
        if 0.0 < gap_s <= PAUSE_S:
            self._played_s += gap_s
        self._last_s = time_s if gap_s == -NEVER else max(self._last_s, time_s)
        self._notes += 1
        self.counts[velocity] += 1


class Touch:
    """Be a curve of velocities that turns into another one slowly."""

    def __init__(self, given: Curve = SAME) -> None:
        self._before, self._after, self._since_s = given, given, -NEVER

    def at(self, velocity: int, time_s: float) -> float:
        """Return what a velocity becomes at a time."""
        share = self._share(time_s)
        return self._before[velocity] * (1.0 - share) + self._after[velocity] * share

    def become(self, wanted: Curve, time_s: float) -> None:
        """Turn into another curve from now on."""
        self._before = tuple(self.at(velocity, time_s) for velocity in range(128))
        self._after, self._since_s = wanted, time_s

    def _share(self, time_s: float) -> float:
        return min(max((time_s - self._since_s) / FADE_S, 0.0), 1.0)
