"""Reduce takes of drummers to what is judged: a voice's loudest hit on each sixteenth.

Letters: H hits of a window, in order of their steps, then voices.

Source: the protocol of GrooVAE (Gillick et al. 2019, ICML, section 3): nine voices on a grid of
sixteenths, two bars long; hits are given, their velocities and offsets are played.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from engines.clip import Clip, Metre, Notes, Tempo
from engines.drummer.quantise import SIXTEENTH, to_sixteenths
from engines.kit import UNMAPPED, kit_of
from engines.training.groove_midi import DrumTake

METRE = (4, 4)
"""The metre of what is judged."""

STEPS = 16
"""Sixteenths in a bar."""

BARS = 2
"""Bars in a window; the next one begins a bar later."""

LEAD_IN = 4.0
"""Beats of rest before a window that is written as a clip, so that its first hit can be early."""


class Played(NamedTuple):
    """Say how hits are struck, by a drummer or by who guesses it.

    Attributes:
        velocity: (H,) float, 1 to 127.
        offset_ms: (H,) float, how late each comes after its sixteenth.
    """

    velocity: np.ndarray
    offset_ms: np.ndarray


class Window(NamedTuple):
    """Be what a system is told: the hits of some bars, and where they are from.

    Attributes:
        take: the name of the take.
        style: as in the index, such as "jazz/funk".
        drummer: as in the index, such as "drummer1".
        bpm: the tempo.
        bar: the first bar in the take, from 0.
        bars: how many there are.
        voice: (H,) int8, index into `engines.kit.VOICES`.
        step: (H,) int, sixteenths from the first bar line.
        pitch: (H,) uint8, the note number that was struck.
    """

    take: str
    style: str
    drummer: str
    bpm: float
    bar: int
    bars: int
    voice: np.ndarray
    step: np.ndarray
    pitch: np.ndarray

    @property
    def genre(self) -> str:
        """The first part of the style."""
        return self.style.split("/")[0]

    @property
    def position(self) -> np.ndarray:
        """The sixteenth of the bar of each hit, 0 to 15: (H,) int."""
        return np.asarray(self.step % STEPS)

    @property
    def step_ms(self) -> float:
        """The length of a sixteenth."""
        return SIXTEENTH * 60e3 / self.bpm


class Case(NamedTuple):
    """Be a window and how the drummer played it."""

    given: Window
    played: Played


class Heard(NamedTuple):
    """Be a take: all of it, and its windows of two bars."""

    whole: Case
    windows: tuple[Case, ...]


def is_judged(take: DrumTake) -> bool:
    """Whether a take is a beat, no fill, in 4/4."""
    return take.kind == "beat" and all(
        (metre.numerator, metre.denominator) == METRE for metre in take.clip.metre
    )


def heard(take: DrumTake) -> Heard:
    """Return a take with its windows, those without hits left out."""
    whole = reduced(take)
    starts = range(max(whole.given.bars - 1, 1))
    windows = (cut(whole, bar, BARS) for bar in starts)
    return Heard(whole, tuple(window for window in windows if len(window.given.step)))


def reduced(take: DrumTake) -> Case:
    """Return all hits of a take on the nine voices, one for each voice and step: the loudest."""
    notes = take.clip.notes
    voice = kit_of(take.clip).voice[notes.pitch]
    grid = to_sixteenths(notes.onset)
    step = np.rint(grid / SIXTEENTH).astype(np.intp)
    order = np.lexsort((-notes.velocity, voice, step))
    order = order[voice[order] != UNMAPPED]
    again = np.diff(step[order], prepend=-1) == 0
    again &= np.diff(voice[order], prepend=UNMAPPED) == 0
    kept = order[~again]
    offset_ms = (notes.onset - grid)[kept] * 60e3 / take.bpm
    given = Window(
        take=take.name,
        style=take.style,
        drummer=take.drummer,
        bpm=take.bpm,
        bar=0,
        bars=int(step[kept].max(initial=0)) // STEPS + 1,
        voice=voice[kept],
        step=step[kept],
        pitch=notes.pitch[kept],
    )
    return Case(given, Played(notes.velocity[kept], offset_ms))


def cut(case: Case, bar: int, bars: int) -> Case:
    """Return some bars of a case, from a bar that counts from its own first."""
    rows = _rows(case.given, bar, bars)
    return Case(cut_window(case.given, bar, bars), Played(*(part[rows] for part in case.played)))


def cut_window(window: Window, bar: int, bars: int) -> Window:
    """Return some bars of a window, from a bar that counts from its own first."""
    rows = _rows(window, bar, bars)
    return window._replace(
        bar=window.bar + bar,
        bars=bars,
        voice=window.voice[rows],
        step=window.step[rows] - bar * STEPS,
        pitch=window.pitch[rows],
    )


def joined(parts: Iterable[Played]) -> Played:
    """Return the hits of several windows one after the other; at least one window."""
    velocity, offset_ms = zip(*parts, strict=True)
    return Played(np.concatenate(velocity), np.concatenate(offset_ms))


def clip_of(window: Window, velocity: float) -> Clip:
    """Return a window as a clip that is written: on the grid, all hits at one velocity.

    Its rows are the window's hits; it begins `LEAD_IN` beats after the clip.
    """
    onset = LEAD_IN + window.step * SIXTEENTH
    return Clip(
        Notes(
            pitch=window.pitch,
            onset=onset,
            duration=np.full(len(onset), SIXTEENTH),
            velocity=np.full(len(onset), velocity),
        ),
        length=2 * LEAD_IN + window.bars * STEPS * SIXTEENTH,
        tempo=Tempo(time=np.zeros(1), bpm=np.array([window.bpm])),
        metre=(Metre(0.0, 4, 4),),
        role="drums",
    )


def _rows(window: Window, bar: int, bars: int) -> slice:
    first, last = np.searchsorted(window.step, [bar * STEPS, (bar + bars) * STEPS])
    return slice(int(first), int(last))
