"""Write a trained player as ONNX and see that it says the same.

Letters: F columns of the view.
"""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from engines.error import WeightsError
from engines.models.performer import Performer
from engines.performance.network import FORMAT, INPUTS, OUTPUTS, Network
from engines.performance.view import COLUMNS

OPSET = 18
"""The operators that the file asks for: onnxruntime knows them since 1.14."""

TRACED, TRIED = (2, 96), (1, 61)
"""Windows and notes that the export is traced with, and others that it is tried with: an example of
one window would fix the number of windows, and the length of the recurrent reader."""

AGREEMENT, NEARNESS = 1e-3, 0.03
"""Largest difference between what torch and onnxruntime say, and between what torch says and a file
that was made smaller: half a step of velocity."""


def export(player: Performer, path: Path, card: dict[str, Any]) -> None:
    """Write a player, and what its card says, to a file that `Network` reads.

    Raises:
        WeightsError: what was written says something else than the player.
    """
    player.eval()
    _trace(player, path)
    describe(path, {"format": FORMAT, "columns": list(COLUMNS), **card})
    compare(player, path)


def describe(path: Path, card: dict[str, Any]) -> None:
    """Write what a file of weights says of itself, in place; values are what JSON knows."""
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, {name: json.dumps(value) for name, value in card.items()})
    path.write_bytes(model.SerializeToString())


def compare(player: Performer, path: Path, agreement: float = AGREEMENT) -> None:
    """Do nothing if a file says what its player says, but for a difference of `agreement`.

    Raises:
        WeightsError: it says something else, or nothing finite.
    """
    example = _example(player, *TRIED)
    with torch.no_grad():
        meant = player(*example)
    found = Network(path).run(*(array[0].numpy() for array in example))
    worst = np.max([np.abs(m[0].numpy() - f).max() for m, f in zip(meant, found, strict=True)])
    if not worst <= agreement:  # nor is a NaN
        raise WeightsError(
            f"{path} differs by {worst} from what was trained, allowed are {agreement} at most"
        )


def _trace(player: Performer, path: Path) -> None:
    axes = {0: "windows", 1: "notes"}
    with warnings.catch_warnings():
        # the exporter says that it is old, and doubts what `compare` makes sure of
        warnings.simplefilter("ignore")
        torch.onnx.export(
            player,
            _example(player, *TRACED),
            str(path),
            input_names=list(INPUTS[:-1]),
            output_names=list(OUTPUTS),
            dynamic_axes=dict.fromkeys((*INPUTS[:-1], *OUTPUTS), axes),
            opset_version=OPSET,
            dynamo=False,
        )


def _example(player: Performer, windows: int, notes: int) -> tuple[torch.Tensor, ...]:
    """Return inputs of the right shapes, the same at each call."""
    entry = player.entry
    said, known = entry.widths
    draw = torch.Generator().manual_seed(0)
    return (
        _within(entry.edges, torch.rand(windows, notes, len(entry.edges), generator=draw)),
        torch.zeros(windows, notes, said),
        torch.zeros(windows, notes, known),
        torch.arange(notes).repeat(windows, 1) * 0.5,
    )


def _within(edges: torch.Tensor, share: torch.Tensor) -> torch.Tensor:
    """Return values of columns, of the shape of `share` (..., F), between the outermost edges.

    Args:
        edges: of their bins, (F, bins + 1).
        share: 0 at the lowest edge to 1 at the highest, (..., F).
    """
    return edges[:, 0] + share * (edges[:, -1] - edges[:, 0])
