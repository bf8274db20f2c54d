"""Define what a player that plays ahead asks of a pulse, and be such a pulse without a clock."""

from typing import Protocol

import numpy as np

from engines.clip import Tempo
from engines.live.engine import NEVER, Pulse


class Timeline(Pulse, Protocol):
    """Be a pulse that can be asked when a beat will sound."""

    @property
    def jumps(self) -> int:
        """Rises whenever the song is taken up anew.

        That is at a start, a continue, another position, or a clock that was lost and found.
        """
        ...

    @property
    def landing(self) -> float:
        """The beat at which it was taken up last."""
        ...

    def time_s(self, beat: float) -> float | None:
        """Return when a beat will sound by the port's clock; None if `beat` of now is None."""
        ...


class Steady:
    """Be a pulse of one tempo, where there is no clock.

    Args:
        bpm: quarter notes a minute.
        start_s: when beat 0 sounds.
    """

    jumps = 0
    landing = 0.0

    def __init__(self, bpm: float, start_s: float = 0.0) -> None:
        self.bpm: float | None = bpm
        self._beat_s = 60.0 / bpm
        self._start_s = start_s

    def beat(self, time_s: float) -> float | None:
        """Return the position in beats."""
        return (time_s - self._start_s) / self._beat_s

    def time_s(self, beat: float) -> float | None:
        """Return when a beat sounds."""
        return self._start_s + beat * self._beat_s


class Mapped:
    """Be a pulse that follows a tempo map, over and over for what is played as a loop.

    Args:
        tempo: the tempo map.
        start_s: when beat 0 sounds.
        length: the beats after which the map begins again.
    """

    jumps = 0
    landing = 0.0

    def __init__(self, tempo: Tempo, start_s: float = 0.0, length: float = NEVER) -> None:
        self.bpm: float | None = float(tempo.at(np.array(0.0)))
        self._tempo = tempo
        self._start_s = start_s
        self._length = length
        self._length_s = NEVER if length == NEVER else float(tempo.seconds(np.array(length)))

    def beat(self, time_s: float) -> float | None:
        """Return the position in beats; `bpm` is then the tempo there."""
        since_s = time_s - self._start_s
        turn = 0.0 if self._length == NEVER or since_s < 0 else since_s // self._length_s
        passed_s = since_s - turn * self._length_s if turn else since_s
        here = float(self._tempo.beats(np.array(passed_s)))
        self.bpm = float(self._tempo.at(np.array(here)))
        return here + turn * self._length if turn else here

    def time_s(self, beat: float) -> float | None:
        """Return when a beat sounds."""
        turn = 0.0 if self._length == NEVER or beat < 0 else beat // self._length
        passed = beat - turn * self._length if turn else beat
        seconds = float(self._tempo.seconds(np.array(passed)))
        return self._start_s + seconds + (turn * self._length_s if turn else 0.0)


class Rest:
    """Be a pulse of which nothing is known."""

    bpm: float | None = None
    jumps = 0
    landing = 0.0

    def beat(self, time_s: float) -> float | None:  # noqa: ARG002
        """Return None."""
        return None

    def time_s(self, beat: float) -> float | None:  # noqa: ARG002
        """Return None."""
        return None


class Bend:
    """Be one pulse up to a beat, and from there on another that says the same time for it.

    Args:
        before: the pulse up to the beat.
        after: the pulse from it on.
        beat: where they meet.
    """

    jumps = 0
    landing = 0.0

    def __init__(self, before: Timeline, after: Timeline, beat: float) -> None:
        self.after = after
        self._before, self._beat = before, beat
        self._met_s = before.time_s(beat) or 0.0
        self._now = before

    @property
    def bpm(self) -> float | None:
        """The tempo where `beat` was asked for last."""
        return self._now.bpm

    def passed(self, time_s: float) -> bool:
        """Return whether it is the other pulse already."""
        return time_s >= self._met_s

    def beat(self, time_s: float) -> float | None:
        """Return the position in beats; `bpm` is then the tempo there."""
        self._now = self.after if self.passed(time_s) else self._before
        return self._now.beat(time_s)

    def time_s(self, beat: float) -> float | None:
        """Return when a beat sounds."""
        return (self._before if beat < self._beat else self.after).time_s(beat)
