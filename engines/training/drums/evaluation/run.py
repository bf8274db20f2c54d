"""Evaluate the ladder on a folder of drummers' takes."""

from collections.abc import Sequence
from pathlib import Path

from engines.error import EngineError
from engines.training.drums.evaluation.evaluation import evaluate, people
from engines.training.drums.evaluation.kept import count_hits
from engines.training.drums.evaluation.ladder import HUMANS, climb
from engines.training.drums.evaluation.report import DrumReport
from engines.training.drums.evaluation.systems.learned import read_drummers
from engines.training.drums.evaluation.window import Case, Heard, heard, is_judged
from engines.training.evaluation.evaluation import Say
from engines.training.groove_midi import DrumTake, read_takes

JUDGED, LEARNED = "test", "train"
"""The splits."""


def run(
    data: Path,
    train: Path,
    rungs: Sequence[str],
    weights: Sequence[str] = (),
    *,
    drummers: Sequence[str] = (),
    limit: int | None,
    say: Say,
) -> DrumReport:
    """Return the figures of some rungs of the ladder, and of learned drummers.

    Args:
        data: the folder whose test takes are judged.
        train: the folder whose train split is learned from.
        rungs: names of `LADDER`, or "humans".
        weights: names or paths of files of weights.
        drummers: judge all takes of these, whatever their split, and learn from nobody of them.
        limit: at most so many takes are judged and learned from.
        say: is told how far it is.

    Raises:
        EngineError: a folder, a name or a file of weights cannot be used.
    """
    say("reading", 0.0)
    learners = [each for name in weights for each in read_drummers(name)]
    systems = [*climb(rungs), *learners]
    pack = read_takes(data)
    takes = judged(pack, drummers, limit)
    lessons = learned(pack if train == data else read_takes(train), takes, drummers, limit)
    where = ",".join(drummers) or JUDGED
    results = evaluate(systems, takes, lessons, where, say)
    if HUMANS in rungs:
        results += people(takes, where)
    windows = [case for take in takes for case in take.windows]
    say("counting", 1.0)
    return DrumReport(
        results=results,
        data=str(data),
        train=str(train),
        recordings=len(windows),
        pieces=len(takes),
        hits=sum(len(case.given.step) for case in windows),
        kept=count_hits(pack[:limit]),
        drummers=tuple(drummers),
    )


def judged(pack: Sequence[DrumTake], drummers: Sequence[str], limit: int | None) -> list[Heard]:
    """Return the takes that are guessed: those of some drummers, or the test split's.

    Raises:
        EngineError: there is no such take.
    """
    chosen = [
        take
        for take in pack
        if is_judged(take) and (take.drummer in drummers or (not drummers and take.split == JUDGED))
    ]
    if not chosen:
        whose = f"of {', '.join(drummers)}" if drummers else f"of split {JUDGED!r}"
        raise EngineError(f"the folder has no beat in 4/4 {whose}, at least one is needed")
    return [heard(take) for take in chosen[:limit]]


def learned(
    pack: Sequence[DrumTake],
    takes: Sequence[Heard],
    drummers: Sequence[str],
    limit: int | None,
) -> list[Case]:
    """Return the windows to learn from: of the train split, of nobody and nothing that is judged.

    Raises:
        EngineError: there is no such take.
    """
    names = {take.whole.given.take for take in takes}
    chosen = [
        take
        for take in pack
        if is_judged(take)
        and take.split == LEARNED
        and take.drummer not in drummers
        and take.name not in names
    ]
    if not chosen:
        raise EngineError(f"the folder has no other beat in 4/4 of split {LEARNED!r} to learn from")
    return [case for take in chosen[:limit] for case in heard(take).windows]
