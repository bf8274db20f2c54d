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

LEAST = 0.1
"""Of the strokes that are asked for, at least this share are new ones."""


class Draw(NamedTuple):
    """Say how strokes are drawn.

    Attributes:
        temperature: 0 takes the likeliest, 1 draws as learned, more strays farther.
        lean: (S,) added to the log-odds of strokes.
        chance: (S, V, 2) from 0 to 1, drawn beforehand.
    """

    temperature: float
    lean: np.ndarray
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
    and leaning to more strokes or to fewer, until there are about as many as asked for: in the
    groove, and in fills.

    Raises:
        CancelledError: passed on from `context.progress`.
    """
    chance = context.rng("strokes").random((*task.known.shape, 2))
    is_fill = task.wish.fill[task.grid.beat]
    parts = [_Search(task, part) for part in (~is_fill, is_fill) if part.any()]
    best, nearest = np.zeros(task.known.shape, np.int8), float("inf")
    for attempt in range(ATTEMPTS):
        told = _share(context.progress, attempt / ATTEMPTS, (attempt + 1) / ATTEMPTS)
        lean = np.sum([part.leaning for part in parts], axis=0)
        hits = written(network, task, Draw(temperature, lean, chance), told)
        away = max(part.learn(hits) for part in parts)
        if away < nearest:
            best, nearest = hits, away
        if nearest < NEAR:
            break
    context.progress(1.0)
    return best


class _Search:
    """Look for how far to lean: from guess to guess, and between two that err either way.

    Args:
        task: what is to be written.
        part: the steps to look at, (S,) bool.
    """

    def __init__(self, task: Task, part: np.ndarray) -> None:
        self._part = part
        self._new = part[:, None] & ~task.known & task.allowed
        self._wanted = _wanted(task, self._new)
        self._lean, self._low, self._high = 0.0, -np.inf, np.inf

    @property
    def leaning(self) -> np.ndarray:
        """What is added to the log-odds of strokes on each step: (S,)."""
        return np.where(self._part, self._lean, 0.0)

    def learn(self, hits: np.ndarray) -> float:
        """Return how many octaves of strokes are amiss in hits, (S, V), and guess again."""
        if not self._new.any():
            return 0.0
        found = max(float(np.count_nonzero(hits[self._new])), 0.5)
        away = math.log2(self._wanted / found)
        if away > 0:
            self._low = self._lean
        else:
            self._high = self._lean
        guess = self._lean + float(np.clip(LEANING * away, -FARTHEST, FARTHEST))
        if not self._low < guess < self._high:
            guess = 0.5 * (self._low + self._high)
        self._lean = guess
        return abs(away)


def _wanted(task: Task, new: np.ndarray) -> float:
    """Return how many strokes are asked for where there may be new ones, (S, V) bool; 1 or more."""
    grid, wish, steps = task.grid, task.wish, new.any(axis=1)
    beats = grid.length / task.beats.unit[grid.beat]
    asked = float((np.nan_to_num(wish.density) * beats)[steps].sum())
    there = float(np.count_nonzero((wish.strokes * task.known)[steps]))
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
    memories, voices = Memory(grid), _Voices(network.chain, draw)
    count, beat = len(grid.time), grid.beat.tolist()
    for step in range(count):
        if step and beat[step] != beat[step - 1]:
            progress(step / count)
        state = network.next_state(seen[step], memories.columns(step), state)
        if not known[step].all():
            hits[step] = voices.drawn(network.logits(state), hits[step], known[step], step)
        memories.note(hits[step])
    return hits


class Memory:
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
        self._lean = draw.lean.tolist()
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
                tiers[voice] = self._tier(own, self._chance[step][voice], self._lean[step])
            if tiers[voice]:
                logits = logits + self._chain[TIERS * voice + tiers[voice]]
                odds = logits.tolist()
        return tiers

    def _tier(self, logits: list[float], chance: list[float], lean: float) -> int:
        """Decide first whether there is a stroke, then how loud it is."""
        top = max(logits[1:])
        weights = [math.exp(logit - top) for logit in logits[1:]]
        stroke = top + math.log(sum(weights)) - logits[0] + lean
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
