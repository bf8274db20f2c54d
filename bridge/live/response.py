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
"""A first note so few beats before a bar line is a pick-up to it."""

AHEAD_S = 0.15
"""What was played so shortly before the song began belongs to it."""

TOUCH = 0.08
"""By which share velocities of a phrase that comes back differ, as those of players who repeat
themselves do."""


class Call(NamedTuple):
    """Ask for an answer to a phrase.

    Attributes:
        number: which call it is, from 0.
        clip: the phrase, from the bar line where it began, as far as it is known.
        beat: the beat of the song at which the answer's clip begins.
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
        self._channel, self._seed = channel, seed
        self._heard_channel = 0
        self._keys: list[Key] = []
        self._last = -NEVER
        self._call: Call | None = None
        self._answer: Clip | None = None
        self._player: ClipPlayer | None = None
        self._jumps = pulse.jumps
        self._leapt = False
        self._before: list[Event] = []

    @property
    def due_s(self) -> float:
        """When `wake` has something to do."""
        playing = self._player.due_s if self._player else NEVER
        if self._leapt or self._jumps != self._pulse.jumps:
            return -NEVER
        return min(playing, self._next_s())

    def hear(self, event: Event) -> None:
        """Hear a message of the player; where the song is must be known for it to count.

        It may become known just after: who begins with a drum machine is often a little early.
        """
        if not (event.is_note_on or event.is_note_off):
            return
        self._notice()
        if self._pulse.beat(event.time_s) is None:
            self._before = [one for one in self._before if one.time_s > event.time_s - AHEAD_S]
            self._before.append(event)
        else:
            self._recall()
            self._take(event)

    def wake(self, now_s: float) -> list[Event]:
        """Return what the answer plays up to the horizon."""
        said: list[Event] = []
        self._notice()
        if self._leapt or self._pulse.beat(now_s) is None:
            said += self._fall_silent(now_s)
        self._recall()
        if self._keys and not self._call and now_s >= self._next_s():
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
        self._forget()
        return self._fall_silent(now_s)

    def _notice(self) -> None:
        """Notice that the song was taken up anew, before anything of it is heard."""
        if self._jumps == self._pulse.jumps:
            return
        self._forget()
        self._jumps, self._leapt = self._pulse.jumps, True

    def _recall(self) -> None:
        """Take what was played just before the song began, once it is known where that was."""
        if not self._before or self._pulse.beat(self._before[0].time_s) is None:
            return
        before, self._before = self._before, []
        for event in before:
            if (self._pulse.beat(event.time_s) or 0.0) > self._pulse.landing - EARLY:
                self._take(event)

    def _forget(self) -> None:
        self._call = self._answer = None
        self._keys.clear()

    def _fall_silent(self, now_s: float) -> list[Event]:
        """End the answer that sounds; without a song, what was played of a phrase is forgotten."""
        said = self._player.end(now_s) if self._player else []
        self._player, self._leapt = None, False
        if self._pulse.beat(now_s) is None:
            self._forget()
        return said

    def _take(self, event: Event) -> None:
        """Put a note of the player into the phrase."""
        self._last = beat = self._pulse.beat(event.time_s) or 0.0
        if event.is_note_off:
            self._release(event, beat)
            return
        if self._bars is None:
            self._call = None  # whoever goes on playing has not stopped
        self._heard_channel = event.channel
        self._keys.append(Key(beat, event.data[1], event.data[2]))

    def _release(self, event: Event, beat: float) -> None:
        for key in self._keys:
            if key.pitch == event.data[1] and key.end == NEVER:
                key.end, key.release = beat, event.data[2]
                return

    def _begin(self) -> float:
        """Return the bar line at which the phrase begins."""
        return math.floor((self._keys[0].onset + EARLY) / self._bar) * self._bar

    def _upbeat(self) -> float:
        """Return how many beats before its first bar line the phrase begins: a pick-up."""
        return max(self._begin() - self._keys[0].onset, 0.0)

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
        line_s = None if line == NEVER else self._pulse.time_s(line - self._upbeat())
        return NEVER if line_s is None else line_s - LEAD_S

    def _call_out(self, now_s: float) -> None:
        """Ask for the answer."""
        line, upbeat = self._line(), self._upbeat()
        line_s = self._pulse.time_s(line - upbeat)
        if line_s is None:
            return
        while line_s < now_s and self._bars is None:  # the song was faster than we were woken
            line += self._bar
            line_s = self._pulse.time_s(line - upbeat) or NEVER
        self._answer = None
        beat = line - self._bar if upbeat else line
        self._call = Call(self.calls, self._phrase(line), beat, line_s - TAKEN_S)
        self.calls += 1
        self._ask(self._call)

    def _phrase(self, line: float) -> Clip:
        """Return what was played as a clip that ends at the bar line.

        What begins with a pick-up has the bar of that before it.
        """
        begin = self._begin() - (self._bar if self._upbeat() else 0.0)
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
            channel=self._heard_channel,
        )

    def _reply(self, call: Call, now_s: float) -> list[Event]:
        """Play the answer, or the phrase if there is none, from the bar line on."""
        said = self._player.end(now_s) if self._player else []
        self.unanswered += self._answer is None
        rng = stream(self._seed, call.number, "response")
        line = call.beat + (self._bar if self._upbeat() else 0.0)
        clip = self._answer or varied(self._phrase(line), rng)
        channel = self._heard_channel if self._channel is None else self._channel
        score = clip_score([clip.replace(channel=channel)], seed=self._seed)
        self._player = ClipPlayer(score, self._pulse, at=call.beat, loops=1)
        self._keys.clear()
        self._call = self._answer = None
        return said


def varied(clip: Clip, rng: np.random.Generator) -> Clip:
    """Return a clip whose notes are struck a little otherwise."""
    notes = clip.notes
    touch = 1.0 + TOUCH * rng.standard_normal(len(notes))
    return clip.replace(notes=notes.replace(velocity=np.clip(notes.velocity * touch, 1.0, 127.0)))
