"""Judge hands on music that they have not learned from, beside what needs little learning.

Every figure is over all notes of a pack; intervals are over its pieces.

Letters: N notes, K bins, P pieces.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from engines.error import EngineError
from engines.live.humanize import LATEST_MS
from engines.touch.network import Network
from engines.touch.weights import PATH
from engines.training.evaluation.bootstrap import Figure, figure_of_sums
from engines.training.live.lesson import Lesson, Page, lesson, stiff_lesson
from engines.training.live.measure import (
    EDGES,
    Deed,
    alike,
    counted,
    distance,
    performed,
    surprise,
    told,
    unlikely,
)
from engines.training.live.source import SOURCES, Source, read_pages

WHAT = ("velocity", "lateness")

HEARD = ("stiff", "stiff, pulse", "played, pulse")
"""What is heard: notes of one velocity, without and with a pulse, and velocities of a player that
have gone astray."""

LOOKAHEADS_MS = (0.0, 10.0, 20.0, 30.0)

FEWEST = 1.0
"""Each bin of the histograms of training is counted so many times more than it was seen."""

Told = Callable[[str, float], None]


class Figures(msgspec.Struct, frozen=True):
    """Say how a pack's test notes are played, of velocity or lateness.

    Attributes:
        pack: whose notes.
        what: one of `WHAT`.
        notes: how many are known.
        nats: by system, how unlikely a note is, with its 95 % interval: the log of a density in
            velocities or ms.
        deviation: that of the players.
        deviation_ratio: that of a hand that plays by itself, over it.
        alike: correlation of neighbours among players, and when a hand plays.
        distance: by system, the Jensen-Shannon distance to the players' histogram.
        reachable: by look-ahead in ms, the share of the lateness that a hand wants and can have.
    """

    pack: str
    what: str
    notes: int
    nats: dict[str, Figure]
    deviation: float
    deviation_ratio: float
    alike: dict[str, float]
    distance: dict[str, float]
    reachable: dict[str, float]


class Case(NamedTuple):
    """Be a page to judge by, and the hand that has not learned from it.

    `usual` counts the bins of what the hand has learned from: (K,) of velocity, and of lateness.
    """

    page: Page
    taught: Lesson
    network: Network
    usual: list[np.ndarray]


def evaluate(
    data: Path,
    weights: tuple[Path, ...],
    say: Told,
    *,
    forgetful: Path | None = None,
    limit: int | None = None,
    sources: tuple[Source, ...] = SOURCES,
) -> list[Figures]:
    """Return figures of all packs.

    A file that was trained without some pieces is judged by these, the others by the test splits.

    Args:
        data: the folder of packs.
        weights: files of hands; none is the one that comes with the program.
        say: called with what is being done and the share of it that is done.
        forgetful: a hand without memory that has learned the train splits, to compare with.
        limit: judge by so many pages of a pack at most.
        sources: the packs.

    Raises:
        EngineError: a pack is missing, or a file is no hand.
    """
    networks = [Network(path) for path in weights or (PATH,)]
    without = Network(forgetful) if forgetful else None
    found: list[Figures] = []
    for done, source in enumerate(sources):
        say(f"judging {source.pack}", done / len(sources))
        cases = list(_cases(data, source, networks, limit))
        if cases:
            found += _judged(source, cases, None if source.whole else without)
    if not found:
        raise EngineError(f"{data} has nothing to judge these weights by, needed is a test split")
    return found


def _cases(
    data: Path, source: Source, networks: list[Network], limit: int | None
) -> Iterator[Case]:
    """Yield the pages that a hand has not learned from; of two hands the first judges."""
    draw, usual = np.random.default_rng(0), dict[int, list[np.ndarray]]()
    pages = (
        (page, which)
        for page in read_pages(data, source, "test")
        if (which := _stranger(page, source, networks)) is not None
    )
    for page, which in islice(pages, limit):
        if which not in usual:
            usual[which] = _usual(data, source, networks[which].card["without"], limit)
        yield Case(page, stiff_lesson(page, draw), networks[which], usual[which])


def _stranger(page: Page, source: Source, networks: list[Network]) -> int | None:
    """Return which hand, the first one, has not learned from a page and is to be judged by it."""
    for which, network in enumerate(networks):
        left_out = network.card["without"]
        if page.piece in left_out if source.whole else not left_out:
            return which
    return None


def _usual(data: Path, source: Source, without: list[str], limit: int | None) -> list[np.ndarray]:
    """Return how often each bin is played in training without some pieces: (K,) of each thing."""
    draw, counts = np.random.default_rng(0), [np.full(len(edge) - 1, FEWEST) for edge in EDGES]
    pages = (page for page in read_pages(data, source, "train") if page.piece not in without)
    for page in islice(pages, limit):
        taught = lesson(page, draw)
        for column, edge in enumerate(EDGES):
            known = taught.known[:, column]
            counts[column] += counted(taught.played[known, column], edge)
    return counts


def _judged(source: Source, cases: list[Case], forgetful: Network | None) -> Iterator[Figures]:
    """Yield the figures of a pack: those of what is known of it."""
    nats = _surprises(cases, forgetful)
    own = [performed(case.network, case.page, case.taught, seed) for seed, case in enumerate(cases)]
    for column, what in enumerate(WHAT):
        if any(case.taught.known[:, column].any() for case in cases):
            human = [_deed(case.taught, case.taught.played, column) for case in cases]
            ours = [_deed(case.taught, each, column) for case, each in zip(cases, own, strict=True)]
            learned = {name: [one[:, column] for one in each] for name, each in nats.items()}
            usual = [case.usual[column] / case.usual[column].sum() for case in cases]
            yield _figures((source.pack, what), (human, ours), usual, learned)


def _deed(taught: Lesson, done: np.ndarray, column: int) -> Deed:
    return Deed(taught, done[:, column], taught.known[:, column])


def _surprises(cases: list[Case], forgetful: Network | None) -> dict[str, list[np.ndarray]]:
    """Return how unlikely the notes of each page are to hands, by what they hear: (N, 2) nats."""
    found: dict[str, list[np.ndarray]] = {}
    draw = np.random.default_rng(1)
    for case in cases:
        view, played = case.taught.view, case.taught.played
        heard = (
            told(view, pulse=False),
            told(view, pulse=True),
            told(view, pulse=True, draw=draw),
        )
        for name, each in zip(HEARD, heard, strict=True):
            found.setdefault(name, []).append(surprise(case.network, each, played))
        if forgetful:
            each = surprise(forgetful, heard[1], played)
            found.setdefault("no memory, stiff, pulse", []).append(each)
    return found


def _figures(
    name: tuple[str, str],
    deeds: tuple[list[Deed], list[Deed]],
    usual: list[np.ndarray],
    learned: dict[str, list[np.ndarray]],
) -> Figures:
    """Return the figures of one of `WHAT` in a pack: what players did, and what a hand did.

    `usual` has the shares of bins, (K,), of training for each page.
    """
    edge = EDGES[WHAT.index(name[1])]
    human, ours = (np.concatenate([one.done[one.known] for one in who]) for who in deeds)
    noise = float(human.std()) * np.random.default_rng(2).standard_normal(len(human))
    count, jitter = counted(human, edge), counted(noise, edge)
    weighed = np.sum([each * one.known.sum() for each, one in zip(usual, deeds[0], strict=True)], 0)
    others = {"hand": counted(ours, edge), "jitter": jitter, "histogram": weighed}
    by_page = {"jitter": [jitter + FEWEST] * len(usual), "histogram": usual}
    trivial = {
        name: [unlikely(one.done, each, edge) for one, each in zip(deeds[0], pages, strict=True)]
        for name, pages in by_page.items()
    }
    return Figures(
        *name,
        notes=len(human),
        nats={one: _mean(deeds[0], each) for one, each in {**trivial, **learned}.items()},
        deviation=float(human.std()),
        deviation_ratio=float(ours.std() / human.std()),
        alike={"players": alike(deeds[0]), "hand": alike(deeds[1])},
        distance={
            **{system: distance(count, each) for system, each in others.items()},
            "nothing": distance(count, counted(np.zeros(1), edge)),
        },
        reachable=_reachable(ours) if name[1] == "lateness" else {},
    )


def _mean(deeds: list[Deed], nats: list[np.ndarray]) -> Figure:
    """Return the mean of what is known of all pages, (N,) each, with its interval over pieces."""
    sums: dict[str, np.ndarray] = {}
    for deed, each in zip(deeds, nats, strict=True):
        known = np.array([each[deed.known].sum(), deed.known.sum()])
        sums[deed.taught.piece] = sums.get(deed.taught.piece, np.zeros(2)) + known
    return figure_of_sums(np.stack(list(sums.values())), _ratio)


def _ratio(sums: np.ndarray) -> np.ndarray:
    return np.asarray(sums[..., 0] / np.maximum(sums[..., 1], 1.0))


def _reachable(late_ms: np.ndarray) -> dict[str, float]:
    """Return the share of lateness, (N,) ms, that can be had, by look-ahead."""
    return {
        f"{ahead:g}": float(((late_ms >= -ahead) & (late_ms <= LATEST_MS)).mean())
        for ahead in LOOKAHEADS_MS
    }


def to_table(found: list[Figures]) -> str:
    """Return the figures as text."""
    return "\n".join(line for one in found for line in _lines(one))


def _lines(one: Figures) -> Iterator[str]:
    yield f"{one.pack}, {one.what}: {one.notes} notes, standard deviation {one.deviation:.1f}"
    for system, (value, low, high) in one.nats.items():
        yield f"  nats, {system:<26} {value:7.3f}  [{low:.3f}, {high:.3f}]"
    for system, value in one.distance.items():
        yield f"  distance, {system:<22} {value:7.3f}"
    for system, value in one.alike.items():
        yield f"  alike, {system:<25} {value:7.3f}"
    yield f"  deviation over the players'      {one.deviation_ratio:7.3f}"
    for ahead, value in one.reachable.items():
        yield f"  reachable with {ahead + ' ms':<17} {value:7.3f}"
