"""Judge hands on music that they have not learned from, beside what needs little learning.

Every figure is over all notes of a pack.

Letters: N notes, K bins.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from engines.error import EngineError
from engines.live.humanize import LATEST_MS
from engines.touch.network import Network
from engines.touch.weights import PATH
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
        nats: by system, how unlikely a note is: the log of a density in velocities or ms.
        deviation: that of the players.
        deviation_ratio: that of a hand that plays by itself, over it.
        alike: correlation of neighbours among players, and when a hand plays.
        distance: by system, the Jensen-Shannon distance to the players' histogram.
        reachable: by look-ahead in ms, the share of the lateness that a hand wants and can have.
    """

    pack: str
    what: str
    notes: int
    nats: dict[str, float]
    deviation: float
    deviation_ratio: float
    alike: dict[str, float]
    distance: dict[str, float]
    reachable: dict[str, float]


class Case(NamedTuple):
    """Be a page to judge by, and the hand that has not learned from it."""

    page: Page
    taught: Lesson
    network: Network


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
        forgetful: a hand without memory, to compare with.
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
            found += _judged(source, cases, without, _usual(data, source, limit))
    if not found:
        raise EngineError(f"{data} has nothing to judge these weights by, needed is a test split")
    return found


def _cases(
    data: Path, source: Source, networks: list[Network], limit: int | None
) -> Iterator[Case]:
    """Yield the pages that a hand has not learned from; of two hands the first judges."""
    draw, count = np.random.default_rng(0), 0
    for page in read_pages(data, source, "test"):
        for network in networks:
            left_out = network.card["without"]
            fits = page.piece in left_out if source.whole else not left_out
            if fits and (limit is None or count < limit):
                count += 1
                yield Case(page, stiff_lesson(page, draw), network)
                break


def _usual(data: Path, source: Source, limit: int | None) -> list[np.ndarray]:
    """Return how often each bin is played in training: (K,) of velocity, and of lateness."""
    draw, counts = np.random.default_rng(0), [np.full(len(edge) - 1, FEWEST) for edge in EDGES]
    for index, page in enumerate(read_pages(data, source, "train")):
        if limit is None or index < limit:
            taught = lesson(page, draw)
            for column, edge in enumerate(EDGES):
                known = taught.known[:, column]
                counts[column] += counted(taught.played[known, column], edge)
    return counts


def _judged(
    source: Source, cases: list[Case], forgetful: Network | None, usual: list[np.ndarray]
) -> Iterator[Figures]:
    """Yield the figures of a pack: those of what is known of it."""
    nats = _surprises(cases, forgetful)
    own = [performed(case.network, case.page, case.taught, seed) for seed, case in enumerate(cases)]
    for column, what in enumerate(WHAT):
        known = np.concatenate([case.taught.known[:, column] for case in cases])
        if known.any():
            human = [_deed(case.taught, case.taught.played, column) for case in cases]
            ours = [_deed(case.taught, each, column) for case, each in zip(cases, own, strict=True)]
            learned = {name: float(each[known, column].mean()) for name, each in nats.items()}
            yield _figures((source.pack, what), (human, ours), usual[column], learned)


def _deed(taught: Lesson, done: np.ndarray, column: int) -> Deed:
    return Deed(taught, done[:, column], taught.known[:, column])


def _surprises(cases: list[Case], forgetful: Network | None) -> dict[str, np.ndarray]:
    """Return how unlikely all notes are to hands, by what they hear: (N, 2) nats."""
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
    return {name: np.concatenate(each) for name, each in found.items()}


def _figures(
    name: tuple[str, str],
    deeds: tuple[list[Deed], list[Deed]],
    usual: np.ndarray,
    learned: dict[str, float],
) -> Figures:
    """Return the figures of one of `WHAT` in a pack: what players did, and what a hand did.

    `usual` counts bins (K,) of training.
    """
    edge = EDGES[WHAT.index(name[1])]
    human, ours = (np.concatenate([one.done[one.known] for one in who]) for who in deeds)
    noise = float(human.std()) * np.random.default_rng(2).standard_normal(len(human))
    count, jitter = counted(human, edge), counted(noise, edge)
    others = {"hand": counted(ours, edge), "jitter": jitter, "histogram": usual}
    return Figures(
        *name,
        notes=len(human),
        nats={
            "jitter": unlikely(count, jitter + FEWEST, edge),
            "histogram": unlikely(count, usual, edge),
            **learned,
        },
        deviation=float(human.std()),
        deviation_ratio=float(ours.std() / human.std()),
        alike={"players": alike(deeds[0]), "hand": alike(deeds[1])},
        distance={
            **{system: distance(count, each) for system, each in others.items()},
            "nothing": distance(count, counted(np.zeros(1), edge)),
        },
        reachable=_reachable(ours) if name[1] == "lateness" else {},
    )


def _reachable(late_ms: np.ndarray) -> dict[str, float]:
    """Return the share of lateness, (N,) ms, that can be had, by look-ahead."""
    return {
        f"{ahead:g}": float(((late_ms >= -ahead) & (late_ms <= LATEST_MS)).mean())
        for ahead in LOOKAHEADS_MS
    }


def to_table(found: list[Figures]) -> str:
    """Return the figures as text."""
    lines = []
    for one in found:
        lines.append(f"{one.pack}, {one.what}: {one.notes} notes, sd {one.deviation:.1f}")
        for name in ("nats", "alike", "distance", "reachable"):
            each = getattr(one, name)
            if each:
                text = ", ".join(f"{key} {value:.3f}" for key, value in each.items())
                lines.append(f"  {name:<10} {text}")
        lines.append(f"  sd ratio   {one.deviation_ratio:.3f}")
    return "\n".join(lines)
