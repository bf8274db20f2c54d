"""Measure the writer on takes that it has not learned from, beside what needs little learning.

Every figure is that of all windows together; its interval is over takes.

Letters: S steps, V voices, T takes of the dataset.

Source: note-wise F1 of hits as in Wu et al. (2018), "A Review of Automatic Drum Transcription",
IEEE/ACM TASLP 26(9), here on the steps of the page, where a hit is there or not.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engines.clip import Clip, Notes
from engines.engine import Context
from engines.error import EngineError
from engines.kit import CRASH, HIGH_TOM, KICK, LOW_TOM, SNARE, VOICES
from engines.training.drums.writer_class import Window, cut
from engines.training.drums.writer_lesson import Lesson, lessons
from engines.training.drums.writer_rung import Nearest, Rung, copied, rock, unigram, windows_of
from engines.training.drums.writer_tap import all_onsets
from engines.training.evaluation.bootstrap import figure
from engines.training.groove_midi import read_takes
from engines.writer.habit import usual, usual_in_fill
from engines.writer.hand import Draw, Memory, Task, write, written
from engines.writer.network import Network
from engines.writer.score import TIERS, hits_of
from engines.writer.view import KINDS, Wish, view

TAKES = 4
"""Takes of one rhythm that are compared with each other."""

HEATS, VARIED = (0.0, 0.8, 1.0), (0.5, 0.8, 1.0, 1.5)
"""Temperatures at which parts are compared with those of drummers, and with each other."""

FILL_BEATS, HEARD = 2, 8
"""Length of a fill, and how many bars the writer hears before it."""

Told = Callable[[str, float], None]


class Sums:
    """Add up numerators and denominators of ratios, take by take."""

    def __init__(self) -> None:
        self.takes: list[dict[str, np.ndarray]] = []

    def turn(self) -> None:
        """Go on to the next take."""
        self.takes.append({})

    def add(self, name: str, top: float, bottom: float) -> None:
        """Count for the take that came last."""
        take = self.takes[-1]
        take[name] = take.get(name, np.zeros(2)) + np.array([top, bottom])

    def figures(self) -> dict[str, tuple[float, float, float]]:
        """Return each ratio of sums with the ends of its interval, by name."""
        names = sorted({name for take in self.takes for name in take})
        return {
            name: figure(np.array([take[name] for take in self.takes if name in take]), _ratio)
            for name in names
        }


def evaluate(data: Path, weights: Path, told: Told, *, limit: int | None = None) -> dict[str, Any]:
    """Return figures of the test split by name: each a value and the ends of its 95 % interval.

    Args:
        data: a folder of the Groove MIDI layout.
        weights: the writer's file.
        told: called with what is being done and the share of it that is done.
        limit: judge and learn from so many takes at most.

    Raises:
        EngineError: there are no takes, or the file of weights is not one.
    """
    network = Network(weights)
    told("reading takes", 0.0)
    taught, judged = (lessons(read_takes(data, (split,))[:limit]) for split in ("train", "test"))
    grooves = [one for one in judged if windows_of(one)]
    if not grooves:
        raise EngineError(f"{data} has no test takes of 4 bars of 4/4, allowed are 1 or more")
    bench = Bench(network, taught)
    for done, lesson in enumerate(grooves):
        told("judging", done / len(grooves))
        bench.judge(lesson)
    return {"takes": len(grooves), "windows": bench.windows, "figures": bench.sums.figures()}


class Draws(NamedTuple):
    """Say how a part is drawn."""

    heat: float
    seed: int


class Bench:
    """Judge the writer and the rungs of its ladder, take by take.

    Args:
        network: the writer.
        taught: what the rungs learn from.
    """

    def __init__(self, network: Network, taught: list[Lesson]) -> None:
        self.sums, self.windows = Sums(), 0
        self._rng = np.random.default_rng(0)
        self._network = network
        self._unigram = unigram(taught)
        self._rungs: dict[str, Rung] = {"copied": copied, "rock": rock, "nearest": Nearest(taught)}

    def judge(self, lesson: Lesson) -> None:
        """Count what a take tells."""
        self.sums.turn()
        for window in windows_of(lesson):
            self.windows += 1
            self._judge_hits(window)
            self._judge_loss(window)
        self._judge_variety(windows_of(lesson)[0])
        for window in before_fills(lesson):
            self._judge_fill(window)

    def _judge_hits(self, window: Window) -> None:
        """Count what is hit as drummers did, given all onsets or those of the kick."""
        meant = hits_of(window.velocity) > 0
        taps = {"onsets": all_onsets(window.velocity)}
        if meant[:, KICK].any():
            taps["bass"] = window.velocity[:, KICK] / 127.0
        for kind, tap in taps.items():
            for name, rung in self._rungs.items():
                self._add_f1(f"F1 {kind}: {name}", rung(window, tap) > 0, meant)
            for heat in HEATS:
                hits = self._part(window, tap, kind, Draws(heat, self.windows)) > 0
                self._add_f1(f"F1 {kind}: writer {heat:g}", hits, meant)
                if heat == 1.0:
                    self._judge_density(kind, hits, meant)
                    self._judge_following(kind, hits, tap)

    def _judge_density(self, kind: str, hits: np.ndarray, meant: np.ndarray) -> None:
        """Count how far the strokes are from the drummer's in octaves, without being told."""
        away = np.log2(max(hits.sum(), 1) / meant.sum())
        self.sums.add(f"octaves of strokes {kind}: writer", abs(away), 1)
        self.sums.add(f"octaves of strokes {kind}: mean of training", abs(self._off(meant)), 1)

    def _off(self, meant: np.ndarray) -> float:
        beats = 16.0
        return float(np.log2(2 ** self._network.card["density"]["alone"] * beats / meant.sum()))

    def _judge_following(self, kind: str, hits: np.ndarray, tap: np.ndarray) -> None:
        """Count kicks and snares on the rhythm, and on the rhythm moved by some sixteenths."""
        for name, voices in (("kick", [KICK]), ("kick and snare", [KICK, SNARE])):
            low = hits[:, voices].sum(axis=1)
            count = float(low.sum())
            self.sums.add(f"{name} on {kind}: writer", float(low[tap > 0].sum()), count)
            for moved in (1, 3, 5, 7):
                there = np.roll(tap, moved) > 0
                self.sums.add(f"{name} on {kind}: moved", float(low[there].sum()), count)
        self.sums.add(
            f"{kind} met by a stroke",
            float(hits[tap > 0].any(axis=1).sum()),
            float(np.count_nonzero(tap)),
        )

    def _judge_loss(self, window: Window) -> None:
        steps = len(window.grid.time)
        self.sums.add("nats a step: unigram", float(self._unigram.loss(window).sum()), steps)
        for name, tap in (("rhythm", all_onsets(window.velocity)), ("no rhythm", None)):
            found = loss(self._network, window, asked(window, tap)._replace(kind=0))
            self.sums.add(f"nats a step: writer, {name}", float(found.sum()), steps)

    def _judge_variety(self, window: Window) -> None:
        """Count how much of two takes is not in both."""
        tap = window.velocity[:, KICK] / 127.0
        for heat in VARIED:
            parts = [self._part(window, tap, "bass", Draws(heat, k)) > 0 for k in range(TAKES)]
            for one in range(TAKES):
                for other in range(one):
                    both = float((parts[one] & parts[other]).sum())
                    either = float((parts[one] | parts[other]).sum())
                    self.sums.add(f"unlike between takes: writer {heat:g}", either - both, either)

    def _judge_fill(self, window: Window) -> None:
        """Count fills with more of snare and toms than before, and crashes after them."""
        grid, end = window.grid, int(window.beats.bar[-1])
        last = window.beats.bar[grid.beat] == end
        new = np.zeros(len(window.beats.bar), dtype=bool)
        new[-4 - FILL_BEATS : -4] = True
        meant = hits_of(window.velocity)
        for name, fill in (("fill", new), ("no fill", np.zeros_like(new))):
            dense = self._fill_density(window, new)
            wish = asked(window, None)._replace(density=dense, fill=fill)
            known = ~(new[grid.beat] | last)[:, None] & np.ones(len(VOICES), dtype=bool)
            task = Task(window.beats, grid, wish, known, np.ones(len(VOICES), dtype=bool))
            chance = self._rng.random((*known.shape, 2))
            hits = written(
                self._network, task, Draw(1.0, np.zeros(len(known)), chance), lambda _: None
            )
            self._count_fill(f"writer, {name}", window, hits, new)
        self._count_fill("drummers, there", window, meant, new)

    def _count_fill(self, name: str, window: Window, hits: np.ndarray, new: np.ndarray) -> None:
        hands = (hits[:, [SNARE, *range(LOW_TOM, HIGH_TOM + 1)]] > 0).sum(axis=1)
        beat = np.bincount(window.grid.beat, hands)
        before = beat[:-4].reshape(-1, 4)[:-1, -FILL_BEATS:].sum(axis=1)
        self.sums.add(f"more snare and toms: {name}", float(beat[new].sum() > before.mean() + 1), 1)
        first = np.searchsorted(window.grid.beat, len(new) - 4)
        self.sums.add(f"crash after: {name}", float(hits[first, CRASH] > 0), 1)

    def _fill_density(self, window: Window, new: np.ndarray) -> np.ndarray:
        heard = hits_of(window.velocity)[~new[window.grid.beat]] > 0
        groove = max(heard.sum() / np.count_nonzero(~new), 0.5)
        dense = usual_in_fill(self._network.card, float(groove))
        return np.where(new[window.grid.beat], dense, groove)

    def _part(self, window: Window, tap: np.ndarray, kind: str, draws: Draws) -> np.ndarray:
        """Return what is written to a rhythm as `drumify` writes it."""
        notes = np.count_nonzero(tap) / float(window.beats.share.sum())
        dense = usual(self._network.card, notes, 0)
        wish = asked(window, tap)._replace(density=np.full(len(tap), dense), kind=KINDS.index(kind))
        everything = np.ones(len(VOICES), dtype=bool)
        known = np.zeros((len(tap), len(VOICES)), dtype=bool)
        task = Task(window.beats, window.grid, wish, known, everything)
        return write(self._network, task, draws.heat, Context((_SILENCE,), seed=draws.seed))

    def _add_f1(self, name: str, hits: np.ndarray, meant: np.ndarray) -> None:
        self.sums.add(name, 2.0 * float((hits & meant).sum()), float(hits.sum() + meant.sum()))


def to_table(report: dict[str, Any]) -> str:
    """Return the figures as text, a line each."""
    lines = [f"{report['windows']} windows of {report['takes']} takes"]
    for name, (value, low, high) in report["figures"].items():
        lines.append(f"{name:<44} {value:6.3f}  [{low:.3f}, {high:.3f}]")
    return "\n".join(lines)


_SILENCE = Clip(Notes(), 1.0)


def loss(network: Network, window: Window, wish: Wish) -> np.ndarray:
    """Return how unlikely what was played is to the writer, in nats on each step: (S,)."""
    hits, grid = hits_of(window.velocity), window.grid
    seen, found = network.seen(view(window.beats, grid, wish)), np.empty(len(hits))
    state, memory = np.zeros(network.width, np.float32), Memory(grid)
    for step, row in enumerate(hits):
        state = network.next_state(seen[step], memory.columns(step), state)
        sounding = np.flatnonzero(row)
        logits = network.logits(state) + network.chain[TIERS * sounding + row[sounding]].sum(axis=0)
        logits = logits.reshape(len(VOICES), TIERS)
        found[step] = np.logaddexp.reduce(logits, axis=1).sum()
        found[step] -= logits[np.arange(len(VOICES)), row].sum()
        memory.note(row)
    return found


def before_fills(lesson: Lesson) -> Iterator[Window]:
    """Yield 8 bars at whose end a fill may be, with a bar after it: at every eighth bar line."""
    if windows_of(lesson):
        for end in range(HEARD, int(lesson.beats.bar[-1]), HEARD):
            window = cut(lesson, end - HEARD, end + 1)
            if len(window.beats.bar) == 4 * (HEARD + 1):
                yield window


def asked(window: Window, tap: np.ndarray | None) -> Wish:
    """Ask for what follows a rhythm, all else left open."""
    return Wish(
        bpm=window.bpm,
        style=0,
        density=np.full(len(window.grid.time), np.nan),
        fill=np.zeros(len(window.beats.bar), dtype=bool),
        tap=tap,
        kind=-1,
        given=np.zeros(len(VOICES), dtype=bool),
        strokes=hits_of(window.velocity),
    )


def _ratio(sums: np.ndarray) -> np.ndarray:
    """Return the ratio of what was added up over takes: (..., T, 2) to (...)."""
    total = sums.sum(axis=-2)
    return np.asarray(total[..., 0] / np.maximum(total[..., 1], 1e-9))
