"""Measure what drummers do on average: how loud, how dense, how fills divide the beat.

Letters: V voices, T tiers above silence, D divisions.
"""

from typing import Any

import numpy as np

from engines.drummer.quantise import DIVISIONS
from engines.kit import VOICES
from engines.training.drums.writer_class import cut, density_of
from engines.training.drums.writer_lesson import Lesson
from engines.training.drums.writer_tap import drawn_tap
from engines.writer.grid import THREES
from engines.writer.habit import SPARSE, TEMPI
from engines.writer.score import TIERS
from engines.writer.view import STYLES

BARS = 4
"""Length of what is measured at a time."""

FEWEST = 12
"""A style with fewer stretches of so many bars is as dense as all are."""

MIDDLE = (30.0, 72.0, 115.0)
"""MIDI velocities of a voice's tiers that nobody has played."""


def habits(lessons: list[Lesson]) -> dict[str, Any]:
    """Return `levels`, `density`, `fill` and `division` of a card, see the functions below."""
    return {
        "levels": levels(lessons),
        "density": density(lessons),
        "fill": fill_density(lessons),
        "division": fill_divisions(lessons),
    }


def levels(lessons: list[Lesson]) -> list[list[float]]:
    """Return the mean MIDI velocity of each voice and tier: V of T."""
    velocity = np.concatenate([one.velocity for one in lessons])
    hits = np.concatenate([one.hits for one in lessons])
    table = [
        [
            _mean(velocity[hits[:, voice] == tier, voice], MIDDLE[tier - 1])
            for tier in range(1, TIERS)
        ]
        for voice in range(len(VOICES))
    ]
    return [[round(value, 1) for value in row] for row in table]


def density(lessons: list[Lesson]) -> dict[str, Any]:
    """Return how the strokes a beat of grooves go with the notes a beat of a rhythm, in octaves.

    `base` and `slope` are those of a line, `alone` is the mean without a rhythm, `styles` is what
    each adds.
    """
    rng, rows = np.random.default_rng(0), []
    for one in (one for one in lessons if not one.is_fill):
        for first in range(0, int(one.beats.bar[-1]) + 1, BARS):
            window = cut(one, first, first + BARS)
            beats, groove = float(window.beats.share.sum()), ~window.fill[window.grid.beat]
            strokes = density_of(window)[groove]
            notes = np.count_nonzero(drawn_tap(window.velocity, rng)[0]) / beats
            if len(strokes):
                rows.append((np.log2(notes + SPARSE), np.log2(strokes.mean()), one.style))
    notes, strokes, style = np.array(rows).T
    slope, base = np.polyfit(notes, strokes, 1)
    rest = strokes - base - slope * notes
    styles = {
        STYLES[row]: round(float(rest[style == row].mean()), 3)
        for row in range(1, len(STYLES))
        if np.count_nonzero(style == row) >= FEWEST
    }
    line = {"base": base, "slope": slope, "alone": strokes.mean()}
    return {**{name: round(float(value), 3) for name, value in line.items()}, "styles": styles}


def fill_density(lessons: list[Lesson]) -> dict[str, float]:
    """Return the line of strokes a beat in fills over those of the groove around, in octaves."""
    rows = []
    for one in (one for one in lessons if not one.is_fill and one.fill.any()):
        for bar in np.unique(one.beats.bar[one.fill]).tolist():
            window = cut(one, bar - BARS, bar + 1)
            dense, fill = density_of(window), window.fill[window.grid.beat]
            if not fill.all():
                rows.append((np.log2(dense[~fill].mean() + SPARSE), np.log2(dense[fill].mean())))
    if len(rows) < FEWEST:
        return {"base": 0.0, "slope": 1.0}
    groove, fill = np.array(rows).T
    slope, base = np.polyfit(groove, fill, 1)
    return {"base": round(float(base), 3), "slope": round(float(slope), 3)}


def fill_divisions(lessons: list[Lesson]) -> dict[str, list[list[float]]]:
    """Return how often fills divide a beat how, of D each: for slow, middling and fast tempi.

    There is a list for grooves in fours and one for those in threes.
    """
    count = np.ones((2, len(TEMPI) + 1, len(DIVISIONS)))
    for one in lessons:
        thirds = np.isin(one.division[~one.fill], THREES).mean() if not one.fill.all() else 0.0
        tempo = int(np.searchsorted(TEMPI, one.bpm))
        if not one.is_fill:
            found = np.bincount(one.division[one.fill], minlength=len(DIVISIONS))
            count[int(thirds > 0.5), tempo] += found
    share = count / count.sum(axis=-1, keepdims=True)
    fours, threes = share.round(3).tolist()
    return {"fours": fours, "threes": threes}


def _mean(values: np.ndarray, otherwise: float) -> float:
    return float(values.mean()) if len(values) else otherwise
