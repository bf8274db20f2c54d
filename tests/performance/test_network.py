"""A file of weights is what it says it is, or is refused in a sentence."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from engines.error import WeightsError
from engines.performance.interpreter import PARAMETERS, SAID, Interpreter
from engines.performance.network import FORMAT, INPUTS, OUTPUTS, Network
from engines.performance.view import COLUMNS
from engines.performance.weights import DEFAULT, FOLDER


def foreign(path: Path, card: dict[str, Any]) -> Path:
    """Write a model that says three zeros of each note."""
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "notes", *rest])
        for name, rest in zip(INPUTS[:-1], (["a"], ["b"], ["c"], []), strict=True)
    ]
    outputs = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in OUTPUTS]
    zeros = helper.make_tensor("zeros", TensorProto.FLOAT, [1, 3], np.zeros(3))
    nodes = [
        helper.make_node("Unsqueeze", ["beats", "axes"], ["column"]),
        *(helper.make_node("MatMul", ["column", "zeros"], [name]) for name in OUTPUTS),
    ]
    axes = helper.make_tensor("axes", TensorProto.INT64, [1], [2])
    graph = helper.make_graph(nodes, "foreign", inputs, outputs, [zeros, axes])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    helper.set_model_props(model, {name: json.dumps(value) for name, value in card.items()})
    onnx.save(model, str(path))
    return path


def test_the_shipped_file_says_six_means_and_scatter_of_each_note() -> None:
    network = Network(FOLDER / f"{DEFAULT}.onnx")
    widths = (len(COLUMNS), SAID, 2 * PARAMETERS)
    view, told, known = (np.zeros((5, width), dtype=np.float32) for width in widths)
    mean, scatter = network.run(view, told, known, np.zeros(5, dtype=np.float32))
    assert mean.shape == (5, PARAMETERS)
    assert scatter.shape[:2] == (5, 4)
    assert np.isfinite(mean).all()
    assert np.isfinite(scatter).all()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"none.onnx is not there, allowed is a file of weights"):
        Network(tmp_path / "none.onnx")


@pytest.mark.parametrize(
    ("card", "fault"),
    [
        ({}, rf"holds another model, allowed is {FORMAT}"),
        ({"format": "yuragi-performance-9"}, rf"holds yuragi-performance-9, allowed is {FORMAT}"),
        ({"format": FORMAT}, r"was trained on another view of 0 columns"),
        ({"format": FORMAT, "columns": ["pitch"]}, r"was trained on another view of 1 columns"),
    ],
)
def test_another_model_is_refused(tmp_path: Path, card: dict[str, Any], fault: str) -> None:
    with pytest.raises(WeightsError, match=fault):
        Network(foreign(tmp_path / "other.onnx", card))


def test_a_model_of_other_shapes_is_refused(tmp_path: Path) -> None:
    path = foreign(tmp_path / "other.onnx", {"format": FORMAT, "columns": list(COLUMNS)})
    with pytest.raises(WeightsError, match=r"other.onnx says \(3,\) and \(3,\) numbers of a note"):
        Interpreter(Network(path))


def test_inputs_of_another_width_are_refused() -> None:
    network = Network(FOLDER / f"{DEFAULT}.onnx")
    short = np.zeros((2, 3), dtype=np.float32)
    with pytest.raises(WeightsError, match="cannot be run: "):
        network.run(short, short, short, short[:, 0])
