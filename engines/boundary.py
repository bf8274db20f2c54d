"""Tell how likely each note of a melody begins a phrase: a small net over the notes around it.

Letters: O onsets of the melody, D descriptors of a note, W places in a window, F = W D inputs,
H hidden units.

Source: the descriptors gather what rules of grouping look at: rests and long notes (Temperley
2001, The Cognition of Basic Musical Structures, ch. 3, rule 1), parallel places of the metre (rule
3), changes of interval (Cambouropoulos 2001, the local boundary detection model) and patterns that
come again (Cambouropoulos 2006, "Musical parallelism and melodic segmentation", Music Perception
23(3)). The weights are learned: see docs/models/phrases.md.
"""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.lib.stride_tricks import as_strided

from engines.bounded import bounded
from engines.phrase import local_boundaries

REACH = 5
"""How many notes to either side the net sees."""

AROUND = 16
"""Among how many notes to either side a gap is ranked."""

PATTERNS = (3, 7)
"""How many intervals make a pattern that may come again."""

HASH = 1_000_003
"""A prime that mixes a pattern into one number of 64 bits, overflow and all."""

SHORTEST, SHORTEST_S, LONGEST_S = 1 / 16, 1 / 32, 8.0
"""Gaps below this many beats and seconds, or above so many seconds, count as this."""

BLOCK = 32
"""How many notes are put through the net at once: a product this small runs in one thread, which is
faster than waking others for it."""

WEIGHTS = Path(__file__).parent / "weights" / "phrase.json"
"""The learned net, written by `python -m engines.training.phrases`."""

LARGEST = 30.0
"""Log-odds above this count as this, short of an overflow."""


class Line(NamedTuple):
    """Hold what is known of a melody's notes, in order, (O,) each."""

    pitch: np.ndarray
    """MIDI note numbers, float64."""
    onset: np.ndarray
    """In beats, rising."""
    end: np.ndarray
    """Key releases in beats."""
    onset_s: np.ndarray
    """In seconds, rising."""
    strength: np.ndarray
    """Metrical strength, 0 to 1."""
    beat: np.ndarray
    """Position in the bar in beats."""
    bar: np.ndarray
    """Length of the bar in beats."""


class Net(msgspec.Struct, frozen=True):
    """Hold the weights of one hidden layer: (F, H), (H,), (H,) and a number."""

    hidden: list[list[float]]
    hidden_bias: list[float]
    output: list[float]
    output_bias: float


def probability(line: Line) -> np.ndarray:
    """Return how likely a phrase begins at each note: (O,) float64, 1 for the first."""
    if not len(line.onset):
        return np.zeros(0)
    log_odds = _layers()(describe(line)).astype(np.float64)
    odds = np.exp(np.minimum(log_odds, LARGEST))
    found = odds / (1.0 + odds)
    found[0] = 1.0
    return found


def describe(line: Line) -> np.ndarray:
    """Return the descriptors of each note and of `REACH` notes to either side: (O, F) float32.

    Places before the first and after the last note hold zeros. There must be a note.
    """
    told = _descriptors(line)
    table = np.zeros((len(line.onset) + 2 * REACH, len(told)), np.float32)
    table[REACH:-REACH] = np.array(told).T
    return _windows(table.ravel(), (2 * REACH + 1) * len(told), len(told))


def _descriptors(line: Line) -> list[np.ndarray]:
    """Return what is told of each note, gaps are those before it: D of (O,)."""
    gap, gap_s, rest = _gaps(line)
    share = np.minimum(rest / gap, 1.0)
    leap = np.zeros(len(gap))
    leap[1:] = line.pitch[1:] - line.pitch[:-1]
    local = local_boundaries(line.pitch, line.onset, line.end, float(line.bar.max()))
    early = line.beat / line.bar
    early -= np.rint(early)
    length = np.log2(gap)
    return [
        np.ones(len(gap)),
        length,
        length - np.sort(length)[len(gap) // 2],
        np.log2(gap_s),
        np.sqrt(rest),
        share,
        np.sqrt(np.minimum(share * gap_s, 2.0)),
        np.abs(leap) / 12,
        leap / 12,
        line.strength,
        early,
        np.abs(early),
        local,
        *_ranks(np.array((gap, rest))),
        *_recurring(gap, leap, local),
    ]


def _gaps(line: Line) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return gaps from the onset before, in beats and seconds, and rests: 3 of (O,).

    They are cut at two bars; the first note has a bar's gap and rest.
    """
    longest = 2.0 * line.bar[1:]
    gap, gap_s, rest = line.bar.copy(), 0.5 * line.bar, line.bar.copy()
    since = line.onset[1:] - line.onset[:-1]
    silent = line.onset[1:] - line.end[:-1]
    gap[1:] = bounded(since, SHORTEST, longest)
    gap_s[1:] = bounded(line.onset_s[1:] - line.onset_s[:-1], SHORTEST_S, LONGEST_S)
    rest[1:] = bounded(silent, 0.0, longest)
    return gap, gap_s, rest


def _ranks(gap: np.ndarray) -> np.ndarray:
    """Return the share of the gaps around each that are shorter: 0 to 1, in and out (2, O)."""
    around = np.zeros((2, gap.shape[1] + 2 * AROUND), np.float32)
    around[:, AROUND:-AROUND] = gap
    width = 2 * AROUND + 1
    shorter = _windows(around, width) < around[:, AROUND:-AROUND, None] - 1e-3
    return np.add.reduce(shorter, axis=2) / width


def _windows(table: np.ndarray, width: int, step: int = 1) -> np.ndarray:
    """View each `width` values of the last axis, one window `step` values after another.

    It is numpy's sliding_window_view, at a fifth of its cost.
    """
    *rows, last = table.shape
    stride = table.strides[-1]
    shape = (*rows, (last - width) // step + 1, width)
    return as_strided(table, shape, (*table.strides[:-1], step * stride, stride), writeable=False)


def _recurring(gap: np.ndarray, leap: np.ndarray, local: np.ndarray) -> list[np.ndarray]:
    """Return how often the pattern from each note on comes again, and how set apart: (O,) each."""
    step = np.rint(12 * np.minimum(gap, 20.0)).astype(np.int64) << 8
    turn = leap.astype(np.int64) + 128
    told = []
    for pattern in _patterns(step + turn):
        kind = _kinds(pattern)
        count = np.bincount(kind)
        told += [np.log2(count)[kind], (np.bincount(kind, local) / count)[kind]]
    return told


def _patterns(row: np.ndarray) -> list[np.ndarray]:
    """Number the patterns of each of `PATTERNS` lengths after each place: (O,) int each.

    Values beyond the end are 0.
    """
    longer = np.zeros(len(row) + max(PATTERNS), np.int64)
    longer[: len(row)] = row
    pattern, patterns = np.zeros(len(row), np.int64), []
    for place in range(1, max(PATTERNS) + 1):
        pattern = HASH * pattern + longer[place : place + len(row)]
        if place in PATTERNS:
            patterns.append(pattern)
    return patterns


def _kinds(pattern: np.ndarray) -> np.ndarray:
    """Number the different patterns from 0: (O,) int."""
    order = pattern.argsort()
    ranked = pattern[order]
    rises = np.zeros(len(pattern), np.intp)
    rises[1:] = ranked[1:] != ranked[:-1]
    kind = np.empty(len(pattern), np.intp)
    kind[order] = np.cumsum(rises)
    return kind


class _Layers(NamedTuple):
    """Be the net as arrays: (F, H), (H,), (H,) and a number."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: float

    def __call__(self, seen: np.ndarray) -> np.ndarray:
        """Return log-odds of (O, F) descriptors: (O,) float32."""
        inside = np.empty((len(seen), len(self.hidden_bias)), np.float32)
        for start in range(0, len(seen), BLOCK):
            block = slice(start, start + BLOCK)
            np.matmul(seen[block], self.hidden, out=inside[block])
        return np.asarray(
            np.maximum(inside + self.hidden_bias, 0.0) @ self.output + self.output_bias
        )


@cache
def _layers() -> _Layers:
    net = msgspec.json.decode(WEIGHTS.read_bytes(), type=Net)
    rows = (net.hidden, net.hidden_bias, net.output)
    hidden, bias, output = (np.array(row, np.float32) for row in rows)
    return _Layers(hidden, bias, output, net.output_bias)
