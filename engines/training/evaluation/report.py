"""Write figures down: as JSON for programs, as tables for people."""

from collections.abc import Mapping
from importlib.metadata import version

import msgspec
import numpy as np

from engines.training.evaluation.bootstrap import RESAMPLES, SEED
from engines.training.evaluation.evaluation import POOR, ROBUST, SAMPLES, Result
from engines.training.evaluation.metric import METRICS, TABLES, Metric

WIDTH = 16
"""Characters of a column."""

FIRST = 29
"""Characters of the column of names."""


class Report(msgspec.Struct, frozen=True):
    """Be what an evaluation found and how it can be had again.

    `data` and `train` are the folders as they were named; `seed` drew the bootstrap's pieces,
    sample k of a system is that of seed k.
    """

    results: list[Result]
    data: str
    train: str
    recordings: int
    pieces: int
    version: str = version("yuragi")
    seed: int = SEED
    resamples: int = RESAMPLES
    samples: int = SAMPLES


def to_text(report: Report) -> str:
    """Return the tables: systems downwards, each figure with its 95 % interval over pieces."""
    robust = [result for result in report.results if result.set == ROBUST]
    parts = [table(title, _some(names), robust) for title, names in TABLES.items()]
    poor = [result for result in report.results if result.set == POOR]
    title, names = next(iter(TABLES.items()))
    parts.append(table(f"{title}; poorly aligned recordings", _some(names), poor))
    return "\n\n".join(part for part in parts if part)


def table(title: str, metrics: Mapping[str, Metric], results: list[Result]) -> str:
    """Return a table of the metrics that were measured; nothing if none was.

    Args:
        title: what stands above.
        metrics: the columns, by name.
        results: at most one of each system, told or not told the marks, and metric.
    """
    found = {(result.system, result.marks, result.metric): result for result in results}
    measured = {name for *_, name in found}
    metrics = {name: metric for name, metric in metrics.items() if name in measured}
    systems = dict.fromkeys((system, marks) for system, marks, name in found if name in metrics)
    head = " " * FIRST + "".join(f"{metric.title:<{WIDTH}}" for metric in metrics.values())
    rows = [
        f"{_name(*system):<{FIRST}}"
        + "".join(
            f"{_cell(found.get((*system, name)), metric):<{WIDTH - 1}} "
            for name, metric in metrics.items()
        )
        for system in systems
    ]
    return "\n".join(line.rstrip() for line in (title, head, *rows)) if metrics else ""


def _some(names: tuple[str, ...]) -> dict[str, Metric]:
    return {name: METRICS[name] for name in names}


def _name(system: str, marks: bool) -> str:
    return f"{system}, marks" if marks else system


def _cell(result: Result | None, metric: Metric) -> str:
    if result is None or np.isnan(result.value):
        return "-"
    digits = metric.decimals or (2 if abs(result.high) < 5 else 1)
    bounds = f"{_short(result.low, digits)}-{_short(result.high, digits)}"
    return f"{_short(result.value, digits + 1)} {bounds}"


def _short(value: float, digits: int) -> str:
    """Return a number without the zero before its point."""
    text = f"{round(value, digits) + 0.0:.{digits}f}"  # adding 0 makes -0 plain
    return text[1:] if text.startswith("0.") else text.replace("-0.", "-.")
