"""Say where the song of a gig is, whoever knows it: MIDI clock, Link, a score, or a steady tempo.

Whoever asks has one pulse for as long as the gig lasts, and need not know who says it now.
"""

from collections.abc import Callable

from bridge.gig_protocol import Clock
from bridge.live.follower import Follower
from bridge.live.link import LinkPulse
from bridge.live.score import Score
from bridge.live.timeline import Bend, Mapped, Rest, Steady, Timeline
from engines.clip import DEFAULT_BPM
from engines.live.engine import NEVER
from engines.live.event import Event

START_S = 0.1
"""A song on its own clock begins so soon."""


class Conductor:
    """Be the pulse of a gig; a timeline.

    On its own clock nothing is known until a score is played, or until the first note after
    `await_note`.

    Args:
        now_s: the port's clock.
        tell: called with sentences for the player.
    """

    def __init__(self, now_s: Callable[[], float], tell: Callable[[str], None]) -> None:
        self.clock: Clock = "own"
        """Who says how fast the song goes."""
        self._now_s, self._tell = now_s, tell
        self._bpm: float | None = None
        self._follower = Follower(tell)
        self._link: LinkPulse | None = None
        self._pulse: Timeline = Rest()
        self._passed = 0
        self._awaited: float | None = None
        self._bent: tuple[float, Timeline] | None = None

    def follow(self, clock: Clock, bpm: float | None) -> None:
        """Follow a clock from now on.

        Args:
            clock: who says how fast the song goes.
            bpm: the tempo that we bring to Link, and that of scores on their own clock, if any.

        Raises:
            BridgeError: Link cannot be joined.
        """
        self.clock, self._bpm = clock, bpm
        if clock == "link":
            self._link = LinkPulse(self._now_s, bpm=bpm or DEFAULT_BPM, tell=self._tell)
            self._pulse = self._link
        elif clock == "midi":
            self._pulse = self._follower

    @property
    def jumps(self) -> int:
        """Rises whenever the song is taken up anew."""
        return self._passed + self._pulse.jumps

    @property
    def landing(self) -> float:
        """The beat at which it was taken up last."""
        return self._pulse.landing

    @property
    def bpm(self) -> float | None:
        """The tempo in quarter notes a minute; None if unknown."""
        return self._pulse.bpm

    @property
    def due_s(self) -> float:
        """When `wake` wants to be called."""
        return self._follower.due_s if self.clock == "midi" else NEVER

    def beat(self, time_s: float) -> float | None:
        """Return the song's position in beats; None if unknown."""
        return self._pulse.beat(time_s)

    def time_s(self, beat: float) -> float | None:
        """Return when a beat will sound; None if unknown."""
        return self._pulse.time_s(beat)

    def hear(self, event: Event) -> None:
        """Hear what a MIDI clock says."""
        self._follower.hear(event)

    def wake(self, now_s: float) -> None:
        """Notice that a clock has stopped."""
        self._follower.wake(now_s)

    def play(self, score: Score, loops: int | None) -> float | None:
        """Begin with a score: on the own clock soon and with its tempo.

        Returns:
            The beat at which it begins; None for the next bar line of the clock.
        """
        self._awaited = None
        if self.clock != "own":
            return None
        self._turn(self._own(score, loops=loops != 1, start_s=self._now_s() + START_S))
        return 0.0

    def swap(self, score: Score, line: float | None) -> None:
        """Go on, on the own clock, with the tempo of another score, which is played over and over.

        Args:
            score: the other score.
            line: the beat from which on its tempo holds; None for all of the song.
        """
        if self.clock != "own" or self._bpm is not None:
            return
        before = self._before(line)
        if line is None:
            self._pulse = self._own(score, loops=True, start_s=before.time_s(0.0) or 0.0)
            return
        passed_s = self._own(score, loops=True, start_s=0.0).time_s(line) or 0.0
        after = self._own(score, loops=True, start_s=(before.time_s(line) or 0.0) - passed_s)
        self._pulse, self._bent = Bend(before, after, line), (line, before)

    def await_note(self, bpm: float | None = None) -> None:
        """Let bar 1 begin with the next note, in a steady tempo, if no song goes on yet."""
        tempo = self._bpm or bpm
        if self.clock == "own" and isinstance(self._pulse, Rest):
            self._awaited = tempo

    def hear_note(self, time_s: float) -> None:
        """Begin with this note if one is awaited."""
        if self._awaited is not None:
            self._pulse, self._awaited = Steady(self._awaited, time_s), None

    def close(self) -> None:
        """Leave Link."""
        if self._link is not None:
            self._link.close()

    def _before(self, line: float | None) -> Timeline:
        """Return the pulse up to a beat, without bends that are over or that it replaces."""
        pulse = self._pulse
        if not isinstance(pulse, Bend) or self._bent is None:
            return pulse
        if pulse.passed(self._now_s()):
            return pulse.after
        bent, before = self._bent
        return before if line is not None and line <= bent else pulse

    def _own(self, score: Score, *, loops: bool, start_s: float) -> Timeline:
        if self._bpm is not None:
            return Steady(self._bpm, start_s)
        return Mapped(score.tempo, start_s, score.length if loops else NEVER)

    def _turn(self, pulse: Timeline) -> None:
        self._passed = self.jumps + 1
        self._pulse = pulse
