"""Run the learned hand, a note at a time; the only module that reads its file.

Letters: F columns of the view, W width, I inner width, V bins of velocity, T bins of lateness.
"""

import json
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engines.error import MissingWeightsError, WeightsError
from engines.touch.hearing import COLUMNS

FORMAT = "yuragi-hand-1"
"""What a file of weights calls itself; other numbers have other columns or bins."""

VELOCITY = np.arange(-78.0, 79.0, 4.0)
"""Edges (V + 1,) of the bins of velocity, about the part's level."""

LATENESS = np.concatenate(
    [np.arange(-80.0, -30.0, 10.0), np.arange(-30.0, 31.0, 3.0), np.arange(40.0, 81.0, 10.0)]
)
"""Edges (T + 1,) of the bins of lateness in ms, about the local tempo."""

BINS_V, BINS_T = len(VELOCITY) - 1, len(LATENESS) - 1

SHAPES: dict[str, tuple[int | str, ...]] = {
    "seen": (len(COLUMNS), "3W"),
    "recurrent": ("W", "3W"),
    "bias": ("3W",),
    "recurrent_bias": ("3W",),
    "inner": ("W", "I"),
    "inner_bias": ("I",),
    "answer": ("I", BINS_V + BINS_T),
    "answer_bias": (BINS_V + BINS_T,),
    "chain": (BINS_V, BINS_T),
}
"""The arrays of a file and their shapes; letters stand for numbers that a file chooses."""


class Answer(NamedTuple):
    """Be what a hand says of a note: logits (V,) of velocity, and of lateness before the chain."""

    velocity: np.ndarray
    lateness: np.ndarray


class Network:
    """Be a learned hand, read from a file of named arrays.

    Raises:
        WeightsError: the file is missing, damaged, or not such a hand.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._arrays = _read(path)
        if (kind := self.card.get("format")) != FORMAT:
            raise WeightsError(f"{path} holds {kind or 'another model'}, allowed is {FORMAT}")
        _check(path, self._arrays)

    @cached_property
    def card(self) -> dict[str, Any]:
        """What the file says of itself."""
        try:
            found: dict[str, Any] = json.loads(self._arrays["card"].tobytes())
        except (KeyError, ValueError):
            return {}
        return found

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


def write(path: Path, arrays: dict[str, np.ndarray], card: dict[str, Any]) -> None:
    """Write a file that `Network` reads, its arrays with half their digits.

    Source: NEP 1 of numpy (the format npy, here in a zip file without pickles).
    """
    text = json.dumps({"format": FORMAT, **card}).encode()
    named: dict[str, Any] = {name: arrays[name].astype(np.float16) for name in SHAPES}
    with path.open("wb") as file:
        np.savez_compressed(file, card=np.frombuffer(text, np.uint8), **named)


def _read(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise MissingWeightsError(path)
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except Exception as error:  # a damaged zip file raises many kinds
        raise WeightsError(f"{path} cannot be read as arrays: {error}") from error
    return {
        name: array if name == "card" else np.ascontiguousarray(array, np.float32)
        for name, array in arrays.items()
    }


def _check(path: Path, arrays: dict[str, np.ndarray]) -> None:
    """Refuse arrays of other shapes."""
    missing = [name for name in SHAPES if name not in arrays]
    if missing:
        raise WeightsError(f"{path} lacks {', '.join(missing)}")
    width, inner = arrays["recurrent"].shape[0], arrays["inner"].shape[-1]
    sizes = {"W": width, "3W": 3 * width, "I": inner}
    for name, shape in SHAPES.items():
        wanted = tuple(sizes[size] if isinstance(size, str) else size for size in shape)
        if arrays[name].shape != wanted:
            found = arrays[name].shape
            raise WeightsError(f"{path} has {name} of shape {found}, allowed is {wanted}")
