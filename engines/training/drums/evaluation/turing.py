"""Ask boosted trees which windows of a beat a person played.

Letters: H hits, F columns, W windows, V voices, G groups of them.

Source: Lopez-Paz and Oquab (2017), "Revisiting classifier two-sample tests", ICLR: a classifier
that does no better than chance cannot tell two samples apart.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engines.kit import CLOSED_HAT, CRASH, KICK, OPEN_HAT, RIDE, SNARE, VOICES
from engines.training.drums.evaluation.window import STEPS, Case, Played, Window
from engines.training.evaluation.turing import Windows
from engines.training.evaluation.turing import told_apart as shares_told_apart

GROUPS = {KICK: 0, SNARE: 1, CLOSED_HAT: 2, OPEN_HAT: 2, RIDE: 2, CRASH: 3}
"""What is told of together: kick, snare, what keeps time, and the rest."""

REST = 3

LEVELS = np.array([0, 3, 2, 3, 1, 3, 2, 3] * 2)
"""How weak each sixteenth of the bar is: half bar, beat, eighth, sixteenth."""

GHOST = 40.0
"""A velocity below this is a ghost note's."""

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)

STILL = 1e-9
"""What goes together less than this does not vary."""

FEWEST = 3
"""Of fewer hits, nothing is told of how they vary or go together."""


class Told(NamedTuple):
    """Be what is told of the windows of one take, (W, F) each: a person's and a system's."""

    take: str
    human: np.ndarray
    guessed: np.ndarray


def told_apart(pairs: Sequence[Told]) -> dict[str, np.ndarray]:
    """Return by take how many windows were told right, a person's and a system's, and of how many.

    Trees never judge a take that they have learned from. Fewer than two takes tell nothing.
    """
    windows = [Windows(each.take, each.take, each.human, each.guessed) for each in pairs]
    if len(windows) < 2:
        return {}
    count = {each.take: (len(each.human) + len(each.guessed)) / 2 for each in pairs}
    return {
        name: np.array([*(right * count[name]), count[name]])
        for name, found in shares_told_apart(windows).items()
        for right in found[name]
    }


def told(windows: Sequence[Case]) -> np.ndarray:
    """Return what is told of each window: (W, F), NaN for what it is too short to tell."""
    return np.stack([_told(case.given, case.played) for case in windows])


def sampled(windows: Sequence[Case], played: Sequence[Played]) -> list[Case]:
    """Return windows as a system plays them; its velocities are made whole, as people's are."""
    return [
        Case(case.given, hits._replace(velocity=np.rint(hits.velocity).clip(1, 127)))
        for case, hits in zip(windows, played, strict=True)
    ]


def _told(window: Window, played: Played) -> np.ndarray:
    """Return how the hits of a window vary, go together and follow each other: (F,)."""
    velocity, offset = played
    group = np.array([GROUPS.get(voice, REST) for voice in range(len(VOICES))])[window.voice]
    level = LEVELS[window.position]
    columns = [*_shape(velocity), *_shape(offset), (velocity < GHOST).mean()]
    columns += [_alike(velocity, offset), *_followed(velocity, offset, np.ones_like(group, bool))]
    for number in range(REST + 1):
        columns += _of_group(velocity, offset, group == number)
    for number in range(int(LEVELS.max()) + 1):
        rows = level == number
        columns += [_mean(velocity[rows]), _mean(offset[rows]), _std(offset[rows])]
    columns += _together(window, velocity, offset)
    columns += _again(window, velocity, offset)
    return np.array(columns, dtype=np.float64)


def _shape(values: np.ndarray) -> list[float]:
    """Return how values are spread."""
    centred = values - values.mean()
    deviation = max(float(values.std()), 1e-9)
    return [
        float(values.mean()),
        deviation,
        float(np.ptp(values)),
        float((centred**3).mean() / deviation**3),
        float((centred**4).mean() / deviation**4),
        *(np.quantile(values, QUANTILES) - np.median(values)).tolist(),
    ]


def _of_group(velocity: np.ndarray, offset: np.ndarray, rows: np.ndarray) -> list[float]:
    """Return how the hits of a group lie against all hits, vary and follow each other."""
    return [
        _mean(velocity[rows]) - float(velocity.mean()),
        _mean(offset[rows]) - float(offset.mean()),
        _std(velocity[rows]),
        _std(offset[rows]),
        _alike(velocity[rows], offset[rows]),
        *_followed(velocity, offset, rows),
    ]


def _followed(velocity: np.ndarray, offset: np.ndarray, rows: np.ndarray) -> list[float]:
    """Return how like hits are to the next, and the one after."""
    return [
        _alike(values[rows][lag:], values[rows][:-lag])
        for values in (velocity, offset)
        for lag in (1, 2)
    ]


def _together(window: Window, velocity: np.ndarray, offset: np.ndarray) -> list[float]:
    """Return how far hits of one step fall apart, and whether they are late and loud together."""
    first = np.flatnonzero(np.diff(window.step) == 0)
    one, other = offset[first], offset[first + 1]
    return [
        _mean(np.abs(one - other)),
        _std(one - other),
        _alike(one, other),
        _alike(velocity[first], velocity[first + 1]),
    ]


def _again(window: Window, velocity: np.ndarray, offset: np.ndarray) -> list[float]:
    """Return how like hits are to those of their voice a bar later, or half a bar later."""
    place = window.voice.astype(np.intp) * 1_000 + window.step
    found = []
    for later in (STEPS, STEPS // 2):
        _, one, other = np.intersect1d(place + later, place, return_indices=True)
        for values in (velocity, offset):
            found += [_alike(values[one], values[other]), _std(values[one] - values[other])]
    return found


def _mean(values: np.ndarray) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _std(values: np.ndarray) -> float:
    return float(values.std()) if len(values) >= FEWEST else float("nan")


def _alike(one: np.ndarray, other: np.ndarray) -> float:
    """Return Pearson's r, NaN where one of them is still or there are few."""
    if len(one) < FEWEST:
        return float("nan")
    one, other = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / scale if scale > STILL else float("nan")
