"""Answer what is played: gather a phrase, have an answer made of it, and play that in time.

A phrase begins in the bar of its first note. It is over at the bar line before which the player has
stopped, or after a number of bars; the answer begins there and is as long. It is asked for ahead of
that line and made elsewhere; if it has not come by then, the phrase itself comes back, struck a
little otherwise. So there is always an answer, and always on time.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from bridge.live.clip_player import SAME, ClipPlayer
from bridge.live.clip_score import clip_score
from bridge.live.score import metres_of
from bridge.live.timeline import Timeline
from engines.clip import Clip, Notes, Tempo
from engines.live.engine import NEVER
from engines.live.event import Event
from engines.stream import stream

LEAD_S = 0.25
"""So long before the bar line an answer is asked for: a quick preset takes some milliseconds."""

TAKEN_S = 0.03
"""So long before the bar line an answer must be there: it is handed out a horizon ahead."""

REST = 0.5
"""Who has not played for so many beats has stopped. An eighth, so that a phrase that ends on the
fourth beat is answered at the next bar line."""

EARLY = 0.25
"""A first note so few beats before a bar line belongs behind it."""

TOUCH = 0.08
"""By which share velocities of a phrase that comes back differ, as those of players who repeat
themselves do."""


class Call(NamedTuple):
    """Ask for an answer to a phrase.

    Attributes:
        number: which call it is, from 0.
        clip: the phrase, from the bar line where it began, as far as it is known.
        beat: the beat of the song at which the answer begins.
        deadline_s: when it must be there, by the port's clock.
    """

    number: int
    clip: Clip
    beat: float
    deadline_s: float


Ask = Callable[[Call], None]
"""What hands a call to whoever makes answers. It returns at once; the answer is brought later to
`Response.answer`, on the thread that wakes it."""


@dataclass
class Key:
    """Be a note that was played; `end` is NEVER while its key is down."""

    onset: float
    pitch: int
    velocity: int
    end: float = NEVER
    release: int = 64


class Response:
    """Hear a player and answer.

    Args:
        pulse: where the song is.
        ask: what hands calls on.
        bars: how many bars a phrase has; None until the player stops.
        bar: beats in a bar.
        channel: on which the answers are played, from 0; None for the player's.
        seed: names how a phrase that comes back is varied.

    Attributes:
        calls: how many answers were asked for.
        unanswered: how many calls had no answer in time.
    """

    def __init__(
        self,
        pulse: Timeline,
        ask: Ask,
        *,
        bars: int | None = None,
        bar: float = 4.0,
        channel: int | None = None,
        seed: int = 0,
    ) -> None:
        self.calls = self.unanswered = 0
        self._pulse, self._ask = pulse, ask
        self._bars, self._bar = bars, bar
        self._channel, self._seed = channel or 0, seed
        self._own_channel = channel is not None
        self._keys: list[Key] = []
        self._last = -NEVER
        self._call: Call | None = None
        self._answer: Clip | None = None
        self._player: ClipPlayer | None = None
        self._jumps = pulse.jumps

    @property
    def due_s(self) -> float:
        """When `wake` has something to do."""
        playing = self._player.due_s if self._player else NEVER
        if self._jumps != self._pulse.jumps:
            return -NEVER
        return min(playing, self._next_s())

    def hear(self, event: Event) -> None:
        """Hear a message of the player; where the song is must be known for it to count."""
        beat = self._pulse.beat(event.time_s)
        if beat is None or not (event.is_note_on or event.is_note_off):
            return
        self._last = beat
        if event.is_note_off:
            self._release(event, beat)
            return
        if self._bars is None:
            self._call = None  # whoever goes on playing has not stopped
        if not self._own_channel:
            self._channel = event.channel
        self._keys.append(Key(beat, event.data[1], event.data[2]))

    def wake(self, now_s: float) -> list[Event]:
        """Return what the answer plays up to the horizon."""
        said: list[Event] = []
        if self._jumps != self._pulse.jumps or self._pulse.beat(now_s) is None:
            said += self.end(now_s)
        elif self._keys and not self._call and now_s >= self._next_s():
            self._call_out(now_s)
        if self._call and now_s >= self._call.deadline_s:
            said += self._reply(self._call, now_s)
        if self._player:
            said += self._player.wake(now_s)
            self._player = None if self._player.ended else self._player
        return said

    def answer(self, number: int, clip: Clip) -> bool:
        """Bring the answer to a call; return whether it is still wanted."""
        wanted = self._call is not None and self._call.number == number
        if wanted:
            self._answer = clip
        return wanted

    def end(self, now_s: float) -> list[Event]:
        """End all that sounds, and forget the phrase."""
        said = self._player.end(now_s) if self._player else []
        self._player = self._call = self._answer = None
        self._keys.clear()
        self._jumps = self._pulse.jumps
        return said

    def _release(self, event: Event, beat: float) -> None:
        for key in self._keys:
            if key.pitch == event.data[1] and key.end == NEVER:
                key.end, key.release = beat, event.data[2]
                return

    def _begin(self) -> float:
        """Return the bar line at which the phrase begins."""
        return math.floor((self._keys[0].onset + EARLY) / self._bar) * self._bar

    def _line(self) -> float:
        """Return the bar line at which the answer would begin."""
        if self._bars is not None:
            return self._begin() + self._bars * self._bar
        held = any(key.end == NEVER for key in self._keys)
        if held:
            return NEVER
        return max(math.ceil((self._last + REST) / self._bar - SAME), 1) * self._bar

    def _next_s(self) -> float:
        """Return when something is to be done with the phrase."""
        if self._call:
            return self._call.deadline_s
        line = self._line() if self._keys else NEVER
        line_s = None if line == NEVER else self._pulse.time_s(line)
        return NEVER if line_s is None else line_s - LEAD_S

    def _call_out(self, now_s: float) -> None:
        """Ask for the answer."""
        line = self._line()
        line_s = self._pulse.time_s(line)
        if line_s is None:
            return
        while line_s < now_s and self._bars is None:  # the song was faster than we were woken
            line += self._bar
            line_s = self._pulse.time_s(line) or NEVER
        self._answer = None
        self._call = Call(self.calls, self._phrase(line), line, line_s - TAKEN_S)
        self.calls += 1
        self._ask(self._call)

    def _phrase(self, line: float) -> Clip:
        """Return what was played as a clip that ends at the bar line."""
        begin = self._begin()
        ends = np.minimum([key.end for key in self._keys], line) - begin
        onset = np.clip([key.onset - begin for key in self._keys], 0.0, line - begin)
        notes = Notes(
            pitch=np.array([key.pitch for key in self._keys]),
            onset=onset,
            duration=np.maximum(ends - onset, 0.0),
            velocity=np.array([float(key.velocity) for key in self._keys]),
            release_velocity=np.array([float(key.release) for key in self._keys]),
        )
        bpm = self._pulse.bpm
        tempo = Tempo(time=np.zeros(1), bpm=np.full(1, bpm)) if bpm else Tempo()
        return Clip(
            notes,
            length=line - begin,
            tempo=tempo,
            metre=metres_of(self._bar),
            channel=self._channel,
        )

    def _reply(self, call: Call, now_s: float) -> list[Event]:
        """Play the answer, or the phrase if there is none, from the bar line on."""
        said = self._player.end(now_s) if self._player else []
        self.unanswered += self._answer is None
        rng = stream(self._seed, call.number, "response")
        clip = self._answer or varied(self._phrase(call.beat), rng)
        score = clip_score([clip.replace(channel=self._channel)], seed=self._seed)
        self._player = ClipPlayer(score, self._pulse, at=call.beat, loops=1)
        self._keys.clear()
        self._call = self._answer = None
        return said


def varied(clip: Clip, rng: np.random.Generator) -> Clip:
    """Return a clip whose notes are struck a little otherwise."""
    notes = clip.notes
    touch = 1.0 + TOUCH * rng.standard_normal(len(notes))
    return clip.replace(notes=notes.replace(velocity=np.clip(notes.velocity * touch, 1.0, 127.0)))
