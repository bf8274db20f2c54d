"""Keep the arrays of a network that numpy runs in a file, with what the file says of itself.

Source: NEP 1 of numpy (the format npy, here in a zip file without pickles).
"""

import json
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from engines.error import MissingWeightsError, WeightsError

CARD = "card"
"""The array that holds what a file says of itself, as JSON."""


class WeightFile(NamedTuple):
    """Say what a kind of file holds.

    `format` is what it calls itself, `shapes` are those of its arrays; in a shape, a letter stands
    for a number that the file chooses, and 3W for three times that of W.
    """

    format: str
    shapes: Mapping[str, tuple[int | str, ...]]

    def read(self, path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]]:
        """Return the arrays of a file, float32, and what it says of itself.

        Raises:
            WeightsError: the file is missing, damaged, or holds something else.
        """
        arrays = _arrays(path)
        card = _card(arrays.pop(CARD, np.empty(0)))
        if (kind := card.get("format")) != self.format:
            raise WeightsError(f"{path} holds {kind or 'another model'}, allowed is {self.format}")
        self._check(path, arrays)
        return arrays, card

    def write(self, path: Path, arrays: Mapping[str, np.ndarray], card: Mapping[str, Any]) -> None:
        """Write a file, its arrays with half their digits."""
        text = json.dumps({"format": self.format, **card}).encode()
        named: dict[str, Any] = {name: arrays[name].astype(np.float16) for name in self.shapes}
        with path.open("wb") as file:
            np.savez_compressed(file, card=np.frombuffer(text, np.uint8), **named)

    def _check(self, path: Path, arrays: Mapping[str, np.ndarray]) -> None:
        """Refuse arrays of other shapes."""
        missing = [name for name in self.shapes if name not in arrays]
        if missing:
            raise WeightsError(f"{path} lacks {', '.join(missing)}")
        width, inner = arrays["recurrent"].shape[0], arrays["inner"].shape[-1]
        sizes = {"W": width, "3W": 3 * width, "I": inner}
        for name, shape in self.shapes.items():
            wanted = tuple(sizes[size] if isinstance(size, str) else size for size in shape)
            if arrays[name].shape != wanted:
                found = arrays[name].shape
                raise WeightsError(f"{path} has {name} of shape {found}, allowed is {wanted}")


def _arrays(path: Path) -> dict[str, np.ndarray]:
    if not path.is_file():
        raise MissingWeightsError(path)
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except Exception as error:  # a damaged zip file raises many kinds
        raise WeightsError(f"{path} cannot be read as arrays: {error}") from error
    return {
        name: array if name == CARD else np.ascontiguousarray(array, np.float32)
        for name, array in arrays.items()
    }


def _card(text: np.ndarray) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(text.tobytes())
    except ValueError:
        return {}
    return found
