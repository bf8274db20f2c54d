"""Measure how players stray from what a trained player expects: how far, and how it remembers.

Letters: N notes, O onsets.
"""

from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from statistics import NormalDist
from typing import Any, NamedTuple

import numpy as np

from engines.error import EngineError
from engines.features import Features
from engines.performance.interpreter import SAMPLED, UNITS, Player, interpret
from engines.performance.scatter import Mixture
from engines.training.corpus import find_pack
from engines.training.lesson import lesson
from engines.training.recording import Recording, read_pack
from engines.training.residual import Residual, memory_of

JUDGES = {"default": ("vienna4x22", "test"), "research": ("asap_notes", "valid")}
"""The pack and split that each set of weights is calibrated on."""

RECORDINGS = 40
"""Of so many recordings and more not all are looked at, but evenly taken ones, fewer than twice as
many."""

SURE = 1e-4
"""No share is nearer to 0 or 1 than this: what is farther out is as surprising as it gets."""

NORMAL_QUARTILES = 1.349
"""Distance of the quartiles of a normal distribution in standard deviations."""

NARROWEST, WIDEST = 0.5, 2.0
"""No distribution is made narrower or wider than by these factors."""

TABLE = np.array([NormalDist().inv_cdf(share) for share in np.linspace(SURE, 1 - SURE, 2_001)])
"""Normal scores of shares from `SURE` to 1 - `SURE`."""


class Surprise(NamedTuple):
    """Be what a player did and what was expected of one parameter, for the N notes that count.

    `done` (N,) in the units of `interpreter.UNITS`, `group` (N,) the onset of each note, `beats`
    (O,) when the onsets are written.
    """

    expected: Mixture
    done: np.ndarray
    group: np.ndarray
    beats: np.ndarray


def calibrate(network: Player, weights: str, data: Path) -> dict[str, Any]:
    """Return `spread` and `memory` for a player's card, see `interpreter.Interpreter`.

    A parameter that no recording tells of, such as asynchrony where there are no chords, is left
    out.

    Raises:
        EngineError: the pack that it is judged on is missing, or has no recordings for that.
    """
    surprises = list(_surprises(network, weights, data))
    spread, memory = {}, {}
    for number, name in enumerate(SAMPLED):
        of_parameter = [surprise[number] for surprise in surprises if len(surprise[number].done)]
        if not of_parameter:
            continue
        spread[name] = round(_spread(of_parameter), 3)
        memory[name] = memory_of([_residual(one, spread[name]) for one in of_parameter])._asdict()
    return {"spread": spread, "memory": memory}


def _surprises(network: Player, weights: str, data: Path) -> Iterator[list[Surprise]]:
    pack, split = JUDGES[weights]
    found = [one for one in read_pack(find_pack(data, pack)) if one.split == split]
    if not found:
        raise EngineError(f"{pack} has 0 recordings of the split {split}, allowed are 1 or more")
    for recording in islice(found, 0, None, max(1, len(found) // RECORDINGS)):
        yield _surprise(network, recording)


def _surprise(network: Player, recording: Recording) -> list[Surprise]:
    """Return a recording's surprises, one for each of the four parameters."""
    features = Features(recording.clip)
    expected = interpret(features, network)
    taught = lesson(recording)
    back = np.argsort(features.order)
    surprises = []
    for number, name in enumerate(SAMPLED):
        counts = taught.weight[back, number] > 0
        mixture = Mixture(*(array[counts] for array in getattr(expected, name)))
        done = taught.target[back, number][counts].astype(float) * UNITS[number]
        surprises.append(
            Surprise(mixture, done, features.group[counts], np.asarray(features.group_onset))
        )
    return surprises


def _spread(surprises: list[Surprise]) -> float:
    """Return by how much the distributions are too narrow for what people did.

    Half of what people do is to lie in the middle half of the distributions; alignment errors and
    ornaments, which are far out, do not count by their size.
    """
    scores = np.concatenate([_scores(one.expected, one.done) for one in surprises])
    low, high = np.quantile(scores, [0.25, 0.75])
    return float(np.clip((high - low) / NORMAL_QUARTILES, NARROWEST, WIDEST))


def _scores(expected: Mixture, done: np.ndarray) -> np.ndarray:
    """Return where in its distribution each value lies, as normal scores: (N,)."""
    share = expected.share_below(done[:, None])[:, 0]
    place = (np.clip(share, SURE, 1 - SURE) - SURE) / (1 - 2 * SURE) * (len(TABLE) - 1)
    return TABLE[np.rint(place).astype(int)]


def _residual(surprise: Surprise, spread: float) -> Residual:
    """Return how surprising each note is, as normal scores of variance 1."""
    score = _scores(surprise.expected.widened(spread), surprise.done)
    return Residual(score / max(float(score.std()), 1e-6), surprise.group, surprise.beats)
