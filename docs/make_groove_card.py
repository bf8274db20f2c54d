"""Write the figures of docs/models/groove.md from the files that `yuragi evaluate groove` wrote.

Run it when one of them changes: python docs/make_groove_card.py
"""

import math
from pathlib import Path
from typing import NamedTuple

import msgspec
from block import filled

from engines.training.drums.evaluation.metric import METRICS
from engines.training.drums.evaluation.report import DrumReport, to_text

MODELS = Path(__file__).with_name("models")
CARD = MODELS / "groove.md"

FILES = {"": "groove.json", "left out, ": "groove-left-out.json"}
"""How the markers of blocks begin, and whose figures stand between them."""

TREES, LEARNED = "boosted trees", "learned "
"""The trees of the table of goals, and how the names of learned drummers begin."""

HEADS = {"": "learned", ", blind": "blind to style", ", told": "told who plays"}
"""How their names end, and what stands above their figures."""


class Goal(NamedTuple):
    """Be what a figure is to reach.

    `must` and `aim` count from the trees' figure where `from_trees`, so that goals keep their
    distance to them whatever the trees reach on the data at hand.
    """

    words: str
    metric: str
    must: float
    aim: float
    digits: int
    from_trees: bool = False


GOALS = (
    Goal("timing error, ms", "timing mae", -0.3, -0.9, 2, from_trees=True),
    Goal("velocity error, of 127", "velocity mae", -0.55, -1.45, 2, from_trees=True),
    Goal("velocity r", "velocity r", 0.02, 0.07, 3, from_trees=True),
    Goal("standard deviation of samples, timing", "timing std ratio", 0.1, 0.05, 2),
    Goal("standard deviation of samples, velocity", "velocity std ratio", 0.1, 0.05, 2),
    Goal("Jensen-Shannon distance, timing, of jitter's", "timing js, of jitter's", 0.5, 0.35, 2),
    Goal("the same of velocity", "velocity js, of jitter's", 0.5, 0.35, 2),
    Goal("told from human", "told from human", 0.65, 0.58, 2),
    Goal("seam, timing, %", "timing seam", 5.0, 0.0, 1),
    Goal("seam, velocity, %", "velocity seam", 5.0, 0.0, 1),
)


def main() -> None:
    """Write the blocks of the card anew."""
    CARD.write_text(card(CARD.read_text(encoding="utf-8")), encoding="utf-8")


def card(text: str) -> str:
    """Return a card with the blocks made anew whose files are there."""
    blocks = {}
    for prefix, name in FILES.items():
        if (MODELS / name).is_file():
            report = _report(MODELS / name)
            blocks[f"{prefix}goals"] = goals(report)
            blocks[f"{prefix}test"] = f"```\n{to_text(report)}\n```"
    return filled(text, blocks)


def goals(report: DrumReport) -> str:
    """Return the table of goals and what was reached; who was left out cannot be told of."""
    values = {(each.system, each.metric): each.value for each in report.results}
    learned = next(each.system for each in report.results if each.system.startswith(LEARNED))
    heads = {end: head for end, head in HEADS.items() if end != ", told" or not report.drummers}
    rows = [_row(goal, values, [TREES, *(learned + end for end in heads)]) for goal in GOALS]
    head = ["", "trees", "must", "aim", *heads.values()]
    return "\n".join([_cells(head), "|---" * len(head) + "|", *rows])


def _row(goal: Goal, values: dict[tuple[str, str], float], systems: list[str]) -> str:
    trees, *reached = (values.get((system, goal.metric), float("nan")) for system in systems)
    must, aim = (_target(goal, trees, by) for by in (goal.must, goal.aim))
    figures = [_short(value, goal.digits) for value in (trees, *reached)]
    return _cells([goal.words, figures[0], must, aim, *figures[1:]])


def _cells(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _target(goal: Goal, trees: float, by: float) -> str:
    if METRICS[goal.metric].better == "1":
        return f"{1 - by:.2f} to {1 + by:.2f}"
    return _short(trees + by if goal.from_trees else by, goal.digits)


def _short(value: float, digits: int) -> str:
    return "-" if math.isnan(value) else f"{value:.{digits}f}"


def _report(path: Path) -> DrumReport:
    return msgspec.json.decode(path.read_bytes(), type=DrumReport)


if __name__ == "__main__":
    main()
