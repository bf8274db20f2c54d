"""Run a file of weights; the only module that knows what runs it.

Letters: T notes, F columns of the view, M marks, S styles, D parameters, K components.
"""

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from engines.error import WeightsError
from engines.performance.runtime import first_line, open_network
from engines.performance.surroundings import surroundings
from engines.performance.view import COLUMNS

FORMAT = "yuragi-performance-1"
"""What a file of weights calls itself; other numbers have other inputs."""

INPUTS = ("view", "said", "known", "beats", "around")
"""What a network may ask for; the last is made of the view for one that has trees."""

OUTPUTS = ("mean", "scatter")


class Network:
    """Be a learned player, read from an ONNX file.

    Raises:
        WeightsError: the file is missing, damaged, or not such a player.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._session = open_network(path)
        self._asked = {entry.name for entry in self._session.get_inputs()}
        self._check()

    @cached_property
    def card(self) -> dict[str, Any]:
        """What the file says of itself."""
        return {
            name: json.loads(text)
            for name, text in self._session.get_modelmeta().custom_metadata_map.items()
        }

    def run(
        self, view: np.ndarray, said: np.ndarray, known: np.ndarray, beats: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return means (T, D) and scatter (T, 4, K, 3) for one window of T notes.

        Args:
            view: (T, F) float32.
            said: (T, M + 2 + S) float32.
            known: (T, 2 D) float32.
            beats: (T,) float32, onsets in beats, rising.

        Raises:
            WeightsError: it takes inputs of other shapes.
        """
        arrays = [view, said, known, beats]
        if INPUTS[-1] in self._asked and view.shape[1] == len(COLUMNS):
            arrays.append(surroundings(view, beats))
        try:
            inputs = {name: array[None] for name, array in zip(INPUTS, arrays, strict=False)}
            mean, scatter = self._session.run(OUTPUTS, inputs)
        except Exception as error:  # onnxruntime raises many kinds
            raise WeightsError(f"{self.path} cannot be run: {first_line(error)}") from error
        return mean[0], scatter[0]

    def _check(self) -> None:
        try:
            kind, columns = self.card.get("format"), self.card.get("columns")
        except ValueError:
            kind, columns = "something unreadable", None
        if kind != FORMAT or self._asked | {INPUTS[-1]} != set(INPUTS):
            raise WeightsError(f"{self.path} holds {kind or 'another model'}, allowed is {FORMAT}")
        if columns != list(COLUMNS):
            raise WeightsError(
                f"{self.path} was trained on another view of {len(columns or [])} columns,"
                f" allowed is this version's of {len(COLUMNS)}"
            )
