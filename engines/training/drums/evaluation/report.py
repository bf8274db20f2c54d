"""Write down what was found of drummers: as JSON for programs, as tables for people."""

from engines.training.drums.evaluation.kept import Kept
from engines.training.drums.evaluation.metric import METRICS, TABLES
from engines.training.evaluation.report import Report, table


class DrumReport(Report, frozen=True, kw_only=True):
    """Be what an evaluation of drummers found: pieces are takes, recordings are windows.

    `hits` are those of all windows, `kept` are those of the whole pack that came through the
    engines, `drummers` who was left out of what was learned from, if anybody was.
    """

    hits: int
    kept: Kept
    drummers: tuple[str, ...] = ()


def to_text(report: DrumReport) -> str:
    """Return the tables, each figure with its 95 % interval over takes, and the count of hits."""
    parts = [
        table(title, {name: METRICS[name] for name in names}, report.results)
        for title, names in TABLES.items()
    ]
    return "\n\n".join(part for part in (_judged(report), *parts, _kept(report.kept)) if part)


def _judged(report: DrumReport) -> str:
    who = f"takes of {', '.join(report.drummers)}" if report.drummers else "takes"
    return f"{report.pieces} {who}, {report.recordings} windows, {report.hits:,} hits"


def _kept(kept: Kept) -> str:
    pitches = f"{kept.changed} with other pitches" if kept.changed else "all pitches as they were"
    return f"hits: {kept.given:,} in, {kept.returned:,} out, of {kept.takes:,} takes, {pitches}"
