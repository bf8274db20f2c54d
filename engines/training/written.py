"""State what is written in a score: the tones, slurs, directions and bars of each part.

A place in the score is a measure, counted from 0, and beats (quarter notes) from its start.

Source: MusicXML 4.0, score-partwise, whose elements these are.
"""

from typing import Literal, NamedTuple

from engines.error import EngineError

TREMOLO, TIE, BREATH = 1 << 13, 1 << 14, 1 << 15
"""Marks of a note that only notation has; the others stand in `engines.training.recording`."""

TIED_ON, TIED_BACK = 1, 2
"""A tone is tied to the next of its pitch, or to the one before."""

Kind = Literal["mark", "wedge", "words", "tempo"]


class ScoreError(EngineError, ValueError):
    """Report a file that is no MusicXML score."""


class Tone(NamedTuple):
    """Be one written note head: `length` in beats, 0 for a grace note; `marks` as bits.

    Tones with one `chord` number share a stem; `tie` holds `TIED_ON` and `TIED_BACK`.
    """

    measure: int
    beat: float
    length: float
    pitch: int
    staff: int
    voice: int
    marks: int
    chord: int
    tie: int


class SlurEnd(NamedTuple):
    """Be the start or the end of a slur at a tone, given by its row among the part's tones."""

    tone: int
    number: str
    starts: bool


class Direction(NamedTuple):
    """Be one direction.

    `text` is a dynamic mark (f, other words too), the type of a wedge with its number (crescendo
    1), the words in lower case, or a tempo in quarter notes a minute.
    """

    measure: int
    beat: float
    staff: int
    kind: Kind
    text: str


class Event(NamedTuple):
    """Be a direction at its `time`, in beats from the start of its movement."""

    time: float
    staff: int
    kind: Kind
    text: str


class Bar(NamedTuple):
    """Be one measure of one part: `metre` where it changes, `final` before a last bar line."""

    length: float
    metre: tuple[int, int] | None
    final: bool


class Part(NamedTuple):
    """Be one part, all its staves: `sound` as in MusicXML (keyboard.piano), `program` from 0."""

    name: str
    sound: str
    program: int | None
    tones: list[Tone]
    slurs: list[SlurEnd]
    directions: list[Direction]
    bars: list[Bar]
