"""Judge what a system makes of one take: count what figures are made of.

Letters: H hits of all windows of a take, S samples, K numbers that a metric counts.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from engines.training.drums.evaluation.histogram import (
    OFFSET_EDGES,
    VELOCITY_EDGES,
    cell_of,
    histograms,
)
from engines.training.drums.evaluation.window import Heard, Played, joined
from engines.training.evaluation.measure import crps

Judgement = dict[str, np.ndarray]
"""What was counted, (K,) for each metric; see `metric.METRICS`."""


class Answer(NamedTuple):
    """Be what a system says of a take: for each window a prediction, and several samples."""

    predicted: Sequence[Played]
    samples: Sequence[Sequence[Played]]

    def first(self) -> list[Played]:
        """Return the first sample of each window."""
        return [played[0] for played in self.samples]

    def sampled(self) -> Played:
        """Return all samples: (S, H) each."""
        by_sample = [joined(played) for played in zip(*self.samples, strict=True)]
        velocity, offset_ms = (np.stack(values) for values in zip(*by_sample, strict=True))
        return Played(velocity, offset_ms)


def judge(take: Heard, answer: Answer, jitter: Answer) -> Judgement:
    """Return what is counted of an answer, jitter's being what its histograms are compared with."""
    human = joined(case.played for case in take.windows)
    ours = answer.sampled()
    return {
        **_judge_prediction(take, joined(answer.predicted), human),
        **_judge_spread(ours, human),
        **_judge_histograms(take, human, ours, jitter.sampled()),
    }


def _judge_prediction(take: Heard, ours: Played, human: Played) -> Judgement:
    step_ms = take.whole.given.step_ms
    late, loud = ours.offset_ms - human.offset_ms, ours.velocity - human.velocity
    hits = len(late)
    x, y = ours.velocity, human.velocity
    return {
        "timing mae": np.array([np.abs(late).sum(), hits]),
        "timing mse": np.array([((late / step_ms) ** 2).sum(), hits]),
        "velocity mae": np.array([np.abs(loud).sum(), hits]),
        "velocity r": np.array([hits, x.sum(), y.sum(), x @ x, y @ y, x @ y]),
    }


def _judge_spread(ours: Played, human: Played) -> Judgement:
    """Return the scores of S samples, (S, H) each, and how far they stray within the take."""
    found = {}
    for name, sampled, played in (
        ("timing", ours.offset_ms, human.offset_ms),
        ("velocity", ours.velocity, human.velocity),
    ):
        hits = len(played)
        variance, theirs = float(sampled.var(axis=1).mean()), float(played.var())
        found[f"{name} crps"] = np.array([crps(sampled, played) * hits, hits])
        found[f"{name} std ratio"] = np.array([variance, theirs]) * hits
        if theirs > 0:
            found[f"{name} std ratio, by take"] = np.array([np.sqrt(variance / theirs), 1.0])
    return found


def _judge_histograms(take: Heard, human: Played, ours: Played, jitter: Played) -> Judgement:
    cell = np.concatenate([cell_of(case.given) for case in take.windows])
    found = {}
    for name, field, edges in (
        ("timing js", "offset_ms", OFFSET_EDGES),
        ("velocity js", "velocity", VELOCITY_EDGES),
    ):
        spread = [
            histograms(getattr(played, field), cell, edges) for played in (human, ours, jitter)
        ]
        found[name] = np.concatenate(spread[:2])
        found[f"{name}, of jitter's"] = np.concatenate(spread)
    return found
