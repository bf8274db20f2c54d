"""Evaluate the ladder on a pack of recordings."""

from collections.abc import Sequence
from pathlib import Path

from engines.training.evaluation.evaluation import Say, evaluate
from engines.training.evaluation.ladder import LEARNING, climb
from engines.training.evaluation.pack import judged, lessons
from engines.training.evaluation.report import Report


def run(data: Path, train: Path, rungs: Sequence[str], *, limit: int | None, say: Say) -> Report:
    """Return the figures of some rungs of the ladder.

    Args:
        data: the pack whose test recordings are judged.
        train: the pack whose train split is learned from.
        rungs: names of `LADDER`.
        limit: at most so many recordings are judged and learned from.
        say: is told how far it is.

    Raises:
        EngineError: a folder or a name cannot be used.
    """
    say("reading", 0.0)
    cases = judged(data, limit)
    systems = climb(rungs, cases)
    learned = lessons(train, limit, cases) if LEARNING.intersection(rungs) else []
    return Report(
        results=evaluate(systems, cases, learned, say),
        data=str(data),
        train=str(train),
        recordings=len(cases),
        pieces=len({case.recording.piece for case in cases}),
    )
