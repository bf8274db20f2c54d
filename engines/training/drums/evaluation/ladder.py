"""Name the systems of the ladder: what every new drummer is compared with."""

from collections.abc import Callable, Sequence

from engines.error import EngineError
from engines.training.drums.evaluation.system import System
from engines.training.drums.evaluation.systems.even import (
    Jitter,
    MatchedJitter,
    Quantised,
    TrainMean,
)
from engines.training.drums.evaluation.systems.rules import Rules
from engines.training.drums.evaluation.systems.table import Table
from engines.training.drums.evaluation.systems.trees import Trees

LADDER: dict[str, Callable[[], System]] = {
    "quantised": Quantised,
    "mean": TrainMean,
    "jitter": Jitter,
    "matched": MatchedJitter,
    "table": Table,
    "rules": Rules,
    "trees": Trees,
    "told": lambda: Trees(is_told=True),
}
"""Make the system of each rung, from the simplest up; "told" are trees that know who plays."""

HUMANS = "humans"
"""The rung of people, who are told from other people."""


def climb(rungs: Sequence[str]) -> list[System]:
    """Return the systems of these rungs, in the order of the ladder.

    Raises:
        EngineError: there is no such rung.
    """
    allowed = (*LADDER, HUMANS)
    unknown = [rung for rung in rungs if rung not in allowed]
    if unknown:
        raise EngineError(f"systems has {unknown[0]!r}, allowed are {', '.join(allowed)}")
    return [make() for rung, make in LADDER.items() if rung in rungs]
