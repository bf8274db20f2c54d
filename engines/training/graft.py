"""Join trees to the networks of a file of weights.

Letters: B windows, T notes, A columns that trees see, D parameters, S styles.

Source: ONNX, operators `TreeEnsemble` of ai.onnx.ml 5 and `If`.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.helper import make_node

from engines.performance.interpreter import PARAMETERS, SAID, STYLES
from engines.performance.network import OUTPUTS
from engines.performance.surroundings import WIDTH
from engines.performance.view import COLUMNS
from engines.training.forest import Forest
from engines.training.stand import Stand

ML_OPSET = 5
"""The operators for trees that the file asks for: onnxruntime knows them since 1.20."""

SEEN = len(COLUMNS) + WIDTH + SAID
"""How many columns trees see (A)."""

MEAN = OUTPUTS[0]
"""The output to which trees add their opinion."""


def graft(path: Path, forests: list[Forest]) -> None:
    """Let trees say their opinion of the means in a file of weights, in place.

    One window is read at a time; it has the style of its first note, and only the trees of that
    style are asked. The more of a performance is given, the less they count, for they see the page
    alone.

    Args:
        path: a file that `engines.training.export` wrote.
        forests: as `engines.training.forest.grow` returns them.
    """
    model = onnx.load(str(path))
    graph = model.graph
    for node in graph.node:
        node.output[:] = ["read" if name == MEAN else name for name in node.output]
        node.input[:] = ["read" if name == MEAN else name for name in node.input]
    graph.input.append(_input_like(graph.input[0], "around", WIDTH))
    constants: dict[str, np.ndarray] = {
        "forest_styles": np.array([-len(STYLES)], dtype=np.int64),
        "forest_end": np.array([np.iinfo(np.int64).max], dtype=np.int64),
        "forest_table": np.array([-1, SEEN], dtype=np.int64),
        "forest_list": np.array([-1], dtype=np.int64),
        "forest_notes": np.array([1], dtype=np.int64),
        "forest_first": np.array([PARAMETERS], dtype=np.int64),
        "forest_last": np.array([2 * PARAMETERS], dtype=np.int64),
        "forest_axis": np.array([2], dtype=np.int64),
        "forest_one": np.array(1.0, dtype=np.float32),
        "forest_half": np.array(0.5, dtype=np.float32),
    }
    graph.initializer.extend(numpy_helper.from_array(a, name) for name, a in constants.items())
    graph.node.extend(_opinion(forests))
    model.opset_import.append(helper.make_opsetid("ai.onnx.ml", ML_OPSET))
    path.write_bytes(model.SerializeToString())


def _opinion(forests: list[Forest]) -> list[onnx.NodeProto]:
    """Return the nodes that bend the readers' mean towards what the trees say."""
    plain, *styled = forests
    return [
        make_node("Concat", ["view", "around", "said"], ["forest_rows"], axis=-1),
        make_node("Reshape", ["forest_rows", "forest_table"], ["forest_seen"]),
        make_node(
            "Slice", ["said", "forest_styles", "forest_end", "forest_axis"], ["forest_style"]
        ),
        make_node("Reshape", ["forest_style", "forest_list"], ["forest_told"]),
        *_asked(styled, plain),
        make_node("Shape", ["read"], ["forest_shape"]),
        make_node("Reshape", ["forest_said", "forest_shape"], ["forest_mean"]),
        make_node(
            "Slice", ["known", "forest_first", "forest_last", "forest_axis"], ["forest_given"]
        ),
        make_node("ReduceMean", ["forest_given", "forest_notes"], ["forest_known"], keepdims=1),
        make_node("Sub", ["forest_one", "forest_known"], ["forest_free"]),
        make_node("Mul", ["forest_free", "forest_share"], ["forest_part"]),
        make_node("Sub", ["forest_mean", "read"], ["forest_apart"]),
        make_node("Mul", ["forest_apart", "forest_part"], ["forest_bend"]),
        make_node("Add", ["read", "forest_bend"], [MEAN]),
    ]


def _asked(styled: list[Forest], plain: Forest) -> list[onnx.NodeProto]:
    """Return nodes that ask the trees of the first of some styles that is told, else the plain.

    They make `forest_said` (B T, D) and `forest_share` (D,).
    """
    if not styled:
        return _said(plain)
    (first, *others), name = styled, f"forest_{styled[0].style}"
    index = numpy_helper.from_array(np.array(STYLES.index(first.style)))
    return [
        make_node("Constant", [], [f"{name}_index"], value=index),
        make_node("Gather", ["forest_told", f"{name}_index"], [f"{name}_told"]),
        make_node("Greater", [f"{name}_told", "forest_half"], [f"{name}_is"]),
        make_node(
            "If",
            [f"{name}_is"],
            ["forest_said", "forest_share"],
            then_branch=_branch(name, _said(first)),
            else_branch=_branch(f"{name}_not", _asked(others, plain)),
        ),
    ]


def _branch(name: str, nodes: list[onnx.NodeProto]) -> onnx.GraphProto:
    """Return nodes as what a branch makes, under names of its own."""
    results = ["forest_said", "forest_share"]
    for node in nodes:
        node.output[:] = [f"{name}_{out}" if out in results else out for out in node.output]
        node.input[:] = [f"{name}_{out}" if out in results else out for out in node.input]
    shapes: tuple[list[int | None], ...] = ([None, PARAMETERS], [PARAMETERS])
    outputs = [
        helper.make_tensor_value_info(f"{name}_{result}", TensorProto.FLOAT, shape)
        for result, shape in zip(results, shapes, strict=True)
    ]
    return helper.make_graph(nodes, name, [], outputs)


def _said(forest: Forest) -> list[onnx.NodeProto]:
    """Return nodes that make what a forest says and counts."""
    name = f"forest_{forest.style or 'plain'}"
    stands = [f"{name}_{number}" for number in range(PARAMETERS)]
    base = np.array([stand.base for stand in forest.stands], dtype=np.float32)
    share = forest.share.astype(np.float32)
    return [
        *(_trees(stand, made) for stand, made in zip(forest.stands, stands, strict=True)),
        make_node("Concat", stands, [f"{name}_sum"], axis=1),
        make_node("Constant", [], [f"{name}_base"], value=numpy_helper.from_array(base)),
        make_node("Add", [f"{name}_sum", f"{name}_base"], ["forest_said"]),
        make_node("Constant", [], ["forest_share"], value=numpy_helper.from_array(share)),
    ]


def _trees(stand: Stand, made: str) -> onnx.NodeProto:
    """Return the trees of a stand as one node, from rows (B T, A) to sums (B T, 1)."""
    stand = _with_a_tree(stand)
    low, high = stand.low, stand.high
    return make_node(
        "TreeEnsemble",
        ["forest_seen"],
        [made],
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function=1,
        post_transform=0,
        tree_roots=stand.root.tolist(),
        nodes_featureids=stand.column.tolist(),
        nodes_modes=numpy_helper.from_array(np.zeros(len(stand.split), dtype=np.uint8)),
        nodes_splits=numpy_helper.from_array(stand.split),
        nodes_truenodeids=np.where(low < 0, -1 - low, low).tolist(),
        nodes_trueleafs=(low < 0).astype(int).tolist(),
        nodes_falsenodeids=np.where(high < 0, -1 - high, high).tolist(),
        nodes_falseleafs=(high < 0).astype(int).tolist(),
        leaf_targetids=np.zeros(len(stand.value), dtype=int).tolist(),
        leaf_weights=numpy_helper.from_array(stand.value),
    )


def _with_a_tree(stand: Stand) -> Stand:
    """Return a stand that has a tree and says the same: without any there is no such node."""
    if len(stand.root):
        return stand
    zero, leaf = np.zeros(1, dtype=np.int64), np.full(1, -1)
    real = np.zeros(1, dtype=np.float32)
    return Stand(stand.base, zero, zero, real, leaf, leaf, real)


def _input_like(other: onnx.ValueInfoProto, name: str, width: int) -> onnx.ValueInfoProto:
    shape = [dim.dim_param or dim.dim_value for dim in other.type.tensor_type.shape.dim]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [*shape[:-1], width])
