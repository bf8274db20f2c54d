"""Put into numbers what is known of a note when it is played: itself, the past, nothing ahead.

The same code makes the numbers that the hand learns from, so what it hears live is what it knows.

Letters: F columns of the view.
"""

import math
from typing import NamedTuple

import numpy as np

from engines.kit import VOICES

STYLES = ("piano", "line", "drums")
"""What a hand may play like; a line is one note at a time."""

PIANO, LINE, DRUMS = range(len(STYLES))

PERIODS = (0.5, 1.0, 2.0, 4.0)
"""Spans in beats whose phase is heard. A pulse tells no bar lines, so 4 beats stand for one."""

COLUMNS = (
    "interval",
    "in chord",
    "order in chord",
    "interval before",
    "density",
    "after silence",
    "above mean",
    "above last",
    "above chord",
    "height",
    "same key",
    "same key louder",
    "same key later",
    "same key louder before",
    "same key later before",
    "same key lately louder",
    "same key lately later",
    "last louder",
    "last later",
    "lately louder",
    "lately later",
    "long louder",
    "loudness strays",
    "lateness strays",
    "played louder",
    "played alive",
    "pulse",
    "tempo",
    "same place",
    "same place louder",
    "same place later",
    *(f"{turn} of {period:g}" for period in PERIODS for turn in ("sine", "cosine")),
    *STYLES,
    *VOICES,
)
"""What is heard of a note. "Louder" and "later" are what the hand itself did; "played" is the
velocity that came."""

OWN = slice(COLUMNS.index("same key louder"), COLUMNS.index("played louder"))
"""Columns that say what the hand did, except at the same place of another beat."""

PLAYED = slice(COLUMNS.index("played louder"), COLUMNS.index("played alive") + 1)
PULSE = slice(COLUMNS.index("pulse"), COLUMNS.index(STYLES[0]))
STYLE = slice(COLUMNS.index(STYLES[0]), COLUMNS.index(VOICES[0]))
VOICE = slice(COLUMNS.index(VOICES[0]), len(COLUMNS))
"""Columns that may be hidden, for live they are not always known."""

CHORD_S = 0.03
"""Notes at most so far apart are one chord. Source: Goebl (2001), Melody lead in piano performance,
J. Acoust. Soc. Am. 110(1): asynchronies within chords reach 30 ms."""

SILENCE_S = 2.0
"""After so long without a note music begins anew. Our choice."""

LOUDER, LATER = 20.0, 20.0
"""Velocities and milliseconds that count as 1, near their standard deviations among players."""

FAST, SLOW, LONG = 0.3, 0.1, 0.03
"""The weight of a new note in running means. Our choice: 3, 10 and 30 notes are remembered."""

STRAY = 0.7
"""How far notes stray before any was played, in units of `LOUDER` and `LATER`. Our choice: about
the mean of the players'."""

STEPS, PLACES = 4, 16
"""Places in a beat, and in four of them, at which what was played before is remembered."""

CURVES = tuple(2.0 * math.pi / period for period in PERIODS)


class Heard(NamedTuple):
    """Be a note on as it arrives.

    `louder` is its velocity above the running mean, `alive` whether velocities are those of a
    player; `beat` and `bpm` are None without a pulse; `voice` is an index into `VOICES`, or -1.
    """

    time_s: float
    pitch: int
    louder: float = 0.0
    alive: bool = False
    beat: float | None = None
    bpm: float | None = None
    voice: int = -1


class Hearing:
    """Remember what was heard of one part, and say of each note what is known of it.

    Args:
        style: index into `STYLES`.
    """

    def __init__(self, style: int = PIANO) -> None:
        self.style = style
        self._view = np.zeros(len(COLUMNS), np.float32)
        self._started = False
        self._onset_s = 0.0
        self._interval = self._before = self._pace = 0.0
        self._count = 0
        self._top = self._last_top = self._last = 0
        self._mean = 0.0
        self._keys: dict[int, tuple[float, ...]] = {}
        self._places: dict[tuple[int, int], tuple[float, float]] = {}
        self._key, self._place, self._time_s = 0, -1, 0.0
        self._said = [0.0, 0.0, 0.0, 0.0, 0.0, STRAY, STRAY]

    def hear(self, note: Heard) -> np.ndarray:
        """Return the view of a note, (F,) float32, which the next call overwrites."""
        self._time_s, self._key = note.time_s, note.voice if note.voice >= 0 else note.pitch
        fresh = self._step(note)
        drums = self.style == DRUMS
        view = self._view
        view[VOICE.start :] = 0.0
        view[STYLE] = 0.0
        view[STYLE.start + self.style] = 1.0
        if drums and note.voice >= 0:
            view[VOICE.start + note.voice] = 1.0
        view[: PLAYED.start] = (
            self._interval,
            self._count > 1,
            min(self._count - 1, 8) / 4.0,
            self._before,
            self._pace,
            fresh,
            *((0.0,) * 4 if drums else self._heights(note.pitch)),
            *self._same_key(),
            *self._said,
        )
        view[PLAYED] = (note.louder / LOUDER, 1.0) if note.alive else 0.0
        self._pulse(note)
        self._last = note.pitch
        return view

    def said(self, louder: float, later_ms: float) -> None:
        """Remember what was made of the note heard last: velocities and milliseconds."""
        one, two = louder / LOUDER, later_ms / LATER
        _, *before, _, _, lately, later = self._keys.get(self._key, NEW_KEY)
        lately, later = lately + FAST * (one - lately), later + FAST * (two - later)
        self._keys[self._key] = (self._time_s, one, two, *before, lately, later)
        if self._place >= 0:
            self._places[self._key, self._place] = one, two
        said = self._said
        self._said = [
            one,
            two,
            said[2] + FAST * (one - said[2]),
            said[3] + FAST * (two - said[3]),
            said[4] + LONG * (one - said[4]),
            said[5] + LONG * (abs(one) - said[5]),
            said[6] + LONG * (abs(two) - said[6]),
        ]

    def _step(self, note: Heard) -> bool:
        """Count a note to its chord or begin a new one; return whether music begins anew."""
        gap_s = note.time_s - self._onset_s
        fresh = not self._started or gap_s > SILENCE_S
        if self._started and gap_s <= CHORD_S:
            self._count += 1
            self._mean += SLOW * (note.pitch - self._mean)
            return fresh
        interval = _octaves(gap_s, 0.25) if self._started else 2.0
        self._before, self._interval = self._interval, interval
        self._pace += SLOW * (min(interval, 1.5) - self._pace)
        self._mean = self._mean + SLOW * (note.pitch - self._mean) if self._started else note.pitch
        self._last_top = self._top if self._started else note.pitch
        self._last = self._last if self._started else note.pitch
        self._onset_s, self._count, self._top = note.time_s, 1, 0
        self._started = True
        return fresh

    def _heights(self, pitch: int) -> tuple[float, float, float, float]:
        """Return how high a note is: above the mean, the last note, its chord, and middle C."""
        above = pitch - (self._top if self._count > 1 else self._last_top)
        self._top = max(self._top, pitch)
        return (
            _within(pitch - self._mean),
            _within(pitch - self._last),
            _within(above),
            (pitch - 60) / 24.0,
        )

    def _same_key(self) -> tuple[float, ...]:
        """Return how long ago this key sounded, and how it was played the times before."""
        time_s, *how = self._keys.get(self._key, NEW_KEY)
        return _octaves(self._time_s - time_s, 0.5), *how

    def _pulse(self, note: Heard) -> None:
        """Fill in where in the beat a note is, nothing if that is not known."""
        if note.beat is None:
            self._place = -1
            self._view[PULSE] = 0.0
            return
        self._place = round(note.beat * STEPS) % PLACES
        found = self._places.get((self._key, self._place))
        turns = [note.beat * curve for curve in CURVES]
        circle = [wave(turn) for turn in turns for wave in (math.sin, math.cos)]
        tempo = _octaves(note.bpm, 120.0) if note.bpm else 0.0
        self._view[PULSE] = (1.0, tempo, found is not None, *(found or NOWHERE), *circle)


NEW_KEY = (-math.inf, *(0.0,) * 6)
"""What is known of a key that did not sound."""

NOWHERE = 0.0, 0.0
"""What is known of a place where nothing sounded."""


def _octaves(value: float, unit: float) -> float:
    """Return half the octaves from a unit to a value, at most 2 either way."""
    return max(-2.0, min(2.0, 0.5 * math.log2(max(value, 1e-3) / unit)))


def _within(semitones: float) -> float:
    """Return semitones as octaves, at most 3."""
    return max(-3.0, min(3.0, semitones / 12.0))
