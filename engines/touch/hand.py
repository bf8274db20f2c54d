"""Play notes as they come with the learned hand: say of each how much louder and how much later.

What it says depends on the seed and on what is heard, not on the dials: they take more or less of
one performance.
"""

from collections import deque
from typing import NamedTuple

import numpy as np

from engines.clip import Clip, Notes
from engines.kit import kit_of
from engines.role import DRUM_CHANNEL
from engines.touch.hearing import CHORD_S, DRUMS, LINE, PIANO, Heard, Hearing
from engines.touch.network import LATENESS, VELOCITY, Network, drawn

LEAST_LEVEL = 0.03
"""The weight of a new note in the running level. Our choice: some 30 notes are remembered."""

RECENT, ALIVE, GLIMPSE = 4, 0.5, 0.1
"""Velocities are those of a player if about more than half of the latest notes, a new one weighing
a tenth, differ from the 4 before them: machines repeat themselves. Our choice; of pianists' notes
in Vienna 4x22 nine in ten differ, of drummers' in the Groove MIDI Dataset eight."""

CHORDED = 0.05
"""A part with a smaller share of notes in chords is a line. Source: it is 0.00 in the Weimar Jazz
Database, 0.49 in POP909 and 0.66 in Vienna 4x22."""

FEWEST = 16
"""So many notes are heard before a part is taken for a line."""

BLOCK = 256
"""So many random numbers are drawn at a time."""

VOICE: list[int] = kit_of(Clip(Notes(), 1.0)).voice.tolist()
"""The voice of each note number."""


class Note(NamedTuple):
    """Be a note on as it came: `beat` and `bpm` are None without a pulse."""

    time_s: float
    channel: int
    pitch: int
    velocity: int
    beat: float | None
    bpm: float | None


class Touch(NamedTuple):
    """Be what a hand makes of a note: velocities louder, at amount 1, and milliseconds later."""

    louder: float
    late_ms: float


STILL = Touch(0.0, 0.0)


class Hand:
    """Play one channel.

    Args:
        network: what it has learned.
        draw: what it draws its lots from.
        style: index into `STYLES`, or None to hear it.
        channel: counted from 0.
    """

    def __init__(
        self,
        network: Network,
        draw: np.random.Generator,
        style: int | None,
        channel: int,
    ) -> None:
        self._network = network
        self._draw = draw
        self._lots: list[float] = []
        self._state = np.zeros(network.width, np.float32)
        self._drums = channel == DRUM_CHANNEL
        self._recent: deque[int] = deque(maxlen=RECENT)
        self._new = 0.0
        self._chords = 1.0
        self._count = 0
        self._last_s = 0.0
        self._levels: dict[int, tuple[float, int]] = {}
        self._style = style
        self._hearing = Hearing(self._heard_style())

    def turn(self, style: int | None) -> None:
        """Play in another style from now on."""
        self._style = style

    def touch(self, note: Note, *, keep_accents: bool) -> Touch:
        """Return what becomes of a note."""
        hearing = self._hearing
        hearing.style = self._heard_style()
        voice = VOICE[note.pitch] if hearing.style == DRUMS else -1
        if hearing.style == DRUMS and voice < 0:
            return STILL
        above = self._above_level(note.velocity, voice)
        alive = keep_accents and self._is_alive(note.velocity)
        self._count_chord(note.time_s)
        view = hearing.hear(
            Heard(note.time_s, note.pitch, above, alive, note.beat, note.bpm, voice)
        )
        louder, late_ms = self._answer(view)
        hearing.said(louder, late_ms)
        return Touch(louder - above if alive or not keep_accents else louder, late_ms)

    def _answer(self, view: np.ndarray) -> tuple[float, float]:
        """Draw velocity, then lateness."""
        network = self._network
        self._state = network.next_state(view, self._state)
        answer = network.answer(self._state)
        louder, row = drawn(answer.velocity, VELOCITY, self._lot())
        return louder, drawn(network.late(answer, row), LATENESS, self._lot())[0]

    def _lot(self) -> float:
        if not self._lots:
            self._lots = self._draw.random(BLOCK).tolist()
        return self._lots.pop()

    def _heard_style(self) -> int:
        if self._style is not None:
            return self._style
        if self._drums:
            return DRUMS
        return LINE if self._count >= FEWEST and self._chords < CHORDED else PIANO

    def _count_chord(self, time_s: float) -> None:
        """Keep the share of notes in chords."""
        near = time_s - self._last_s <= CHORD_S and self._count > 0
        self._count += 1
        self._last_s = time_s
        weight = max(1.0 / self._count, LEAST_LEVEL)
        self._chords += weight * (near - self._chords)

    def _above_level(self, velocity: int, voice: int) -> float:
        """Return how far a velocity is above the running mean of its part, or drum."""
        level, count = self._levels.get(voice, (float(velocity), 0))
        level += max(1.0 / (count + 1), LEAST_LEVEL) * (velocity - level)
        self._levels[voice] = (level, count + 1)
        return velocity - level

    def _is_alive(self, velocity: int) -> bool:
        """Return whether velocities have been those of a player up to this one."""
        self._new += GLIMPSE * ((velocity not in self._recent) - self._new)
        self._recent.append(velocity)
        return self._new > ALIVE
