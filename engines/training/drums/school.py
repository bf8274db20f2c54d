"""Give out lessons in batches, and say how wrong a drummer is about them.

Letters: B excerpts, H hits, F columns of what is said, A of what is around, K bins.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from engines.drummer.page import COLUMNS, MOMENTS, Telling, around, said
from engines.error import EngineError
from engines.kit import VOICES
from engines.models.drummer import Drummer
from engines.training.apprentice import Loss
from engines.training.drums.lesson import Lesson

VELOCITY_EDGE = (*np.arange(0.5, 125.0, 4.0).tolist(), 126.5, 127.5)
"""Bins of four velocities; 127, at which the kit stops counting, has one of its own."""

LATE_EDGE = (-130.0, *np.arange(-100.0, 101.0, 4.0).tolist(), 130.0)
"""Bins of 4 ms."""

BARS = 80
"""Bars in a batch, all excerpts together."""

LENGTHS = (2, 2, 2, 2, 2, 2, 4, 4, 8, 12)
"""Bars of the excerpts of a batch, one drawn of these: padding them to one length costs little."""

MOST_HITS = 360
"""An excerpt of more hits is left out: it would make its whole batch slow."""

TRIES = 1_000
"""So many excerpts are drawn at most until one is neither empty nor left out."""

SIXTEENTHS = 0.5
"""Share of the excerpts that are read as published measures have it."""

TELLS_STYLE, TELLS_PLAYER = 0.8, 0.5
"""Shares of the excerpts of which the style, and the player, are told."""

TELLS_STROKES = 0.75
"""Share of the excerpts that tell more than the voices, where the page does."""

MUTES = 0.25
"""Share of the excerpts of which one voice is left out: people write parts without hats, too."""

SIZE = 0.75
"""A take of so many bars comes as often as this power of them says."""

FAIRNESS = 0.1
"""What a unit of CRPS costs beside a nat: CRPS knows which bins are near, likelihood does not."""


class Example(NamedTuple):
    """Be an excerpt as a network sees it: said (H, F), around (H, A), and the lesson."""

    said: np.ndarray
    around: np.ndarray
    lesson: Lesson


class School:
    """Draw excerpts of lessons and judge answers, as an `Apprentice` needs it.

    Args:
        page: lessons as they would be written down.
        sixteenths: the same takes on sixteenths.
    """

    def __init__(self, page: Sequence[Lesson], sixteenths: Sequence[Lesson]) -> None:
        self._shelves = (page, sixteenths)
        self._weights = tuple(_weights(lessons) for lessons in self._shelves)

    def __call__(self, net: Drummer, draw: np.random.Generator) -> Loss:
        """Return how wrong a `Drummer` is about a batch, by velocity and lateness: (2,)."""
        bars = int(draw.choice(LENGTHS))
        parts = judge(net, [self._example(bars, draw) for _ in range(BARS // bars)])
        return Loss(parts.sum(), parts)

    def _example(self, bars: int, draw: np.random.Generator) -> Example:
        for _ in range(TRIES):
            lesson = self._drawn(draw)
            excerpt = lesson.excerpt(int(draw.integers(max(lesson.bars - bars, 0) + 1)), bars)
            excerpt = _thinned(excerpt, draw)
            if 0 < len(excerpt.velocity) <= MOST_HITS:
                return _seen(excerpt, _hushed(excerpt.telling, draw))
        raise EngineError(
            f"the takes have no excerpts of {bars} bars that have 1 to {MOST_HITS} hits, as needed"
        )

    def _drawn(self, draw: np.random.Generator) -> Lesson:
        shelf = int(draw.random() < SIXTEENTHS)
        return self._shelves[shelf][draw.choice(len(self._weights[shelf]), p=self._weights[shelf])]


def judge(net: Drummer, examples: Sequence[Example]) -> Tensor:
    """Return the mean cost of a hit's velocity and of its lateness: (2,)."""
    said_, around_, beats, is_hit = _padded(examples)
    velocity, late = net.odds(said_, around_, beats, is_hit)
    rows = is_hit > 0
    taught = _joined([np.full(len(e.lesson.velocity), e.lesson.teaches_velocity) for e in examples])
    loud = _cost(velocity[rows], _joined([e.lesson.velocity for e in examples]), VELOCITY_EDGE)
    slow = _cost(late[rows], _joined([e.lesson.late for e in examples]), LATE_EDGE)
    return torch.stack([(loud * taught).mean(), slow.mean()])


def _weights(lessons: Sequence[Lesson]) -> np.ndarray:
    weights = np.array([max(lesson.bars, 1) for lesson in lessons]) ** SIZE
    return np.asarray(weights / weights.sum())


def _thinned(lesson: Lesson, draw: np.random.Generator) -> Lesson:
    """Return a lesson, perhaps without one of its voices."""
    voices = np.unique(lesson.sight.voice)
    if draw.random() >= MUTES or len(voices) < 2:
        return lesson
    return lesson.take(lesson.sight.voice != draw.choice(voices))


def _hushed(telling: Telling, draw: np.random.Generator) -> Telling:
    """Return what is told of an excerpt, some of it kept back."""
    style, player, strokes = draw.random(3) < (TELLS_STYLE, TELLS_PLAYER, TELLS_STROKES)
    return telling._replace(
        style=telling.style if style else "any",
        player=telling.player if player else "any",
        strokes=telling.strokes and bool(strokes),
    )


def _seen(lesson: Lesson, telling: Telling) -> Example:
    return Example(said(lesson.sight, telling), around(lesson.sight), lesson)


def _padded(examples: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return said (B, H, F), around (B, H, A), beats (B, H) and which are hits (B, H)."""
    most = max(len(example.said) for example in examples)
    widths = (len(COLUMNS), MOMENTS * len(VOICES))
    told, struck = (np.zeros((len(examples), most, width), dtype=np.float32) for width in widths)
    beats, is_hit = np.zeros((2, len(examples), most), dtype=np.float32)
    for row, example in enumerate(examples):
        hits = len(example.said)
        told[row, :hits], struck[row, :hits] = example.said, example.around
        beats[row, :hits], is_hit[row, :hits] = example.lesson.sight.time, 1.0
    return (
        torch.from_numpy(told),
        torch.from_numpy(struck),
        torch.from_numpy(beats),
        torch.from_numpy(is_hit),
    )


def _joined(parts: list[np.ndarray]) -> Tensor:
    return torch.from_numpy(np.concatenate(parts).astype(np.float32))


def _cost(odds: Tensor, value: Tensor, edge: tuple[float, ...]) -> Tensor:
    """Return the surprise at values, (H,), and what CRPS adds, of bins' odds (H, K): (H,).

    Source: Gneiting and Raftery (2007), Journal of the American Statistical Association 102(477).
    """
    edges = torch.tensor(edge)
    bin_ = (torch.bucketize(value, edges) - 1).clamp(0, len(edge) - 2)
    below = functional.softmax(odds, dim=-1).cumsum(dim=-1)
    reached = (torch.arange(len(edge) - 1) >= bin_[:, None]).float()
    crps = ((below - reached) ** 2 * edges.diff()).sum(dim=-1)
    return functional.cross_entropy(odds, bin_, reduction="none") + FAIRNESS * crps
