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
from numpy.lib.stride_tricks import sliding_window_view

from engines.phrase import local_boundaries

REACH = 5
"""How many notes to either side the net sees."""

AROUND = 16
"""Among how many notes to either side a gap is ranked."""

PATTERN = 3
"""How many intervals make a pattern that may come again."""

SHORTEST_S, SHORTEST = 1 / 32, 1 / 16
"""Gaps below this many seconds and beats count as this."""

WEIGHTS = Path(__file__).parent / "weights" / "phrase.json"
"""The learned net, written by `python -m engines.training.phrases`."""


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
    hidden, hidden_bias, output, output_bias = _layers()
    inside = np.maximum(describe(line).astype(np.float32) @ hidden + hidden_bias, 0.0)
    found = 1.0 / (1.0 + np.exp(-(inside @ output + output_bias).astype(np.float64)))
    found[:1] = 1.0
    return found


def describe(line: Line) -> np.ndarray:
    """Return each note's descriptors and those of `REACH` notes to either side: (O, F) float64.

    Places before the first and after the last note hold zeros.
    """
    table = np.pad(_descriptors(line), ((0, 0), (REACH, REACH)))
    windows = sliding_window_view(table, 2 * REACH + 1, axis=1)
    return windows.transpose(1, 0, 2).reshape(len(line.onset), -1)


def _descriptors(line: Line) -> np.ndarray:
    """Return what is told of each note, gaps are those before it: (D, O) float64."""
    gap, gap_s, rest = _gaps(line)
    leap = np.diff(line.pitch, prepend=line.pitch[:1])
    local = local_boundaries(line.pitch, line.onset, line.end, float(line.bar.max(initial=0.0)))
    slot = np.rint(4 * line.beat).astype(np.intp) % np.rint(4 * line.bar).astype(np.intp)
    early = line.beat / line.bar
    rhythm, tune = _patterns(gap, leap)
    return np.stack([
        np.ones(len(gap)),
        np.log2(gap),
        np.log2(gap / np.median(gap)),
        np.log2(gap_s),
        np.sqrt(rest),
        np.minimum(rest / gap, 1.0),
        np.sqrt(np.minimum(rest / gap * gap_s, 2.0)),
        np.abs(leap) / 12,
        leap / 12,
        (line.pitch - 64.0) / 12,
        line.strength,
        early - np.rint(early),
        np.abs(early - np.rint(early)),
        local,
        _rank(gap),
        _rank(rest),
        _pooled(slot, local),
        *_recurring(rhythm, local),
        *_recurring(tune, local),
    ])  # fmt: skip


def _gaps(line: Line) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return gaps from the onset before, in beats and seconds, and rests: 3 of (O,).

    They are cut at two bars; the first note has a bar's gap and rest.
    """
    longest = 2.0 * line.bar
    gap, gap_s, rest = line.bar.copy(), line.bar * 0.5, line.bar.copy()
    gap[1:] = np.clip(line.onset[1:] - line.onset[:-1], SHORTEST, longest[1:])
    gap_s[1:] = np.clip(line.onset_s[1:] - line.onset_s[:-1], SHORTEST_S, 8.0)
    rest[1:] = np.clip(line.onset[1:] - line.end[:-1], 0.0, longest[1:])
    return gap, gap_s, rest


def _rank(gap: np.ndarray) -> np.ndarray:
    """Return the share of the gaps around each that are shorter: (O,), 0 to 1."""
    windows = sliding_window_view(np.pad(gap, AROUND), 2 * AROUND + 1)
    return np.asarray((windows < gap[:, None] - 1e-6).mean(axis=1))


def _pooled(kind: np.ndarray, local: np.ndarray) -> np.ndarray:
    """Return the mean strength of all notes of the same kind, (O,)."""
    count = np.maximum(np.bincount(kind, minlength=1), 1)
    mean = np.bincount(kind, local, minlength=1) / count
    return np.asarray(mean[kind])


def _recurring(pattern: np.ndarray, local: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return how often the pattern from each note on is heard, and how set apart: 2 of (O,)."""
    _, kind, count = np.unique(pattern, return_inverse=True, return_counts=True)
    return np.log2(count[kind]), _pooled(kind, local)


def _patterns(gap: np.ndarray, leap: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return a number for the rhythm, and for rhythm and tune, from each note on: 2 of (O,) int."""
    step = np.rint(12 * np.minimum(gap, 20.0)).astype(np.int64)
    turn = np.clip(leap, -64, 63).astype(np.int64) + 64
    rhythm, tune = np.zeros(len(gap), np.int64), np.zeros(len(gap), np.int64)
    for place in range(1, PATTERN + 1):
        rhythm = 256 * rhythm + _later(step, place)
        tune = 128 * tune + _later(turn, place)
    return rhythm, tune + (rhythm << 21)


def _later(row: np.ndarray, by: int) -> np.ndarray:
    """Return what stands `by` places later, 0 beyond the end."""
    return np.append(row[by:], np.zeros(min(by, len(row)), row.dtype))


@cache
def _layers() -> tuple[np.ndarray, np.ndarray, np.ndarray, float]:
    net = msgspec.json.decode(WEIGHTS.read_bytes(), type=Net)
    rows = (net.hidden, net.hidden_bias, net.output)
    hidden, bias, output = (np.array(row, np.float32) for row in rows)
    return hidden, bias, output, net.output_bias
