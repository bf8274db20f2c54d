"""Hold one recording with what a judge reads from it, and what a system guesses of it.

Letters: N notes, O onsets (see `Features.group`), G presses of the pedal.
"""

from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from engines.features import Features
from engines.performance.expression import Expression, encode, onset_times
from engines.performance.interpreter import DOWN, PARAMETERS
from engines.performance.pedalling import Gestures, gestures
from engines.training.evaluation.aspect import Aspects, aspects
from engines.training.recording import Recording

EVERYTHING = (True,) * PARAMETERS
"""What a pack knows that can be asked of all."""


class Guess(NamedTuple):
    """Say how a written clip may be played.

    The arrays are those of `Expression`; what is not known is NaN and is not judged. The pedal
    hangs on the written onsets; None is not judged either.
    """

    velocity: np.ndarray
    stretch: np.ndarray
    asynchrony_s: np.ndarray
    articulation: np.ndarray
    pedal: Gestures | None = None


def guess_of(expression: Expression, pedal: Gestures | None = None) -> Guess:
    """Return a performance as a guess."""
    return Guess(
        velocity=expression.velocity,
        stretch=expression.stretch,
        asynchrony_s=expression.asynchrony_s,
        articulation=expression.articulation,
        pedal=pedal,
    )


class Case:
    """Be one recording, read: rows follow the notes and onsets of its clip.

    Args:
        recording: the written clip and how it was played.
        knows: which of velocity, stretch, asynchrony, articulation and the pedal's two it is a
            source for; nothing else is compared.
        marked: whether its pack tells the score's marks and staves.
    """

    def __init__(
        self,
        recording: Recording,
        knows: tuple[bool, ...] = EVERYTHING,
        *,
        marked: bool = True,
    ) -> None:
        self.recording = recording
        self.knows = knows
        self.marked = marked
        self.features = Features(recording.clip)

    @cached_property
    def expression(self) -> Expression:
        """How it was played."""
        return encode(self.features, self.recording.played, self.recording.grace)

    @cached_property
    def truth(self) -> Guess:
        """How it was played, as the guess that is right."""
        return guess_of(self.expression, self.pedal)

    @cached_property
    def aspects(self) -> Aspects:
        """What is compared of how it was played."""
        return self.compared(self.truth)

    def compared(self, guess: Guess, known: Guess | None = None) -> Aspects:
        """Return what is compared of a guess, where another guess is known too."""
        shared = self._told(_shared(guess, known))
        return aspects(self.features, self.recording.marks, shared)

    @property
    def knows_pedal(self) -> bool:
        """Whether it tells how the sustain pedal was played."""
        return all(self.knows[DOWN:])

    @cached_property
    def onset_s(self) -> np.ndarray:
        """When each onset was played: (O,) seconds."""
        return onset_times(self.features, self.expression.stretch, self.expression.start_s)

    @property
    def end_s(self) -> float:
        """When the last key went up, in seconds."""
        return float(self.recording.played.release_s.max())

    @cached_property
    def pedal(self) -> Gestures:
        """How the sustain pedal was played."""
        return gestures(self.recording.sustain_s, self.recording.sustain, self.onset_s)

    def _told(self, guess: Guess) -> Guess:
        """Return a guess, unknown in all that the recording is no source for."""
        velocity, stretch, asynchrony, articulation = self.knows[:DOWN]
        return Guess(
            velocity=_if(velocity, guess.velocity),
            stretch=_if(stretch, guess.stretch),
            asynchrony_s=_if(asynchrony, guess.asynchrony_s),
            articulation=_if(articulation, guess.articulation),
            pedal=guess.pedal,
        )


def _shared(guess: Guess, known: Guess | None) -> Guess:
    """Return the guess, unknown where the other one is."""
    if known is None:
        return guess
    return Guess(
        velocity=_where(known.velocity, guess.velocity),
        stretch=_where(known.stretch, guess.stretch),
        asynchrony_s=_where(known.asynchrony_s, guess.asynchrony_s),
        articulation=_where(known.articulation, guess.articulation),
        pedal=guess.pedal,
    )


def _where(known: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.where(np.isnan(known), np.nan, values)


def _if(known: bool, values: np.ndarray) -> np.ndarray:
    return values if known else np.full(len(values), np.nan)


class System(Protocol):
    """Guess how music is played.

    `reads_marks` says whether it plays otherwise when told the score's marks.
    """

    name: str
    reads_marks: bool

    def fit(self, cases: list[Case]) -> None:
        """Learn from performances, none of which is judged; nothing for who has learned before."""
        ...

    def predict(self, case: Case, marks: bool) -> Guess | None:
        """Return what is to be expected of a performance; None if there is nothing to say.

        Args:
            case: only the written clip may be looked at, and its marks if `marks`.
            marks: whether the score's marks and staves are given.
        """
        ...

    def sample(self, case: Case, seed: int, marks: bool) -> Guess | None:
        """Return one performance, another for each seed; None if there are no more."""
        ...
