"""Run a drummer's file of weights.

Letters: H hits, F columns of what is said, A of what is around, K bins.
"""

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from engines.drummer.feel import Shares
from engines.drummer.page import COLUMNS
from engines.error import WeightsError
from engines.performance.runtime import first_line, open_network

FORMAT = "yuragi-drummer-1"
"""What a file of weights calls itself; other numbers have other inputs."""

INPUTS, OUTPUTS = ("said", "around", "beats"), ("velocity", "late")


class Card(msgspec.Struct, frozen=True):
    """Be what a file says of itself.

    Attributes:
        format: see `FORMAT`.
        columns: those that the network was trained on.
        velocity_edge: of the bins of velocity, in MIDI units.
        late_edge: of the bins of lateness, in ms.
        shares: by what is shared out, velocity or lateness: how the noise is made up.

    Raises:
        ValueError: edges do not rise.
    """

    format: str
    columns: tuple[str, ...]
    velocity_edge: tuple[float, ...]
    late_edge: tuple[float, ...]
    shares: dict[str, Shares] = {}

    def __post_init__(self) -> None:
        for edges in (self.velocity_edge, self.late_edge):
            if len(edges) < 2 or not (np.diff(edges) > 0).all():
                raise ValueError(f"the edges of the bins are {edges}, allowed are rising ones")


class Network:
    """Be a learned drummer, read from an ONNX file.

    Raises:
        WeightsError: the file is missing, damaged, or not such a drummer.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._session = open_network(path)
        self.card = self._read_card()

    def run(
        self, said: np.ndarray, around: np.ndarray, beats: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return the shares of the bins of velocity and of lateness, (H, K) each.

        Args:
            said: (H, F) float32.
            around: (H, A) float32.
            beats: (H,) onsets in beats.

        Raises:
            WeightsError: it takes inputs of other shapes.
        """
        arrays = (said, around, beats.astype(np.float32))
        try:
            inputs = {name: array[None] for name, array in zip(INPUTS, arrays, strict=True)}
            velocity, late = self._session.run(OUTPUTS, inputs)
        except Exception as error:  # onnxruntime raises many kinds
            raise WeightsError(f"{self.path} cannot be run: {first_line(error)}") from error
        return velocity[0], late[0]

    def _read_card(self) -> Card:
        told: dict[str, Any] = self._session.get_modelmeta().custom_metadata_map
        try:
            card = msgspec.convert({name: json.loads(text) for name, text in told.items()}, Card)
        except ValueError as error:
            raise WeightsError(
                f"{self.path} has a card that cannot be read: {error}; allowed is {FORMAT}"
            ) from error
        if card.format != FORMAT or card.columns != COLUMNS:
            raise WeightsError(
                f"{self.path} holds {card.format} of {len(card.columns)} columns, allowed is"
                f" {FORMAT} with this version's {len(COLUMNS)}"
            )
        self._check_bins(card)
        return card

    def _check_bins(self, card: Card) -> None:
        """Refuse answers that have other bins than the card says."""
        answers = {out.name: out.shape[-1] for out in self._session.get_outputs()}
        edges = zip(OUTPUTS, (card.velocity_edge, card.late_edge), strict=True)
        bins = {name: len(edge) - 1 for name, edge in edges}
        if answers != bins:
            raise WeightsError(f"{self.path} says {answers} bins, allowed are its card's, {bins}")
