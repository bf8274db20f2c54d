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
from engines.drummer.feel import PLACES, WANDERING, Shares
from engines.drummer.histogram import Histogram
from engines.fluctuation import Waves, partials
from engines.training.drums.lesson import Lesson

FARTHEST = 32.0
"""Beats between the hits of a pair, at most."""

PAIRS = 20_000
"""Pairs that are drawn of a take, at most."""

AT_ONCE = 0.15
"""The share of them that are neighbours, most of them struck at once."""

SUREST = 1e-3
"""No score is farther out than that of this share."""

MOST = 0.95
"""The parts together explain at most this share: no two hits are alike."""


def shares(
    player: Player, lessons: Sequence[Lesson], told: Callable[[float], None]
) -> dict[str, Shares]:
    """Return how the noise of velocity and of lateness is made up, by their names.

    The network is not told who plays and in what style, as most users do not tell it.

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
            common = _common(lesson, one, other, WANDERING[name])
            heard[name].append((score, common, score[one] * score[other]))
    return {
        name: _fitted(*(np.concatenate(column) for column in zip(*parts, strict=True)))
        for name, parts in heard.items()
        if parts
    }


def _fitted(score: np.ndarray, common: np.ndarray, product: np.ndarray) -> Shares:
    """Return the shares that explain products, (P,), of scores, by what pairs share, (P, S)."""
    variance = float(np.mean(score**2))
    found, _ = nnls(common, product / variance)
    found *= min(1.0, MOST / max(float(found.sum()), 1e-9))
    clock, moment, voice, habit = np.round(found, 4).tolist()
    return Shares(clock, moment, voice, habit, spread=round(variance**0.5, 4))


def _scores(player: Player, lesson: Lesson, draw: np.random.Generator) -> dict[str, np.ndarray]:
    """Return normal scores of lateness, and of velocity where any was played: (H,) each."""
    telling = lesson.telling._replace(style="any", player="any")
    found = interpret(lesson.sight, telling, player)
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
    other = np.where(draw.random(count) < AT_ONCE, one + 1, later)
    kept = (other < len(time)) & (other != one)
    return one[kept], other[kept]


def _common(lesson: Lesson, one: np.ndarray, other: np.ndarray, wandering: Waves) -> np.ndarray:
    """Return what of each part of the noise pairs have in common: (P, S)."""
    sight = lesson.sight
    apart = np.abs(sight.time[one] - sight.time[other])
    place = np.rint(sight.beat * PLACES)
    same_voice = sight.voice[one] == sight.voice[other]
    same_place = same_voice & (place[one] == place[other])
    parts = (_autocorrelation(wandering, apart), apart < 1e-6, same_voice, same_place)
    return np.stack(parts, axis=1, dtype=float)


def _autocorrelation(waves: Waves, apart: np.ndarray) -> np.ndarray:
    """Return how like noise is to itself so many beats away: (P,)."""
    speed, amplitude = partials(waves)
    return np.asarray(np.cos(np.multiply.outer(apart, speed)) @ (amplitude**2 / 2))
