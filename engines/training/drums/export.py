"""Write a trained drummer as ONNX and see that it says the same."""

import json
import warnings
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import onnx
import torch

from engines.drummer.network import INPUTS, OUTPUTS, Card, Network
from engines.error import WeightsError
from engines.models.drummer import Drummer

OPSET = 18
"""The operators that the file asks for: onnxruntime knows them since 1.14."""

TRACED, TRIED = 96, 61
"""So many hits the export is traced with, and others that it is tried with; a clip at a time."""

AGREEMENT = 1e-3
"""Largest difference between the shares that torch and onnxruntime say."""


def export(drummer: Drummer, path: Path, card: Card) -> None:
    """Write a drummer, and what its card says, to a file that `Network` reads.

    Raises:
        WeightsError: what was written says something else than the drummer.
    """
    drummer.eval()
    _trace(drummer, path)
    describe(path, card)
    _compare(drummer, path)


def describe(path: Path, card: Card) -> None:
    """Write what a file of weights says of itself, in place."""
    told: dict[str, Any] = msgspec.to_builtins(card)
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, {name: json.dumps(value) for name, value in told.items()})
    path.write_bytes(model.SerializeToString())


def _trace(drummer: Drummer, path: Path) -> None:
    axes = {1: "hits"}
    with warnings.catch_warnings():
        # the exporter says that it is old, and doubts what `_compare` makes sure of
        warnings.simplefilter("ignore")
        torch.onnx.export(
            drummer,
            _example(drummer, TRACED),
            str(path),
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes=dict.fromkeys((*INPUTS, *OUTPUTS), axes),
            opset_version=OPSET,
            dynamo=False,
        )


def _compare(drummer: Drummer, path: Path) -> None:
    example = _example(drummer, TRIED)
    with torch.no_grad():
        meant = drummer(*example)
    found = Network(path).run(*(array[0].numpy() for array in example))
    worst = np.max([np.abs(m[0].numpy() - f).max() for m, f in zip(meant, found, strict=True)])
    if not worst <= AGREEMENT:  # nor is a NaN
        raise WeightsError(
            f"{path} differs by {worst} from what was trained, allowed are {AGREEMENT} at most"
        )


def _example(drummer: Drummer, hits: int) -> tuple[torch.Tensor, ...]:
    """Return inputs of the right shapes, the same at each call."""
    draw = torch.Generator().manual_seed(0)
    shape = drummer.shape
    return (
        torch.rand(1, hits, shape.said, generator=draw),
        torch.rand(1, hits, shape.around, generator=draw).round(),
        torch.arange(hits)[None] * 0.25,
    )
