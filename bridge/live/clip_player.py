"""Play a score by a pulse: each message at the time at which the pulse says its beat sounds.

A message's beat is the start, so many whole lengths, and its own beat in the score: nothing is
added up, so no error grows. All that is remembered is which row comes next; when it sounds is asked
anew each time, and so every change of tempo is followed.
"""

import math

import numpy as np

from bridge.live.ledger import Ledger
from bridge.live.score import Score
from bridge.live.timeline import Timeline
from engines.live.engine import NEVER
from engines.live.event import Event

HORIZON_S = 0.02
"""So far ahead messages are handed out: more than a period of most sound cards, and less than what
a hand on a tempo dial would feel."""

SAME = 1e-9
"""Beats that lie closer are the same one."""

JUST = 1.0
"""A song that was taken up less than so many beats ago is played from where it was: whoever presses
start wants to hear the first beat, though two ticks of a clock pass before its tempo is known."""


class ClipPlayer:
    """Play a score once, several times or for ever.

    It is to be woken at `due_s`, which is to be asked for again whenever the pulse has heard
    something.

    Args:
        score: what is played.
        pulse: when its beats sound.
        at: the beat of the song at which it starts; without one, where the song is taken up, or the
            next of its bar lines.
        loops: how many times it is played.
        horizon_s: how far ahead of their times messages are handed out.

    Attributes:
        late: how many messages had to be handed out behind their times.
        turn: how many times the score has been played.
    """

    def __init__(
        self,
        score: Score,
        pulse: Timeline,
        *,
        at: float | None = None,
        loops: float = NEVER,
        horizon_s: float = HORIZON_S,
    ) -> None:
        self.score = score
        self.late = 0
        self.turn = 0
        self._pulse = pulse
        self._at = at
        self._loops = loops
        self._horizon_s = horizon_s
        self._start: float | None = None
        self._row = 0
        self._on: set[int] = set()
        self._waiting: tuple[float, Score] | None = None
        self._reached = -NEVER
        self._jumps = pulse.jumps
        self._playing = self._closed = False
        self._ledger = Ledger()
        self._last_s = -NEVER

    @property
    def ended(self) -> bool:
        """Whether nothing more will sound, unless the song goes back."""
        over = self._start is not None and self.turn >= self._loops and not self._waiting
        return self._closed or over

    @property
    def due_s(self) -> float:
        """When `wake` has something to do."""
        if self._closed:
            return NEVER
        known = self._pulse.time_s(0.0) is not None
        if known != self._playing or (known and self._jumps != self._pulse.jumps):
            return -NEVER
        time_s = None if self.ended else self._pulse.time_s(self._next_beat())
        return NEVER if time_s is None else time_s - self._horizon_s

    def wake(self, now_s: float) -> list[Event]:
        """Return all that sounds up to the horizon; what is late sounds now, in order."""
        said: list[Event] = []
        beat = self._pulse.beat(now_s)
        if beat is None or self._closed:
            self._pause(said, now_s)
            return said
        if not self._playing or self._jumps != self._pulse.jumps:
            self._land(said, now_s, beat)
        until_s = now_s + self._horizon_s
        while not self.ended:
            time_s = self._pulse.time_s(self._next_beat())
            if time_s is None or time_s > until_s:
                break
            self._step(said, time_s, now_s)
        self._reached = max(self._reached, self._pulse.beat(until_s) or -NEVER)
        return said

    def swap(self, score: Score) -> float | None:
        """Go on with another score at the next bar line, at the same place in it.

        Returns:
            The beat of the song at which it enters; None if nothing was played yet.
        """
        started = self._playing and self._start is not None and self._reached > self._start
        if started and not self.ended:
            line = self._next_line()
            self._waiting = (line, score)
            return line
        self.score = score
        self._waiting = None
        return None

    def end(self, now_s: float) -> list[Event]:
        """End all that sounds, and play no more."""
        self._closed = True
        return self.wake(now_s)

    def _next_beat(self) -> float:
        """Return the beat of the song at which something is to be done next."""
        beat = self._beat_of(self._row)
        return min(beat, self._waiting[0]) if self._waiting else beat

    def _beat_of(self, row: int) -> float:
        """Return the beat of the song at which a row of this turn sounds, or the turn ends."""
        score = self.score
        within = float(score.beats[row]) if row < len(score.beats) else score.length
        return (self._start or 0.0) + self.turn * score.length + within

    def _next_line(self) -> float:
        """Return the first bar line before which all was handed out and nothing behind it."""
        lines = (self._start or 0.0) + self.turn * self.score.length + self.score.bars
        ahead = lines[lines > self._reached + SAME]
        return float(ahead[0]) if len(ahead) else float(lines[-1]) + self.score.bar

    def _step(self, said: list[Event], time_s: float, now_s: float) -> None:
        """Do what is to be done next."""
        if self._waiting and not self._precedes(self._waiting[0]):
            line, self.score = self._waiting
            self._waiting = None
            self._enter(said, line, max(time_s, now_s))
        elif self._row < len(self.score.messages):
            self._play(said, time_s, now_s)
        else:
            self.turn, self._row = self.turn + 1, 0

    def _precedes(self, line: float) -> bool:
        """Return whether the next row belongs before a bar line: it comes before, or ends there."""
        beat, score = self._beat_of(self._row), self.score
        if abs(beat - line) > SAME or self._row == len(score.messages):
            return beat < line - SAME
        return bool(score.begins[self._row] >= 0 or score.beats[self._row] == score.length)

    def _play(self, said: list[Event], time_s: float, now_s: float) -> None:
        """Hand the next row out, unless it ends a note that does not sound."""
        row, self._row = self._row, self._row + 1
        event = Event(max(time_s, now_s), self.score.messages[row])
        if event.is_note_off:
            begin = int(self.score.begins[row])
            if begin not in self._on:
                return
            self._on.remove(begin)
        elif event.is_note_on:
            self._on.add(row)
        self.late += time_s < now_s
        self._say(said, event)

    def _land(self, said: list[Event], now_s: float, beat: float) -> None:
        """Take the song up where it is now."""
        self._jumps, self._playing = self._pulse.jumps, True
        landing = self._pulse.landing
        here = landing if abs(beat - landing) < JUST else beat
        if self._waiting:
            self.score, self._waiting = self._waiting[1], None
        self._place(here)
        self._reached = here - 2.0 * SAME
        self._enter(said, here, now_s)

    def _place(self, here: float) -> None:
        """Decide at which beat of the song the first turn starts."""
        score, start = self.score, self._start
        if start is None and self._at is not None:
            self._start = self._at
        elif start is None or (here < start - SAME and self._at is None and self._loops < NEVER):
            self._start = math.ceil(here / score.bar - SAME) * score.bar
        elif here < start - SAME and self._loops == NEVER:
            self._start = start - math.ceil((start - here) / score.length) * score.length

    def _enter(self, said: list[Event], beat: float, time_s: float) -> None:
        """End all that sounds and go on at a beat of the song, with all set as it is there."""
        score = self.score
        for data in self._ledger.ends():
            self._say(said, Event(time_s, data))
        self._on.clear()
        passed = max(beat - (self._start or 0.0), 0.0)
        self.turn = int(passed / score.length + SAME)
        within = passed - self.turn * score.length
        self._row = int(np.searchsorted(score.beats, within - SAME))
        if not self.ended:
            for data in score.chase.before(self._row):
                self._say(said, Event(time_s, data))

    def _pause(self, said: list[Event], now_s: float) -> None:
        """End all that sounds until the song goes on."""
        self._playing = False
        self._on.clear()
        for data in self._ledger.ends():
            self._say(said, Event(now_s, data))

    def _say(self, said: list[Event], event: Event) -> None:
        """Hand an event out, never before the one that was handed out last."""
        self._last_s = max(event.time_s, self._last_s)
        self._ledger.enter(event.data)
        said.append(event.at(self._last_s))
