"""Run the learned writer, a step at a time; the only module that reads its file.

A step depends on the one before, so there is one call for each. Small products of numpy take less
time than a call of a general runtime does before it begins.

Letters: S steps, F columns of the view, M of the memory, W width, I inner width, V voices,
T tiers.
"""

from pathlib import Path

import numpy as np

from engines.kit import VOICES
from engines.weight_file import WeightFile
from engines.writer.score import TIERS
from engines.writer.view import COLUMNS, MEMORY

FILE = WeightFile(
    "yuragi-writer-1",
    {
        "seen": (COLUMNS, "3W"),
        "remembered": (MEMORY, "3W"),
        "recurrent": ("W", "3W"),
        "bias": ("3W",),
        "recurrent_bias": ("3W",),
        "inner": ("W", "I"),
        "inner_bias": ("I",),
        "answer": ("I", len(VOICES) * TIERS),
        "answer_bias": (len(VOICES) * TIERS,),
        "chain": (len(VOICES) * TIERS, len(VOICES) * TIERS),
    },
)
"""What a file of weights holds; other numbers in its name have other columns."""


class Network:
    """Be a learned writer, read from a file of named arrays.

    Args:
        path: where the file is.

    Attributes:
        card: what the file says of itself.

    Raises:
        WeightsError: the file is missing, damaged, or not such a writer.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._arrays, self.card = FILE.read(path)
        self._fold_silence()

    @property
    def width(self) -> int:
        """How many numbers the state has (W)."""
        return len(self._arrays["recurrent"])

    def seen(self, view: np.ndarray) -> np.ndarray:
        """Return what the view of all steps, (S, F) float32, adds to the gates: (S, 3 W)."""
        return np.asarray(view @ self._arrays["seen"] + self._arrays["bias"])

    def next_state(self, seen: np.ndarray, memory: np.ndarray, state: np.ndarray) -> np.ndarray:
        """Return the state after a step: (W,) float32.

        Args:
            seen: (3 W,) the step's row of `seen`.
            memory: (K,) int, which columns of the memory are 1; the others are 0.
            state: (W,) the state before it.
        """
        width, arrays = len(state), self._arrays
        gates = seen + arrays["remembered"][memory].sum(axis=0)
        inside = state @ arrays["recurrent"] + arrays["recurrent_bias"]
        both = gates[: 2 * width] + inside[: 2 * width]
        reset, keep = 1.0 / (1.0 + np.exp(-both.reshape(2, width)))
        fresh = np.tanh(gates[2 * width :] + reset * inside[2 * width :])
        return np.asarray(fresh + keep * (state - fresh))

    def logits(self, state: np.ndarray) -> np.ndarray:
        """Return the logits (V * T,) of each voice's tiers if no voice before it sounds."""
        inner = state @ self._arrays["inner"] + self._arrays["inner_bias"]
        inner = inner / (1.0 + np.exp(-inner))
        return np.asarray(inner @ self._arrays["answer"] + self._arrays["answer_bias"])

    @property
    def chain(self) -> np.ndarray:
        """What a voice's tier adds to the logits of later voices: (V * T, V * T), 0 for silence."""
        return self._arrays["chain"]

    def _fold_silence(self) -> None:
        """Count from silence: what silent voices say is in the bias, for most are silent."""
        chain = self._arrays["chain"].reshape(len(VOICES), TIERS, -1)
        silent = chain[:, :1].copy()
        self._arrays["answer_bias"] = self._arrays["answer_bias"] + silent.sum(axis=(0, 1))
        self._arrays["chain"] = (chain - silent).reshape(self._arrays["chain"].shape)
