"""Judge systems on takes of drummers: fit, predict, sample, count, and make figures of it.

Letters: P takes, K numbers that a metric counts of each.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from engines.training.drums.evaluation.judgement import Answer, Judgement, judge
from engines.training.drums.evaluation.metric import CENTRED, METRICS
from engines.training.drums.evaluation.seam import Chunked, seams
from engines.training.drums.evaluation.system import System, drawn
from engines.training.drums.evaluation.systems.even import Jitter
from engines.training.drums.evaluation.turing import Told, sampled, told, told_apart
from engines.training.drums.evaluation.window import Case, Heard
from engines.training.evaluation.bootstrap import figure_of_sums
from engines.training.evaluation.evaluation import SAMPLES, Result, Say

TOLD = "told from human"


class Known(NamedTuple):
    """Be a take with what is compared with every system's: jitter's answer, what is told of it."""

    take: Heard
    jitter: Answer
    human: np.ndarray


class Tally:
    """Gather what was counted of one system, by metric and take."""

    def __init__(self, system: str) -> None:
        self.system = system
        self.rows: dict[str, dict[str, np.ndarray]] = defaultdict(dict)

    def add(self, take: str, judgement: Judgement) -> None:
        """Keep what was counted of one take."""
        for metric, row in judgement.items():
            self.rows[metric][take] = row

    def results(self, where: str, takes: Sequence[Heard]) -> list[Result]:
        """Return the figures of all metrics of which anything was counted.

        Their pieces are takes, and their recordings windows, as far as they were counted.

        Args:
            where: what the set of takes is called.
            takes: all that are judged.
        """
        return [self._result(metric, where, takes) for metric in METRICS if self.rows[metric]]

    def _result(self, metric: str, where: str, takes: Sequence[Heard]) -> Result:
        rows = self.rows[metric]
        counted = [take for take in takes if take.whole.given.take in rows]
        found = figure_of_sums(
            np.stack(list(rows.values())), METRICS[metric].combine, centred=metric in CENTRED
        )
        return Result(
            system=self.system,
            marks=False,
            metric=metric,
            **found._asdict(),
            set=where,
            pieces=len(counted),
            recordings=sum(len(take.windows) for take in counted),
        )


def evaluate(
    systems: Sequence[System],
    takes: Sequence[Heard],
    lessons: Sequence[Case],
    where: str,
    say: Say,
) -> list[Result]:
    """Return the figures of all systems.

    Args:
        systems: who is judged.
        takes: the takes that are guessed.
        lessons: the windows to learn from, of other takes.
        where: what the set of takes is called.
        say: is told how far it is.
    """
    jitter = Jitter()
    jitter.fit(lessons)
    known = [Known(take, answer(jitter, take), told(take.windows)) for take in takes]
    found = []
    for index, system in enumerate(systems):
        say(f"{system.name} learns", index / len(systems))
        system.fit(lessons)
        tell = partial(_tell, say, system.name, (index, len(systems)))
        for tally in _judged(system, known, tell):
            found += tally.results(where, takes)
    return found


def people(takes: Sequence[Heard], where: str) -> list[Result]:
    """Return how well people's takes are told from other people's: what chance comes to.

    Each take is told from the next, and none is used twice.
    """
    rows = [told(take.windows) for take in takes]
    names = [take.whole.given.take for take in takes]
    pairs = map(Told, names[::2], rows[::2], rows[1::2])
    tally = Tally("another human")
    tally.rows[TOLD] = told_apart(list(pairs))
    return tally.results(where, takes)


def answer(system: System, take: Heard) -> Answer:
    """Return what a system says of a take."""
    windows = [case.given for case in take.windows]  # of each all at once: it may be remembered
    said = [(system.predict(window), drawn(system, window, SAMPLES)) for window in windows]
    return Answer(*zip(*said, strict=True))


def _tell(say: Say, name: str, place: tuple[int, int], share: float) -> None:
    """Say how far all is when a share of what one of some systems does is done."""
    index, systems = place
    say(name, (index + share) / systems)


def _judged(system: System, known: Sequence[Known], tell: Callable[[float], None]) -> list[Tally]:
    """Return the tally of a system, and one of its seams in chunks if it looks around."""
    tally, chunked = Tally(system.name), Tally(Chunked(system).name)
    pairs = []
    for done, (take, jitter, human) in enumerate(known):
        tell(done / len(known))
        said, name = answer(system, take), take.whole.given.take
        tally.add(name, judge(take, said, jitter))
        pairs.append(Told(name, human, told(sampled(take.windows, said.first()))))
        if system.border_bars:
            tally.add(name, seams(system, take))
            chunked.add(name, seams(Chunked(system), take))
    tally.rows[TOLD] = told_apart(pairs)
    return [tally, chunked]
