"""Measure what goes together in what drummers do beyond what was expected of them.

Each hit of a take that was not learned from has a normal score in what the network says of it. The
products of two hits' scores are explained by the parts of the noise that both would share.

Letters: H hits, P pairs, S parts of `Shares`.

Source: Lawson and Hanson (1974), Solving Least Squares Problems, ch. 23 (non-negative least
squares); the method of moments for components of variance, Searle, Casella and McCulloch (1992).
"""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import nnls
from scipy.special import ndtri

from engines.drummer.drummer import Player, interpret
from engines.drummer.feel import WANDERING, Shares, in_bar, in_beat
from engines.drummer.histogram import Histogram
from engines.fluctuation import Waves, partials
from engines.training.drums.lesson import Lesson

PARTS = ("clock", "whole", "voice", "beat", "bar")
"""The parts of `Shares`."""

FARTHEST = 32.0
"""Beats between the hits of a pair, at most."""

PAIRS = 20_000
"""Pairs that are drawn of a take, at most."""

AT_ONCE = 0.15
"""The share of them that are neighbours, most of them struck at once."""

LIMBS = 4
"""So many hits fall together at most."""

SUREST = 1e-3
"""No score is farther out than that of this share."""

TINY = 1e-6
"""Scores of a take are at least of this size."""

MOST = 0.95
"""The parts together explain at most this share: no two hits are alike."""


def shares(
    player: Player, lessons: Sequence[Lesson], told: Callable[[float], None]
) -> dict[str, Shares]:
    """Return how the noise of velocity and of lateness is made up, by their names.

    The network is told who plays and in what style, so that what remains is how drummers differ
    from themselves.

    Args:
        player: the network.
        lessons: takes that it has not learned from, of two hits or more.
        told: called with the share that is done.
    """
    draw = np.random.default_rng(0)
    heard: dict[str, list[tuple[np.ndarray, ...]]] = {name: [] for name in WANDERING}
    for done, lesson in enumerate(lessons):
        told(done / len(lessons))
        one, other = _pairs(lesson, draw)
        for name, score in _scores(player, lesson, draw).items():
            size = np.sqrt(np.mean(score**2, keepdims=True))
            product = score[one] * score[other] / np.maximum(size, TINY) ** 2
            heard[name].append((_common(lesson, one, other, WANDERING[name]), product))
    return {
        name: _fitted(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        for name, parts in heard.items()
        if parts
    }


def _fitted(common: np.ndarray, product: np.ndarray) -> Shares:
    """Return the shares that explain products, (P,), by what pairs have in common, (P, S).

    Products are of scores in units of their take's own size, so that no take counts more for
    straying farther.
    """
    found, _ = nnls(common, product)
    found *= min(1.0, MOST / max(float(found.sum()), 1e-9))
    parts: dict[str, float] = dict(zip(PARTS, np.round(found, 4).tolist(), strict=True))
    return Shares(**parts)


def _scores(player: Player, lesson: Lesson, draw: np.random.Generator) -> dict[str, np.ndarray]:
    """Return normal scores of lateness, and of velocity where any was played: (H,) each."""
    found = interpret(lesson.sight, lesson.telling, player)
    scores = {"late": _score(found.late, lesson.late)}
    if lesson.teaches_velocity:
        velocity = lesson.velocity + draw.uniform(-0.5, 0.5, len(lesson.velocity))
        scores["velocity"] = _score(found.velocity, velocity)
    return scores


def _score(expected: Histogram, value: np.ndarray) -> np.ndarray:
    return np.asarray(ndtri(np.clip(expected.share_below(value), SUREST, 1.0 - SUREST)))


def _pairs(lesson: Lesson, draw: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of pairs, most of them near each other: (P,) twice."""
    time, count = lesson.sight.time, min(PAIRS, 20 * len(lesson.sight.time))
    one = draw.integers(len(time), size=count)
    later = np.searchsorted(time, time[one] + FARTHEST * draw.random(count) ** 2)
    later += draw.integers(LIMBS, size=count)  # or else the first voice of each moment alone
    other = np.where(draw.random(count) < AT_ONCE, one + 1, later)
    kept = (other < len(time)) & (other != one)
    return one[kept], other[kept]


def _common(lesson: Lesson, one: np.ndarray, other: np.ndarray, wandering: Waves) -> np.ndarray:
    """Return what of each part of the noise pairs have in common: (P, S)."""
    sight = lesson.sight
    apart = np.abs(sight.time[one] - sight.time[other])
    voice = sight.voice[one] == sight.voice[other]
    beat, bar = in_beat(sight.beat), in_bar(sight.beat)
    common = {
        "clock": _autocorrelation(wandering, apart),
        "whole": np.ones(len(apart)),
        "voice": voice,
        "beat": voice & (beat[one] == beat[other]),
        "bar": voice & (bar[one] == bar[other]),
    }
    return np.stack([common[part] for part in PARTS], axis=1, dtype=float)


def _autocorrelation(waves: Waves, apart: np.ndarray) -> np.ndarray:
    """Return how like noise is to itself so many beats away: (P,)."""
    speed, amplitude = partials(waves)
    return np.asarray(np.cos(np.multiply.outer(apart, speed)) @ (amplitude**2 / 2))
