"""Name the systems of the ladder: what every new system is compared with."""

from collections.abc import Callable, Sequence

from engines.error import EngineError
from engines.training.evaluation.case import Case, System
from engines.training.evaluation.systems.average import MatchedJitter, TrainMean
from engines.training.evaluation.systems.constant import Constant
from engines.training.evaluation.systems.jitter import Jitter
from engines.training.evaluation.systems.lookup import Lookup
from engines.training.evaluation.systems.people import people
from engines.training.evaluation.systems.rules import Rules
from engines.training.evaluation.systems.trees import Trees

LADDER: dict[str, Callable[[list[Case]], Sequence[System]]] = {
    "constant": lambda _: [Constant()],
    "mean": lambda _: [TrainMean()],
    "jitter": lambda _: [Jitter()],
    "matched": lambda _: [MatchedJitter()],
    "lookup": lambda _: [Lookup()],
    "rules": lambda _: [Rules()],
    "trees": lambda _: [Trees()],
    "humans": people,
}
"""Make the systems of each rung for the cases that are judged, from the simplest up."""

LEARNING = {"mean", "matched", "lookup", "trees"}
"""The rungs that learn from other recordings."""


def climb(rungs: Sequence[str], cases: list[Case]) -> list[System]:
    """Return the systems of these rungs, in the order of the ladder.

    Raises:
        EngineError: there is no such rung.
    """
    unknown = [rung for rung in rungs if rung not in LADDER]
    if unknown:
        raise EngineError(f"systems has {unknown[0]!r}, allowed are {', '.join(LADDER)}")
    return [system for rung, make in LADDER.items() if rung in rungs for system in make(cases)]
