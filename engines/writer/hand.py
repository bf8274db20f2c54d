"""Let the learned writer write: step by step, and voice by voice within a step.

Letters: S steps, V voices, T tiers.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from engines.engine import Context
from engines.kit import VOICES
from engines.writer.grid import Beats, Grid
from engines.writer.network import Network
from engines.writer.score import SILENT, TIERS
from engines.writer.view import HIT, Wish, remembered, view

COLDEST = 0.05
"""Temperatures below this count as 0: the likeliest is written."""


ATTEMPTS, NEAR = 5, 0.15
"""How often a part is written at most; and how far in octaves the number of its strokes may be from
what is asked for, which leaves drummers some of their freedom."""

LEANING, FARTHEST = 1.6, 2.0
"""By how much the log-odds of strokes are raised for an octave too few, and the most at a time."""

LEAST = 0.25
"""Of the strokes that are asked for, at least this share are new ones."""


class Draw(NamedTuple):
    """Say how strokes are drawn.

    Attributes:
        temperature: 0 takes the likeliest, 1 draws as learned, more strays farther.
        lean: added to the log-odds of every stroke.
        chance: (S, V, 2) from 0 to 1, drawn beforehand.
    """

    temperature: float
    lean: float
    chance: np.ndarray


class Task(NamedTuple):
    """Be what is to be written.

    Attributes:
        beats: those that the grid divides.
        grid: S steps.
        wish: what is asked for; its `strokes` hold what is known already.
        known: (S, V) bool, strokes and rests that stay as they are.
        allowed: (V,) bool, voices that may be written.
    """

    beats: Beats
    grid: Grid
    wish: Wish
    known: np.ndarray
    allowed: np.ndarray


def write(network: Network, task: Task, temperature: float, context: Context) -> np.ndarray:
    """Return what each voice does on each step: (S, V) int8 tiers, drawn by the context.

    What is asked for sways the writer, but leaves it free; so it writes again, with the same luck
    and leaning to more strokes or to fewer, until there are about as many as asked for.

    Raises:
        CancelledError: passed on from `context.progress`.
    """
    chance = context.rng("strokes").random((*task.known.shape, 2))
    wanted, known = _wanted(task), int((task.wish.strokes * task.known > 0).sum())
    best, nearest, search = np.zeros(task.known.shape, np.int8), float("inf"), _Search()
    for attempt in range(ATTEMPTS):
        told = _share(context.progress, attempt / ATTEMPTS, (attempt + 1) / ATTEMPTS)
        hits = written(network, task, Draw(temperature, search.lean, chance), told)
        away = math.log2(wanted / max(float(np.count_nonzero(hits)) - known, 0.5))
        if abs(away) < nearest:
            best, nearest = hits, abs(away)
        if nearest < NEAR:
            break
        search.learn(away)
    context.progress(1.0)
    return best


class _Search:
    """Look for how far to lean: from guess to guess, and between two that err either way."""

    def __init__(self) -> None:
        self.lean = 0.0
        self._low, self._high = -np.inf, np.inf

    def learn(self, away: float) -> None:
        """Take note that so many octaves of strokes are missing, and guess again."""
        if away > 0:
            self._low = self.lean
        else:
            self._high = self.lean
        guess = self.lean + float(np.clip(LEANING * away, -FARTHEST, FARTHEST))
        if not self._low < guess < self._high:
            guess = 0.5 * (self._low + self._high)
        self.lean = guess


def _wanted(task: Task) -> float:
    """Return how many strokes are asked for beside those that are known, 1 or more."""
    grid, wish = task.grid, task.wish
    is_open = (~task.known & task.allowed).any(axis=1)
    beats = grid.length / task.beats.unit[grid.beat]
    asked = float((np.nan_to_num(wish.density) * beats)[is_open].sum())
    there = int((wish.strokes * task.known > 0)[is_open].sum())
    return max(asked - there, LEAST * asked, 1.0)


def _share(progress: Callable[[float], None], low: float, high: float) -> Callable[[float], None]:
    """Return a listener to what goes on between two shares of the whole."""
    return lambda fraction: progress(low + fraction * (high - low))


def written(
    network: Network, task: Task, draw: Draw, progress: Callable[[float], None]
) -> np.ndarray:
    """Return what each voice does on each step: (S, V) int8 tiers.

    Raises:
        CancelledError: passed on from `progress`, which is told of each beat.
    """
    grid, known = task.grid, task.known | ~task.allowed
    hits = np.where(task.known, task.wish.strokes, SILENT).astype(np.int8)
    seen = network.seen(view(task.beats, grid, task.wish))
    state = np.zeros(network.width, np.float32)
    memories, voices = _Memory(grid), _Voices(network.chain, draw)
    count, beat = len(grid.time), grid.beat.tolist()
    for step in range(count):
        if step and beat[step] != beat[step - 1]:
            progress(step / count)
        state = network.next_state(seen[step], memories.columns(step), state)
        if not known[step].all():
            hits[step] = voices.drawn(network.logits(state), hits[step], known[step], step)
        memories.note(hits[step])
    return hits


class _Memory:
    """Know which columns of the memory are 1 on the next step; see `view.memory`."""

    def __init__(self, grid: Grid) -> None:
        self._rows = remembered(grid).T.tolist()
        self._told: list[list[int]] = []
        self._hit: list[list[int]] = []

    def columns(self, step: int) -> np.ndarray:
        """Return the columns that are 1, (K,) int."""
        before, ago, after, twice = self._rows[step]
        first, second = HIT * len(VOICES), 2 * HIT * len(VOICES)
        third = second + len(VOICES)
        found = list(self._told[before]) if before >= 0 else []
        if ago >= 0:
            found += [first + column for column in self._told[ago]]
            found += [second + column for column in self._hit[after]]
            found.append(third + len(VOICES))
        if twice >= 0:
            found += [third + column for column in self._hit[twice]]
        return np.array(found, dtype=np.intp)

    def note(self, hits: np.ndarray) -> None:
        """Remember what was written on a step, (V,)."""
        sounding = [(voice, tier) for voice, tier in enumerate(hits.tolist()) if tier]
        self._told.append([HIT * voice + tier - 1 for voice, tier in sounding])
        self._hit.append([voice for voice, _ in sounding])


class _Voices:
    """Draw the voices of a step, each given those before it."""

    def __init__(self, chain: np.ndarray, draw: Draw) -> None:
        self._chain = chain
        self._lean = draw.lean
        self._heat = draw.temperature
        self._chance = draw.chance.tolist()

    def drawn(
        self, logits: np.ndarray, hits: np.ndarray, known: np.ndarray, step: int
    ) -> list[int]:
        """Return the tiers of all voices; those that are known stay."""
        tiers, fixed, odds = hits.tolist(), known.tolist(), logits.tolist()
        for voice in range(len(VOICES)):
            own = odds[TIERS * voice : TIERS * (voice + 1)]
            if not fixed[voice]:
                tiers[voice] = self._tier(own, self._chance[step][voice])
            if tiers[voice]:
                logits = logits + self._chain[TIERS * voice + tiers[voice]]
                odds = logits.tolist()
        return tiers

    def _tier(self, logits: list[float], chance: list[float]) -> int:
        """Decide first whether there is a stroke, then how loud it is."""
        top = max(logits[1:])
        weights = [math.exp(logit - top) for logit in logits[1:]]
        stroke = top + math.log(sum(weights)) - logits[0] + self._lean
        if self._heat < COLDEST:
            return 1 + weights.index(max(weights)) if stroke > 0.0 else SILENT
        if chance[0] * (1.0 + math.exp(min(-stroke / self._heat, 60.0))) >= 1.0:
            return SILENT
        weights = [weight ** (1.0 / self._heat) for weight in weights]
        rest = chance[1] * sum(weights)
        for tier, weight in enumerate(weights, 1):
            rest -= weight
            if rest < 0.0:
                return tier
        return TIERS - 1
