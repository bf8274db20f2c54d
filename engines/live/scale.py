"""Know scales: their notes, the nearest one to a key, and so many steps above or below it.

Source: the intervals of the church modes and of harmonic and melodic minor are those of any primer
of harmony; pentatonic, blues and whole-tone scales as in Levine (1995), The Jazz Theory Book.
"""

from bisect import bisect_left
from functools import cache
from typing import Literal, NamedTuple, get_args

Tonic = Literal["C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"]

TONICS: tuple[str, ...] = get_args(Tonic)
"""The names of the twelve tonics, from C."""

Mode = Literal[
    "major",
    "minor",
    "harmonic minor",
    "melodic minor",
    "dorian",
    "phrygian",
    "lydian",
    "mixolydian",
    "locrian",
    "major pentatonic",
    "minor pentatonic",
    "blues",
    "whole tone",
    "chromatic",
]

INTERVALS: dict[str, tuple[int, ...]] = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
    "melodic minor": (0, 2, 3, 5, 7, 9, 11),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "phrygian": (0, 1, 3, 5, 7, 8, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "locrian": (0, 1, 3, 5, 6, 8, 10),
    "major pentatonic": (0, 2, 4, 7, 9),
    "minor pentatonic": (0, 3, 5, 7, 10),
    "blues": (0, 3, 5, 6, 7, 10),
    "whole tone": (0, 2, 4, 6, 8, 10),
    "chromatic": tuple(range(12)),
}
"""The steps of each scale above its tonic, in semitones."""


class Scale(NamedTuple):
    """Be a tonic, 0 is C, and the name of its scale."""

    tonic: int
    mode: str

    def nearest(self, pitch: int) -> int:
        """Return the scale's note that is nearest to a key, the lower of two, within 0 to 127."""
        return _nearest(self)[pitch]

    def step(self, pitch: int, steps: int) -> int | None:
        """Return the note so many steps above the nearest one; None if no key has it."""
        notes = _notes(self)
        at = bisect_left(notes, self.nearest(pitch)) + steps
        return notes[at] if 0 <= at < len(notes) else None


@cache
def _notes(scale: Scale) -> tuple[int, ...]:
    """Return the scale's notes from 0 to 127, rising."""
    classes = {(scale.tonic + step) % 12 for step in INTERVALS[scale.mode]}
    return tuple(pitch for pitch in range(128) if pitch % 12 in classes)


@cache
def _nearest(scale: Scale) -> tuple[int, ...]:
    """Return the scale's nearest note to each key, (128,)."""
    notes = _notes(scale)
    return tuple(min(notes, key=lambda n: (abs(n - pitch), n)) for pitch in range(128))
