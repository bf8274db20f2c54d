"""Evaluate the ladder on a pack of recordings."""

from collections.abc import Sequence
from pathlib import Path

from engines.training.evaluation.evaluation import Say, evaluate
from engines.training.evaluation.ladder import LEARNING, climb
from engines.training.evaluation.pack import judged, lessons
from engines.training.evaluation.report import Report
from engines.training.evaluation.systems.learned import read_player


def run(
    data: Path,
    train: Path,
    rungs: Sequence[str],
    weights: Sequence[str] = (),
    *,
    limit: int | None,
    say: Say,
) -> Report:
    """Return the figures of some rungs of the ladder, and of learned players.

    Args:
        data: the pack whose test recordings are judged.
        train: the pack whose train split is learned from.
        rungs: names of `LADDER`.
        weights: names or paths of files of weights.
        limit: at most so many recordings are judged and learned from.
        say: is told how far it is.

    Raises:
        EngineError: a folder, a name or a file of weights cannot be used.
    """
    say("reading", 0.0)
    players = [read_player(name) for name in weights]
    cases = judged(data, limit)
    systems = [*climb(rungs, cases), *players]
    learned = lessons(train, limit, cases) if LEARNING.intersection(rungs) else []
    return Report(
        results=evaluate(systems, cases, learned, say),
        data=str(data),
        train=str(train),
        recordings=len(cases),
        pieces=len({case.recording.piece for case in cases}),
    )
