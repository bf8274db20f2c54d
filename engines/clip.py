"""Define the clip: what engines change, what travels on the wire, and what a DAW shows.

Time is in beats (quarter notes) from the start of the clip, whatever the metre.

Letters: N notes, C controller events, T tempo changes.

Source: the note's fields are those of Ableton Live's `get_notes_extended` (Live Object Model,
Clip); controllers, programs and channels are those of MIDI 1.0.
"""

from typing import Annotated, Any, Literal, get_args

import msgspec
import numpy as np
from msgspec import Meta, field

from engines.column import Column, Table, empty
from engines.error import ClipError

MAX_BEATS = 1e6
"""The latest time in a clip: 138 hours at 120 bpm, where a float still resolves 1e-10 beats."""

SUSTAIN_PEDAL = 64
"""The controller number of the sustain pedal. Source: MIDI 1.0, table 3."""

Role = Literal[
    "auto", "piano", "keys", "bass", "lead", "strings", "guitar", "winds", "pad", "drums"
]
"""What an instrument does in the music; "auto" asks for `engines.role.infer`."""

ROLES: tuple[str, ...] = get_args(Role)

Beats = Annotated[float, Meta(ge=0, le=MAX_BEATS)]


class Notes(Table, frozen=True, eq=False):
    """Hold N notes, a row each, in any order."""

    COLUMNS = {
        "pitch": Column("u1", 0, 127, None, "", "MIDI note number, 60 is middle C"),
        "onset": Column("<f8", 0, MAX_BEATS, None, "beats", "start of the note"),
        "duration": Column("<f8", 0, MAX_BEATS, None, "beats", "onset to key release"),
        "velocity": Column("<f8", 1, 127, 100.0, "", "MIDI velocity, fractions allowed"),
        "note_id": Column("<i8", 0, 2**53, "row", "", "the sender's own number for the note"),
        "release_velocity": Column("<f8", 0, 127, 64.0, "", "MIDI release velocity"),
        "mute": Column("u1", 0, 1, 0.0, "", "1 if the note is switched off"),
        "probability": Column("<f8", 0, 1, 1.0, "", "chance that the note plays"),
        "velocity_deviation": Column("<f8", -127, 127, 0.0, "", "range of random velocity"),
    }

    pitch: np.ndarray = field(default_factory=empty)
    onset: np.ndarray = field(default_factory=empty)
    duration: np.ndarray = field(default_factory=empty)
    velocity: np.ndarray = field(default_factory=empty)
    note_id: np.ndarray = field(default_factory=empty)
    release_velocity: np.ndarray = field(default_factory=empty)
    mute: np.ndarray = field(default_factory=empty)
    probability: np.ndarray = field(default_factory=empty)
    velocity_deviation: np.ndarray = field(default_factory=empty)

    @property
    def end(self) -> np.ndarray:
        """Key releases in beats, (N,) float64."""
        return self.onset + self.duration


class Controllers(Table, frozen=True, eq=False):
    """Hold C controller events, a row each, in order of time."""

    COLUMNS = {
        "number": Column("u1", 0, 127, None, "", "controller number, 64 is the sustain pedal"),
        "time": Column("<f8", 0, MAX_BEATS, None, "beats", "when it changes"),
        "value": Column("u1", 0, 127, None, "", "new value"),
    }

    number: np.ndarray = field(default_factory=empty)
    time: np.ndarray = field(default_factory=empty)
    value: np.ndarray = field(default_factory=empty)

    def of(self, number: int) -> "Controllers":
        """Return the events of one controller."""
        return self.take(self.number == number)

    def without(self, number: int) -> "Controllers":
        """Return the events of all other controllers."""
        return self.take(self.number != number)


class Tempo(Table, frozen=True, eq=False):
    """Hold T tempo changes in rising order of time; each holds until the next."""

    COLUMNS = {
        "time": Column("<f8", 0, MAX_BEATS, None, "beats", "when the tempo changes"),
        "bpm": Column("<f8", 1, 60e6, None, "bpm", "quarter notes a minute"),
    }

    time: np.ndarray = field(default_factory=empty)
    bpm: np.ndarray = field(default_factory=empty)

    def check(self) -> None:
        """Refuse times that do not rise."""
        if len(self) > 1 and not (np.diff(self.time) > 0).all():
            row = int(np.flatnonzero(np.diff(self.time) <= 0)[0]) + 1
            raise ClipError(
                f"time[{row}] is {self.time[row]}, allowed are times after the one before"
            )

    def seconds(self, beats: np.ndarray) -> np.ndarray:
        """Convert times in beats, any shape, to seconds from beat 0 at 120 bpm by default."""
        if steady := self.steady:
            return np.asarray(beats) * (60.0 / steady)
        time, bpm, start_s = self._pieces()
        piece = np.searchsorted(time, beats, side="right") - 1
        return np.asarray(start_s[piece] + (beats - time[piece]) * 60.0 / bpm[piece])

    def beats(self, seconds: np.ndarray) -> np.ndarray:
        """Convert times in seconds from beat 0, any shape, to beats: the inverse of `seconds`."""
        if steady := self.steady:
            return np.asarray(seconds) * (steady / 60.0)
        time, bpm, start_s = self._pieces()
        piece = np.maximum(np.searchsorted(start_s, seconds, side="right") - 1, 0)
        return np.asarray(time[piece] + (seconds - start_s[piece]) * bpm[piece] / 60.0)

    def at(self, beats: np.ndarray) -> np.ndarray:
        """Return the tempo in bpm at times in beats, any shape."""
        if steady := self.steady:
            return np.full(np.shape(beats), steady)
        time, bpm, _ = self._pieces()
        return np.asarray(bpm[np.searchsorted(time, beats, side="right") - 1])

    @property
    def steady(self) -> float:
        """The tempo in bpm if it never changes, else 0."""
        bpm = self.bpm
        return (float(bpm[0]) if len(bpm) else DEFAULT_BPM) if len(bpm) < 2 else 0.0

    def _pieces(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return starts in beats, tempi and starts in seconds of the constant pieces.

        The first piece reaches back without limit.
        """
        time, bpm = self.time.copy(), self.bpm
        origin = time[0]
        spans_s = np.diff(time) * 60.0 / bpm[:-1]
        start_s = np.concatenate([[0.0], np.cumsum(spans_s)]) + origin * 60.0 / bpm[0]
        time[0], start_s[0] = -MAX_BEATS, (-MAX_BEATS) * 60.0 / bpm[0]
        return time, bpm, start_s


DEFAULT_BPM = 120.0
"""The tempo where none is given. Source: Standard MIDI Files 1.0, set tempo."""


NO_CONTROLLERS, NO_TEMPO = Controllers(), Tempo()


class Metre(msgspec.Struct, frozen=True):
    """State a time signature and where it starts, in beats."""

    time: Beats = 0.0
    numerator: Annotated[int, Meta(ge=1, le=255)] = 4
    denominator: Literal[1, 2, 4, 8, 16, 32, 64, 128] = 4

    @property
    def bar(self) -> float:
        """Length of a bar in beats."""
        return 4.0 * self.numerator / self.denominator


class Key(msgspec.Struct, frozen=True):
    """State a tonic (0 is C, 11 is B) and the scale's steps above it in semitones."""

    tonic: Annotated[int, Meta(ge=0, le=11)]
    intervals: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=11)], ...], Meta(min_length=1, max_length=12)
    ] = (0, 2, 4, 5, 7, 9, 11)
    name: Annotated[str, Meta(max_length=64)] = "Major"

    @property
    def pitch_classes(self) -> frozenset[int]:
        """The scale's pitch classes, 0 is C."""
        return frozenset((self.tonic + step) % 12 for step in self.intervals)


class Chord(msgspec.Struct, frozen=True):
    """State a chord symbol, such as "Am7/G", and where it starts, in beats."""

    time: Beats
    symbol: Annotated[str, Meta(max_length=32)]


class Loop(msgspec.Struct, frozen=True):
    """State a loop [start, end) in beats.

    Raises:
        ClipError: the loop has no length.
    """

    start: Beats
    end: Beats

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ClipError(f"loop.end is {self.end}, allowed are times after {self.start}")


class Pad(msgspec.Struct, frozen=True):
    """State what the pad of a drum rack at a note number is called."""

    pitch: Annotated[int, Meta(ge=0, le=127)]
    name: Annotated[str, Meta(max_length=64)]


class Clip(msgspec.Struct, frozen=True):
    """Be one part of a piece: notes and all that is needed to perform them.

    `length` is in beats. `tempo` may be empty (120 bpm), and so may `metre` (4/4). `channel` counts
    from 0, `program` is the General MIDI number from 0; both only help to find the role. `pads` are
    those of a drum rack, which tell `engines.kit` what each note plays.

    Raises:
        ClipError: a value breaks its range; the message begins with the field's path.
    """

    notes: Notes
    length: Annotated[float, Meta(gt=0, le=MAX_BEATS)]
    controllers: Controllers = field(default_factory=lambda: NO_CONTROLLERS)
    tempo: Tempo = field(default_factory=lambda: NO_TEMPO)
    metre: tuple[Metre, ...] = ()
    key: Key | None = None
    chords: tuple[Chord, ...] = ()
    role: Role = "auto"
    loop: Loop | None = None
    name: Annotated[str, Meta(max_length=256)] = ""
    channel: Annotated[int, Meta(ge=0, le=15)] | None = None
    program: Annotated[int, Meta(ge=0, le=127)] | None = None
    pads: Annotated[tuple[Pad, ...], Meta(max_length=128)] = ()

    def __post_init__(self) -> None:
        _check_rising("metre", [m.time for m in self.metre])
        _check_rising("chords", [c.time for c in self.chords])
        _check_once([pad.pitch for pad in self.pads])

    def replace(self, **changes: Any) -> "Clip":
        """Return the clip with other values in some fields."""
        return msgspec.structs.replace(self, **changes)

    def region(self) -> tuple[float, float]:
        """Return the part that plays, in beats: the loop, or the whole clip."""
        return (self.loop.start, self.loop.end) if self.loop else (0.0, self.length)


def _check_rising(name: str, times: list[float]) -> None:
    for row in range(1, len(times)):
        if times[row] <= times[row - 1]:
            raise ClipError(
                f"{name}[{row}].time is {times[row]}, allowed are times after the one before"
            )


def _check_once(pitches: list[int]) -> None:
    """Refuse two pads on one note number."""
    for row, pitch in enumerate(pitches):
        if pitch in pitches[:row]:
            what = f"pads[{row}].pitch is {pitch} again, allowed are pitches of no pad before"
            raise ClipError(what)
