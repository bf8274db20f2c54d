"""Judge systems on recordings: fit, predict, sample, measure, average.

Letters: K numbers that a metric keeps of each recording.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from engines.training.evaluation.bootstrap import by_piece, figure, mean_row
from engines.training.evaluation.case import Case, Guess, System
from engines.training.evaluation.judgement import Judgement, judge_mean, judge_samples
from engines.training.evaluation.metric import METRICS
from engines.training.evaluation.turing import Windows, told_apart, windows_of

SAMPLES = 16
"""How many samples are drawn of each recording."""

ROBUST, POOR = "test", "poorly aligned"
"""The recordings that count, and those whose alignment the pack's source does not trust."""

Say = Callable[[str, float], None]
"""Be told what is being done and how much of all is done, 0 to 1."""


class Result(msgspec.Struct, frozen=True):
    """Be a figure with its 95 % interval over pieces.

    `system` was told the score's marks if `marks`; `set` is "test" or "poorly aligned".
    """

    system: str
    marks: bool
    metric: str
    value: float
    low: float
    high: float
    set: str
    pieces: int
    recordings: int


class Tally:
    """Gather what was measured of one system, by metric, piece and recording."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, list[np.ndarray]]]] = defaultdict(
            lambda: defaultdict(lambda: defaultdict(list))
        )
        self.windows: dict[str, Windows] = {}

    def add(self, case: Case, judgement: Judgement) -> None:
        """Keep what was measured of one recording; several guesses of it are averaged."""
        recording = case.recording
        for metric, row in judgement.items():
            self.rows[metric][recording.piece][recording.name].append(row)

    def results(self, system: str, marks: bool, where: str) -> list[Result]:
        """Return the figures of all metrics of which anything was measured."""
        if self.windows:
            self.rows["told from human"] = told_apart(list(self.windows.values()))
        return [
            self._result(metric, system, marks, where)
            for metric in METRICS
            if any(_any(rows) for names in self.rows[metric].values() for rows in names.values())
        ]

    def _result(self, metric: str, system: str, marks: bool, where: str) -> Result:
        recordings = {
            piece: [mean_row(rows) for rows in names.values() if _any(rows)]
            for piece, names in self.rows[metric].items()
        }
        known = {piece: rows for piece, rows in recordings.items() if rows}
        return Result(
            system=system,
            marks=marks,
            metric=metric,
            **figure(by_piece(known), METRICS[metric].combine)._asdict(),
            set=where,
            pieces=len(known),
            recordings=sum(len(rows) for rows in known.values()),
        )


def evaluate(
    systems: Sequence[System], cases: list[Case], lessons: list[Case], say: Say
) -> list[Result]:
    """Return the figures of all systems; several of one name are one system with several guesses.

    Args:
        systems: who is judged.
        cases: the recordings that are guessed.
        lessons: the recordings to learn from, none of which is in `cases`.
        say: is told how far it is.
    """
    tallies: dict[tuple[str, bool, str], Tally] = {}
    runs = [(system, marks) for system in systems for marks in _tellings(system, cases)]
    for index, (system, marks) in enumerate(runs):
        if not marks:
            say(f"{system.name} learns", index / len(runs))
            system.fit(lessons)
        for done, case in enumerate(cases):
            say(system.name, (index + done / len(cases)) / len(runs))
            where = ROBUST if case.recording.robust else POOR
            tally = tallies.setdefault((system.name, marks, where), Tally())
            judge(system, case, marks, tally)
    return [
        result
        for (name, marks, where), tally in tallies.items()
        for result in tally.results(name, marks, where)
    ]


def judge(system: System, case: Case, marks: bool, tally: Tally) -> None:
    """Measure one system on one recording."""
    guess = system.predict(case, marks)
    if guess is not None:
        tally.add(case, judge_mean(case, guess))
    samples = _drawn(system, case, marks)
    if samples:
        tally.add(case, judge_samples(case, samples))
        tally.windows.setdefault(case.recording.name, windows_of(case, samples[0]))


def _drawn(system: System, case: Case, marks: bool) -> list[Guess]:
    """Return samples; two of a system that always plays the same."""
    drawn: list[Guess] = []
    for seed in range(SAMPLES):
        sample = system.sample(case, seed, marks)
        if sample is None or (len(drawn) == 2 and _same(*drawn)):
            break
        drawn.append(sample)
    return drawn


def _same(one: Guess, other: Guess) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(one[:4], other[:4], strict=True))


def _tellings(system: System, cases: list[Case]) -> tuple[bool, ...]:
    """Return whether a system is asked without marks, and with them where the packs have any."""
    told = system.reads_marks and any(case.marked for case in cases)
    return (False, True) if told else (False,)


def _any(rows: list[np.ndarray]) -> bool:
    return any(not np.isnan(row).any() for row in rows)
