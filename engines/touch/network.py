"""Run the learned hand, a note at a time; the only module that reads its file.

Letters: F columns of the view, W width, I inner width, V bins of velocity, T bins of lateness.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from engines.touch.hearing import COLUMNS
from engines.weight_file import WeightFile

VELOCITY = np.arange(-78.0, 79.0, 4.0)
"""Edges (V + 1,) of the bins of velocity, about the part's level."""

LATENESS = np.concatenate(
    [np.arange(-80.0, -30.0, 10.0), np.arange(-30.0, 31.0, 3.0), np.arange(40.0, 81.0, 10.0)]
)
"""Edges (T + 1,) of the bins of lateness in ms, about the local tempo."""

BINS_V, BINS_T = len(VELOCITY) - 1, len(LATENESS) - 1

FILE = WeightFile(
    "yuragi-hand-1",
    {
        "seen": (len(COLUMNS), "3W"),
        "recurrent": ("W", "3W"),
        "bias": ("3W",),
        "recurrent_bias": ("3W",),
        "inner": ("W", "I"),
        "inner_bias": ("I",),
        "answer": ("I", BINS_V + BINS_T),
        "answer_bias": (BINS_V + BINS_T,),
        "chain": (BINS_V, BINS_T),
    },
)
"""What a file of weights holds; other numbers in its name have other columns or bins."""


class Answer(NamedTuple):
    """Be what a hand says of a note: logits (V,) of velocity, and of lateness before the chain."""

    velocity: np.ndarray
    lateness: np.ndarray


class Network:
    """Be a learned hand, read from a file of named arrays.

    Args:
        path: where the file is.

    Attributes:
        card: what the file says of itself.

    Raises:
        WeightsError: the file is missing, damaged, or not such a hand.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._arrays, self.card = FILE.read(path)

    @property
    def width(self) -> int:
        """How many numbers the state has (W)."""
        return len(self._arrays["recurrent"])

    def next_state(self, view: np.ndarray, state: np.ndarray) -> np.ndarray:
        """Return the state after a note, (W,) float32, from its view (F,) and the state before."""
        width, arrays = len(state), self._arrays
        gates = view @ arrays["seen"] + arrays["bias"]
        inside = state @ arrays["recurrent"] + arrays["recurrent_bias"]
        both = gates[: 2 * width] + inside[: 2 * width]
        both = 1.0 / (1.0 + np.exp(-both))
        fresh = np.tanh(gates[2 * width :] + both[:width] * inside[2 * width :])
        return np.asarray(fresh + both[width:] * (state - fresh))

    def answer(self, state: np.ndarray) -> Answer:
        """Return what is said in a state (W,)."""
        inner = state @ self._arrays["inner"] + self._arrays["inner_bias"]
        inner = inner / (1.0 + np.exp(-inner))
        logits = inner @ self._arrays["answer"] + self._arrays["answer_bias"]
        return Answer(logits[:BINS_V], logits[BINS_V:])

    def late(self, answer: Answer, louder: int) -> np.ndarray:
        """Return the logits (T,) of lateness of a note whose velocity is in a bin."""
        return np.asarray(answer.lateness + self._arrays["chain"][louder])


def drawn(logits: np.ndarray, edge: np.ndarray, share: float) -> tuple[float, int]:
    """Return below which value a share of a distribution lies, and the bin of that value.

    Within a bin all values are as likely.

    Args:
        logits: (K,) of the bins.
        edge: (K + 1,) their edges.
        share: from 0 to 1.
    """
    below = np.exp(logits - logits.max()).cumsum()
    wanted = share * float(below[-1])
    row = min(int(below.searchsorted(wanted)), len(logits) - 1)
    low = float(below[row - 1]) if row else 0.0
    part = (wanted - low) / max(float(below[row]) - low, 1e-12)
    start = float(edge[row])
    return start + min(part, 1.0) * (float(edge[row + 1]) - start), row
