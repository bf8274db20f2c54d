"""Read takes of drummers as what the writer learns from.

Letters: B beats, S steps, V voices.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from engines.clip import Clip
from engines.drummer.quantise import quantised
from engines.grid import beat_of
from engines.kit import kit_of
from engines.training.drums.writer_fill import fills_of
from engines.training.groove_midi import DrumTake
from engines.writer.grid import Beats, Grid, beats_between, divisions, grid_of, placed
from engines.writer.score import hits_of, loudest
from engines.writer.view import STYLES


class Lesson(NamedTuple):
    """Be a take on the page.

    Attributes:
        beats: B of them.
        division: (B,) how each is divided.
        grid: their steps.
        velocity: (S, V) the loudest MIDI velocity of each voice, 0 where it is silent.
        fill: (B,) bool, the beats of fills.
        bpm: felt beats a minute.
        style: index into `STYLES`.
        is_fill: whether all of the take is a fill.
        name: that of the take.
    """

    beats: Beats
    division: np.ndarray
    grid: Grid
    velocity: np.ndarray
    fill: np.ndarray
    bpm: float
    style: int
    is_fill: bool
    name: str

    @property
    def hits(self) -> np.ndarray:
        """The tiers that were played: (S, V) int8."""
        return hits_of(self.velocity)


def lessons(takes: Iterable[DrumTake]) -> list[Lesson]:
    """Return the lessons of takes."""
    return [_lesson(take) for take in takes]


def _lesson(take: DrumTake) -> Lesson:
    clip = _without_latency(take.clip)
    beats = beats_between(clip.metre, 0.0, clip.length)
    division = divisions(*placed(clip.notes.onset, beats), beats)
    grid = grid_of(beats, division)
    velocity = loudest(clip.notes, kit_of(clip).voice[clip.notes.pitch], beats, grid)
    is_fill = take.kind == "fill"
    every = np.ones(len(beats.start), dtype=bool)
    fill = every if is_fill else fills_of(beats, grid, hits_of(velocity))
    bpm = take.bpm / beat_of(clip.metre[0]) if clip.metre else take.bpm
    style = STYLES.index(take.genre) if take.genre in STYLES else 0
    return Lesson(beats, division, grid, velocity, fill, bpm, style, is_fill, take.name)


def _without_latency(clip: Clip) -> Clip:
    """Return the clip without the delay that is the same on all strokes."""
    onset = clip.notes.onset
    late = float(np.median(onset - quantised(onset)))
    return clip.replace(notes=clip.notes.replace(onset=np.maximum(onset - late, 0.0)))
