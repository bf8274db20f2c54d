"""Write a trained player as ONNX and see that it says the same."""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch

from engines.models.performer import Performer
from engines.performance.network import FORMAT, INPUTS, OUTPUTS, Network
from engines.performance.view import COLUMNS

OPSET = 18

TRACED, TRIED = (2, 96), (1, 61)
"""Windows and notes that the export is traced with, and others that it is tried with: an example of
one window would fix the number of windows, and the length of the recurrent reader."""

AGREEMENT = 1e-3
"""Largest difference between what torch and onnxruntime say."""


def export(player: Performer, path: Path, card: dict[str, Any]) -> None:
    """Write a player, and what its card says, to a file that `Network` reads.

    Raises:
        RuntimeError: the file says something else than the player.
    """
    player.eval()
    axes = {0: "windows", 1: "notes"}
    with warnings.catch_warnings():
        # the exporter says that it is old, and doubts what `_compare` makes sure of
        warnings.simplefilter("ignore")
        torch.onnx.export(
            player,
            _example(player, *TRACED),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=dict.fromkeys((*INPUTS, *OUTPUTS), axes),
            opset_version=OPSET,
            dynamo=False,
        )
    describe(path, {"format": FORMAT, "columns": list(COLUMNS), **card})
    _compare(player, path)


def describe(path: Path, card: dict[str, Any]) -> None:
    """Write what a file of weights says of itself; values are what JSON knows."""
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, {name: json.dumps(value) for name, value in card.items()})
    onnx.save(model, str(path))


def _compare(player: Performer, path: Path) -> None:
    example = _example(player, *TRIED)
    with torch.no_grad():
        meant = player(*example)
    found = Network(path).run(*(array[0].numpy() for array in example))
    worst = max(float(np.abs(m[0].numpy() - f).max()) for m, f in zip(meant, found, strict=True))
    if worst > AGREEMENT:
        raise RuntimeError(f"{path} differs by {worst} from what was trained")


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
    """Return values of the columns between the outermost edges of their bins."""
    return edges[:, 0] + share * (edges[:, -1] - edges[:, 0])
