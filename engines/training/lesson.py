"""Turn recordings into what a network learns from: what is seen, what was done, what counts.

Letters: N notes, O onsets, F columns of the view, M marks, S styles, D parameters.
"""

from typing import NamedTuple

import numpy as np

from engines.features import Features
from engines.performance.expression import Expression, encode, onset_times
from engines.performance.interpreter import UNITS, Marks, said
from engines.performance.pedalling import pedal_targets
from engines.performance.view import View
from engines.training.notation import Notated
from engines.training.recording import (
    ARPEGGIO,
    IN_SLUR,
    PORTATO,
    SLUR_STOP,
    STACCATISSIMO,
    STACCATO,
    TENUTO,
    Recording,
)

LARGEST_STRETCH = 1.5
"""Inter-onset intervals count as at most so many octaves slower or faster than the piece."""

LARGEST_ASYNCHRONY_S = 0.1
"""Notes count as at most so far from their chord; what is farther is an arpeggio or an error."""

SHORTEST_ARTICULATION, LONGEST_ARTICULATION = -4.0, 3.0
"""Between a sixteenth and eight times the written duration, as log2 of it."""

WRITTEN_ARTICULATION = (
    (STACCATISSIMO, -2.4),
    (STACCATO, -2.1),
    (PORTATO, -0.9),
    (TENUTO, -0.5),
    (SLUR_STOP, -1.0),
    (IN_SLUR, -0.5),
)
"""log2 of the share of its duration that a marked note is held, the first mark wins: the medians of
the pianists of Vienna 4x22; staccatissimo, portato and tenuto are our choice."""

UNMARKED_ARTICULATION = -1.1
"""The same for a note without a mark."""

WRITTEN_SPAN = 0.6
"""Written dynamics span more than a player does over the same notes, by this factor. Our choice."""

USUAL_SPREAD = np.array([1.0, 0.45, 0.6, 0.9])
"""Standard deviations of the first four parameters in the network's units, rounded, of the pianists
of Vienna 4x22. Recordings are made about as wild, and errors are measured in them."""

TIMED = np.array([False, True, False, True])
"""Which of them are times of notes."""


class Lesson(NamedTuple):
    """Be N notes to learn from, in the order of their onsets.

    `view` (N, F) float16; `said` (N, M + 2 + S) uint8, see `interpreter.said`; `beats` (N,)
    float32, where their onsets begin; `target` (N, D) float32 in the network's units; `weight`
    (N, D) float32, 0 where nothing is known.
    """

    piece: str
    view: np.ndarray
    said: np.ndarray
    beats: np.ndarray
    target: np.ndarray
    weight: np.ndarray


def lesson(recording: Recording, knows: tuple[bool, ...] = (True,) * 6, style: str = "") -> Lesson:
    """Return what a recording teaches.

    Args:
        recording: of N notes.
        knows: which of the D parameters the recording is a source for.
        style: one of `interpreter.STYLES`, whose packs tell no marks; or nothing.
    """
    features = Features(recording.clip)
    expression = encode(features, recording.played, recording.grace)
    target = np.stack(
        [
            (expression.velocity - expression.velocity.mean()) / UNITS[0],
            centred_stretch(expression.stretch)[features.group],
            chord_asynchrony_s(features, recording) / UNITS[2],
            expression.articulation.clip(SHORTEST_ARTICULATION, LONGEST_ARTICULATION),
            *_pedal(features, expression, recording),
        ],
        axis=1,
    )
    weight = np.stack(_weights(features, recording), axis=1) * np.array(knows)
    weight[:, : len(UNITS)] *= _evenly(target[:, : len(UNITS)], weight[:, : len(UNITS)])
    marks = None if style else Marks(recording.marks, recording.staff == 1)
    return _lesson(recording.piece, features, said(features, marks, style), target, weight)


def written_lesson(part: Notated, style: str) -> Lesson:
    """Return what a score teaches that nobody played: its dynamics and its articulation."""
    features = Features(part.clip)
    loud = np.isfinite(part.dynamic)
    velocity = np.where(loud, part.dynamic, 0.0)
    velocity = WRITTEN_SPAN * (velocity - velocity[loud].mean() if loud.any() else velocity)
    held = np.full(len(loud), UNMARKED_ARTICULATION)
    for mark, ratio in reversed(WRITTEN_ARTICULATION):
        held[(part.marks & mark) > 0] = ratio
    target, weight = np.zeros((len(loud), 6)), np.zeros((len(loud), 6))
    target[:, 0], target[:, 3] = velocity / UNITS[0], held
    weight[:, 0], weight[:, 3] = loud, ~part.grace & bool((part.marks & IN_SLUR).any())
    return _lesson(part.work, features, said(features, None, style), target, weight)


def _lesson(
    piece: str, features: Features, known: np.ndarray, target: np.ndarray, weight: np.ndarray
) -> Lesson:
    rows = features.order
    return Lesson(
        piece,
        View(features).table()[rows].astype(np.float16),
        known[rows].astype(np.uint8),
        features.group_onset[features.group][rows].astype(np.float32),
        target[rows].astype(np.float32),
        weight[rows].astype(np.float32),
    )


def centred_stretch(stretch: np.ndarray) -> np.ndarray:
    """Return stretches about the piece's own tempo, without the outliers: (O,)."""
    if len(stretch) < 2:
        return np.zeros_like(stretch)
    about = stretch - np.median(stretch[:-1])
    about = about - np.clip(about[:-1], -LARGEST_STRETCH, LARGEST_STRETCH).mean()
    return np.clip(np.append(about[:-1], 0.0), -LARGEST_STRETCH, LARGEST_STRETCH)


def chord_asynchrony_s(features: Features, recording: Recording) -> np.ndarray:
    """Return how late each note is against the mean of its chord, grace notes apart: (N,) s."""
    onsets, counts = len(features.group_onset), ~recording.grace
    size = np.bincount(features.group, counts, onsets)
    total = np.bincount(features.group, counts * recording.played.onset_s, onsets)
    late = recording.played.onset_s - (total / np.maximum(size, 1))[features.group]
    return np.clip(late, -LARGEST_ASYNCHRONY_S, LARGEST_ASYNCHRONY_S)


def in_chord(features: Features, recording: Recording) -> np.ndarray:
    """Return which notes have an asynchrony of their own to learn: (N,) bool."""
    size = np.bincount(features.group, ~recording.grace, len(features.group_onset))
    arpeggio = (recording.marks & ARPEGGIO) > 0
    return np.asarray(~recording.grace & ~arpeggio & (size >= 2)[features.group])


def _evenly(target: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return a factor for each parameter, (4,), so that wild timing counts little more than calm.

    Players differ in how far they bend time by more than in how far they shade: without the factor
    few recordings would teach most of it. How far it may go, 0.4 to 2.5 in spread, is our choice.
    """
    total = np.maximum(weight.sum(axis=0), 1e-9)
    mean = (target * weight).sum(axis=0) / total
    spread = np.sqrt((weight * (target - mean) ** 2).sum(axis=0) / total)
    factor = np.clip(USUAL_SPREAD / np.maximum(spread, 1e-3), 0.4, 2.5) ** 2
    return np.where(TIMED, factor, 1.0)


def _pedal(
    features: Features, expression: Expression, recording: Recording
) -> tuple[np.ndarray, np.ndarray]:
    time = onset_times(features, expression.stretch, expression.start_s)
    end_s = max(float(recording.played.release_s.max()), float(time[-1]) + 1e-3)
    down, press = pedal_targets(time, end_s, recording.sustain_s, recording.sustain)
    return down[features.group], press[features.group]


def _weights(features: Features, recording: Recording) -> list[np.ndarray]:
    """Return how much each note counts for each parameter: D of (N,).

    What belongs to an onset is shared among its notes.
    """
    by_onset = 1.0 / features.group_size[features.group]
    last = features.group == len(features.group_onset) - 1
    return [
        np.ones(len(features.notes)),
        np.where(last, 0.0, by_onset),
        in_chord(features, recording).astype(float),
        (~recording.grace).astype(float),
        by_onset,
        by_onset,
    ]
