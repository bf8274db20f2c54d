"""Give notes a human touch while they are played: how loud each is, and how early or late.

Nothing is known of what comes. To let a note come early, all must be late: that is the look-ahead.
"""

from collections.abc import Sequence
from typing import Annotated, Literal

from engines.engine import Options as Root
from engines.error import WeightsError
from engines.lender import Lender
from engines.live.engine import LiveContext
from engines.live.event import Event, note_on
from engines.option import dial, note
from engines.touch.hand import Hand, Note
from engines.touch.hearing import STYLES
from engines.touch.network import Network
from engines.touch.waiting import Waiting
from engines.touch.weights import SHIPPED

LATEST_MS = 30.0
"""Notes come at most so much later than the look-ahead says. Source: of the notes it learned from,
90 in 100 of pianists, 94 of soloists and 97 of drummers come no later than that."""

LATE_ONLY = (
    "with no look-ahead notes can be louder, softer or later, never earlier: set lookahead_ms for"
    " the whole of it"
)


class HumanizeOptions(Root, frozen=True):
    """Say how much of the touch, and how far ahead it may be heard."""

    amount: Annotated[float, dial(0, 2, "how much of the touch, 0 none, 1 all of it")] = 1.0
    velocity: Annotated[float, dial(0, 2, "how much of its dynamics")] = 1.0
    timing: Annotated[float, dial(0, 2, "how much of its earliness and lateness")] = 1.0
    lookahead_ms: Annotated[
        float, dial(0, 30, "how much later all is, so that notes can come early", "ms")
    ] = 10.0
    keep_accents: Annotated[
        bool, note("add to the velocities that are played; off replaces them, at the same mean")
    ] = True
    style: Annotated[
        Literal["auto", "piano", "line", "drums"],
        note("whom to play like; auto hears it, and drums are on channel 10"),
    ] = "auto"


class Humanize:
    """Make players with a learned hand.

    Args:
        lender: lends what it has learned.
    """

    name = "live.humanize"
    summary = "Gives dynamics and microtiming to notes as they are played, as learned from players."
    kind = "live"
    Options = HumanizeOptions

    def __init__(self, lender: Lender[Network] = SHIPPED) -> None:
        self._lender = lender

    def __call__(self, options: HumanizeOptions, context: LiveContext) -> "Player":
        """Return a player that has heard nothing yet."""
        try:
            network = self._lender.lend()
        except WeightsError as error:
            context.warn(f"notes are passed on as they are: {error}")
            network = None
        return Player(options, context, network)


class Player:
    """Touch notes as they come, with one hand a channel.

    Args:
        options: they may change.
        context: whose pulse is asked where in the beat a note is.
        network: what the hands have learned; without it notes are not touched.
    """

    def __init__(
        self, options: HumanizeOptions, context: LiveContext, network: Network | None
    ) -> None:
        self._context = context
        self._network = network
        self._hands: dict[int, Hand] = {}
        self._waiting = Waiting()
        self._told = False
        self._options = options
        self._set(options)
        self.due_s = self._waiting.due_s
        """When the next message that waits is to sound."""

    def hear(self, event: Event) -> Sequence[Event]:
        """Return what sounds by now; what was heard may have to wait."""
        waiting = self._waiting
        if event.is_note_on:
            louder, later_s = self._touched(event)
            waiting.begin(event, self._struck(event, louder), later_s)
        elif event.is_note_off:
            waiting.end(event)
        else:
            waiting.pass_on(event)
        return self._due(event.time_s)

    def wake(self, now_s: float) -> Sequence[Event]:
        """Return what sounds by now."""
        return self._due(now_s)

    def turn(self, options: HumanizeOptions, now_s: float) -> Sequence[Event]:
        """Go on with other options; what waits keeps its time."""
        self._set(options)
        return self._due(now_s)

    def end(self, now_s: float) -> Sequence[Event]:  # noqa: ARG002 - the times are known
        """Return all that waits, each at its time."""
        return self._due(self._waiting.last_s)

    def _due(self, now_s: float) -> list[Event]:
        found = self._waiting.due(now_s)
        self.due_s = self._waiting.due_s
        return found

    def _set(self, options: HumanizeOptions) -> None:
        self._options = options
        self._waiting.lookahead_s = 1e-3 * options.lookahead_ms
        self._velocity = options.amount * options.velocity
        self._timing = options.amount * options.timing
        self._style = None if options.style == "auto" else STYLES.index(options.style)
        for hand in self._hands.values():
            hand.turn(self._style)
        if self._timing and not options.lookahead_ms and not self._told:
            self._told = True
            self._context.warn(LATE_ONLY)

    def _touched(self, event: Event) -> tuple[float, float]:
        """Return by how many velocities a note is louder, and by how many seconds later."""
        if self._network is None or not (self._velocity or self._timing):
            return 0.0, 0.0
        channel, pitch = event.key
        hand = self._hands.get(channel)
        if hand is None:
            draw = self._context.rng(f"channel {channel}")
            hand = self._hands[channel] = Hand(self._network, draw, self._style, channel)
        pulse = self._context.pulse
        played = Note(
            event.time_s, channel, pitch, event.data[2], pulse.beat(event.time_s), pulse.bpm
        )
        touch = hand.touch(played, keep_accents=self._options.keep_accents)
        late_ms = max(-self._options.lookahead_ms, min(LATEST_MS, self._timing * touch.late_ms))
        return self._velocity * touch.louder, 1e-3 * late_ms

    def _struck(self, event: Event, louder: float) -> bytes:
        """Return a note on with its new velocity."""
        if not louder:
            return event.data
        velocity = max(1, min(127, round(event.data[2] + louder)))
        return note_on(event.data[0] & 0x0F, event.data[1], velocity)
