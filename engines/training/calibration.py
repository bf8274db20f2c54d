"""Measure how players stray from what a trained player expects: how far, and in what ways.

Letters: N notes, O onsets.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import NormalDist
from typing import Any, NamedTuple

import msgspec
import numpy as np

from engines.error import EngineError
from engines.features import Features
from engines.performance.interpreter import (
    PRESS,
    SAMPLED,
    STRETCH,
    UNITS,
    Interpretation,
    Player,
    interpret,
    log_odds,
)
from engines.performance.traces import FARTHEST, Trace, kept, traced
from engines.training.corpus import find_pack
from engines.training.evaluation.pack import piece_of, read_rows
from engines.training.lesson import lesson
from engines.training.recording import Recording, read_recording


class Judge(NamedTuple):
    """Say on whom weights are calibrated: of a pack, or a split of it, so `many` of each piece."""

    pack: str
    split: str | None
    many: int


JUDGES = {
    "default": Judge("vienna4x22", None, 22),
    "research": Judge("asap_notes", "valid", 3),
}

NOTES = 100_000
"""At most so many notes of players are kept: half a megabyte in a card."""

SURE = 1e-4
"""No share is nearer to 0 or 1 than this: what is farther out is as surprising as it gets."""

NARROWEST, WIDEST = 0.5, 2.0
"""No recording asks for distributions that are narrower or wider by more than these factors."""

TABLE = np.array([NormalDist().inv_cdf(share) for share in np.linspace(SURE, 1 - SURE, 2_001)])
"""Normal scores of shares from `SURE` to 1 - `SURE`."""

GOLDEN = 0.5 * (5.0**0.5 - 1.0)
"""Multiples of it are spread evenly between whole numbers, however many there are."""

MOST_ODDS = 4.0
"""The log odds of a press are moved by at most this much."""

Expectation = Callable[[Recording], np.ndarray]
"""What is expected of a recording by who has not learned from its piece: (N, 4) in the network's
units, rows as in the clip."""


class Surprise(NamedTuple):
    """Be what a player did where something was expected.

    `done` (N, 4) in the units of `interpreter.UNITS`, NaN where nothing is known, rows as in the
    clip; `pressed` (O,) bool.
    """

    features: Features
    expected: Interpretation
    done: np.ndarray
    pressed: np.ndarray


def calibrate(
    network: Player, weights: str, data: Path, unheard: Expectation | None = None
) -> dict[str, Any]:
    """Return `spread`, `traces` and `press` for a player's card, see `interpreter.Interpreter`.

    A parameter that no recording tells of, such as asynchrony where there are no chords, is left
    out of the spread.

    Args:
        network: the player.
        weights: whose judge of `JUDGES` is asked.
        data: the folder of packs.
        unheard: what to expect of the judge's recordings, where the player has learned from them.

    Raises:
        EngineError: the pack that it is judged on is missing, or has no recordings for that.
    """
    heard = [_surprise(network, one, unheard) for one in _judged(JUDGES[weights], data)]
    found = {name: _spread(heard, number) for number, name in enumerate(SAMPLED)}
    spread = {name: factor for name, factor in found.items() if factor is not None}
    traces = kept(_standard(_excerpts([_trace(one, spread) for one in heard])))
    return {"spread": spread, "traces": msgspec.to_builtins(traces), "press": _press(heard)}


def _judged(judge: Judge, data: Path) -> Iterator[Recording]:
    folder = find_pack(data, judge.pack)
    count: dict[str, int] = defaultdict(int)
    for row in read_rows(folder):
        if row["split"] == (judge.split or row["split"]) and row["robust"] == "1":
            count[piece_of(row)] += 1
            if count[piece_of(row)] <= judge.many:
                yield read_recording(folder / row["file"], row)
    if not count:
        raise EngineError(
            f"{judge.pack} has 0 recordings of the split {judge.split or 'any'}, allowed are 1 or"
            " more"
        )


def _surprise(network: Player, recording: Recording, unheard: Expectation | None) -> Surprise:
    features = Features(recording.clip)
    expected = interpret(features, network)
    taught = lesson(recording)
    back = np.argsort(features.order)
    if unheard is not None:
        means = (UNITS * unheard(recording)).T
        expected = expected._replace(mixture=expected.mixture.about(means))
    done = taught.target[back, : len(UNITS)].astype(float) * UNITS
    done[taught.weight[back, : len(UNITS)] == 0] = np.nan
    pressed = np.zeros(len(features.group_onset), dtype=bool)
    pressed[features.group] = taught.target[back, PRESS] > 0.5
    return Surprise(features, expected, done, pressed)


def _spread(heard: list[Surprise], number: int) -> float | None:
    """Return by how much the distributions are too narrow for what people did, if they did it.

    Each recording counts the same and none beyond `NARROWEST` and `WIDEST`, so that one that is
    badly aligned does not count by the size of its errors.
    """
    factors = [factor for one in heard if (factor := _strayed(one, number)) is not None]
    return round(float(np.mean(np.clip(factors, NARROWEST, WIDEST))), 3) if factors else None


def _strayed(surprise: Surprise, number: int) -> float | None:
    """Return how far a player strayed from the means, in standard deviations that were expected."""
    expected = surprise.expected.of(SAMPLED[number])
    apart = surprise.done[:, number] - expected.mean()
    known = ~np.isnan(apart)
    if not known.any():
        return None
    return float(np.sqrt((apart[known] ** 2).mean() / expected.variance()[known].mean()))


def _scores(surprise: Surprise, number: int, spread: float) -> np.ndarray:
    """Return where in its distribution each value of a parameter lies, as normal scores: (N,)."""
    expected = surprise.expected.of(SAMPLED[number])
    done = surprise.done[:, number]
    share = expected.widened(spread).share_below(done[None])[0]
    place = (np.clip(share, SURE, 1 - SURE) - SURE) / (1 - 2 * SURE) * (len(TABLE) - 1)
    known = ~np.isnan(done)
    score = np.full(len(done), np.nan)
    score[known] = TABLE[np.rint(place[known]).astype(int)]
    return score


def _trace(surprise: Surprise, spread: dict[Any, float]) -> Trace:
    """Return a recording as a trace, but for its last onset: how long that lasts nobody knows."""
    group, size = surprise.features.group, surprise.features.group_size
    scores = [_scores(surprise, n, spread.get(name, 1.0)) for n, name in enumerate(SAMPLED)]
    scores[STRETCH] = (np.bincount(group, scores[STRETCH]) / size)[group]
    found = traced(surprise.features, np.stack(scores, axis=1).clip(-FARTHEST, FARTHEST))
    return found.excerpt(0, len(size) - 1)


def _excerpts(traces: list[Trace]) -> list[Trace]:
    """Return as much of each trace as there is room for, each from another place."""
    traces = [trace for trace in traces if len(trace.size)]
    room = NOTES // max(len(traces), 1)
    places = np.modf(GOLDEN * np.arange(len(traces)))[0]
    return [excerpt(trace, room, place) for trace, place in zip(traces, places, strict=True)]


def excerpt(trace: Trace, room: int, place: float) -> Trace:
    """Return at most so many notes of a trace, from its start at 0 to its end just before 1."""
    starts = np.append(0, np.cumsum(trace.size))
    latest = int(np.searchsorted(starts, starts[-1] - room))
    start = int(place * (latest + 1))
    end = np.searchsorted(starts, starts[start] + room, side="right") - 1
    return trace.excerpt(start, int(end))


def _standard(traces: list[Trace]) -> list[Trace]:
    """Return traces whose scores are all in all of mean 0 and variance 1, as noise is."""
    score = np.concatenate([trace.score for trace in traces])
    known = ~np.isnan(score).all(axis=0)
    mean, deviation = np.zeros(len(SAMPLED)), np.ones(len(SAMPLED))
    mean[known], deviation[known] = np.nanmean(score[:, known], 0), np.nanstd(score[:, known], 0)
    deviation = np.maximum(deviation, 1e-6)
    return [trace._replace(score=(trace.score - mean) / deviation) for trace in traces]


def _press(heard: list[Surprise]) -> float:
    """Return by how much the log odds of a press are too low for how often players press."""
    odds = np.concatenate([log_odds(one.expected.press) for one in heard])
    often = np.concatenate([one.pressed for one in heard]).mean()
    low, high = -MOST_ODDS, MOST_ODDS
    for _ in range(20):
        middle = 0.5 * (low + high)
        rare = (1.0 / (1.0 + np.exp(-odds - middle))).mean() < often
        low, high = (middle, high) if rare else (low, middle)
    return round(0.5 * (low + high), 3)
