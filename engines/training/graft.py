"""Join trees to the networks of a file of weights, and halve what its numbers take.

Letters: B windows, T notes, A columns that trees see, D parameters, S styles.

Source: ONNX, operator `TreeEnsemble` of ai.onnx.ml 5.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engines.performance.interpreter import PARAMETERS, STYLES
from engines.performance.network import OUTPUTS
from engines.performance.surroundings import WIDTH
from engines.performance.view import COLUMNS, MARKS
from engines.training.forest import Stand, bare, gated, joined

ML_OPSET = 5
"""The operators for trees that the file asks for: onnxruntime knows them since 1.20."""

LARGE = 256
"""Arrays of so many numbers and more are kept with half their digits."""

MUTE = gated(bare(0.0), -1, is_told=True)
"""A tree that says 0: without any tree there is no such node."""

MEAN = OUTPUTS[0]
"""The output to which trees add their opinion."""


def graft(path: Path, forest: list[Stand], share: np.ndarray) -> None:
    """Let trees say their opinion of the means in a file of weights, in place.

    The more of a performance is given, the less the trees count, for they see the page alone.

    Args:
        path: a file that `engines.training.export` wrote.
        forest: a stand for each of the D parameters.
        share: what the forest counts where nothing is given, 0 to 1, for music without a style and
            then by how much more for each of S styles: (1 + S, D).
    """
    model = onnx.load(str(path))
    graph = model.graph
    for node in graph.node:
        node.output[:] = ["read" if name == MEAN else name for name in node.output]
        node.input[:] = ["read" if name == MEAN else name for name in node.input]
    graph.input.append(_input_like(graph.input[0], "around", WIDTH))
    constants: dict[str, np.ndarray] = {
        "forest_base": np.array([stand.base for stand in forest], dtype=np.float32),
        "forest_share": share[0].astype(np.float32),
        "forest_more": share[1:].astype(np.float32),
        "forest_styles": np.array([-len(STYLES)], dtype=np.int64),
        "forest_end": np.array([np.iinfo(np.int64).max], dtype=np.int64),
        "forest_all": np.array([-1], dtype=np.int64),
        "forest_notes": np.array([1], dtype=np.int64),
        "forest_first": np.array([PARAMETERS], dtype=np.int64),
        "forest_last": np.array([2 * PARAMETERS], dtype=np.int64),
        "forest_axis": np.array([2], dtype=np.int64),
        "forest_one": np.array(1.0, dtype=np.float32),
    }
    graph.initializer.extend(numpy_helper.from_array(a, name) for name, a in constants.items())
    graph.node.extend(_opinion(forest))
    model.opset_import.append(helper.make_opsetid("ai.onnx.ml", ML_OPSET))
    path.write_bytes(model.SerializeToString())


def halve(path: Path) -> None:
    """Keep the large arrays of a file with half their digits, in place."""
    model = onnx.load(str(path))
    casts = []
    for array in model.graph.initializer:
        if array.data_type != TensorProto.FLOAT or np.prod(array.dims) < LARGE:
            continue
        name, values = array.name, numpy_helper.to_array(array)
        array.CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}_half"))
        casts.append(helper.make_node("Cast", [f"{name}_half"], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)
    path.write_bytes(model.SerializeToString())


def _opinion(forest: list[Stand]) -> list[onnx.NodeProto]:
    """Return the nodes that bend the readers' mean towards what the trees say."""
    make = helper.make_node
    return [
        make("Concat", ["view", "around", "said"], ["forest_rows"], axis=-1),
        make("Shape", ["forest_rows"], ["forest_width"], start=2, end=3),
        make("Concat", ["forest_all", "forest_width"], ["forest_table"], axis=0),
        make("Reshape", ["forest_rows", "forest_table"], ["forest_seen"]),
        _trees(forest),
        make("Add", ["forest_sum", "forest_base"], ["forest_said"]),
        make("Shape", ["read"], ["forest_shape"]),
        make("Reshape", ["forest_said", "forest_shape"], ["forest_mean"]),
        make("Slice", ["known", "forest_first", "forest_last", "forest_axis"], ["forest_given"]),
        make("ReduceMean", ["forest_given", "forest_notes"], ["forest_known"], keepdims=1),
        make("Sub", ["forest_one", "forest_known"], ["forest_free"]),
        make("Slice", ["said", "forest_styles", "forest_end", "forest_axis"], ["forest_style"]),
        make("MatMul", ["forest_style", "forest_more"], ["forest_extra"]),
        make("Add", ["forest_share", "forest_extra"], ["forest_most"]),
        make("Mul", ["forest_free", "forest_most"], ["forest_part"]),
        make("Sub", ["forest_mean", "read"], ["forest_apart"]),
        make("Mul", ["forest_apart", "forest_part"], ["forest_bend"]),
        make("Add", ["read", "forest_bend"], [MEAN]),
    ]


def _trees(forest: list[Stand]) -> onnx.NodeProto:
    """Return all trees as one node, from rows (B T, A) to sums (B T, D)."""
    every = joined([*forest, MUTE])
    seen = len(COLUMNS) + WIDTH + MARKS + 2 + len(STYLES)
    low, high = every.low, every.high
    targets = np.repeat(np.arange(len(forest)), [len(stand.value) for stand in forest])
    targets = np.append(targets, 0 * MUTE.value.astype(int))
    return helper.make_node(
        "TreeEnsemble",
        ["forest_seen"],
        ["forest_sum"],
        domain="ai.onnx.ml",
        n_targets=len(forest),
        aggregate_function=1,
        post_transform=0,
        tree_roots=every.root.tolist(),
        nodes_featureids=(every.column % seen).tolist(),
        nodes_modes=numpy_helper.from_array(np.zeros(len(every.split), dtype=np.uint8)),
        nodes_splits=numpy_helper.from_array(every.split),
        nodes_truenodeids=np.where(low < 0, -1 - low, low).tolist(),
        nodes_trueleafs=(low < 0).astype(int).tolist(),
        nodes_falsenodeids=np.where(high < 0, -1 - high, high).tolist(),
        nodes_falseleafs=(high < 0).astype(int).tolist(),
        leaf_targetids=targets.tolist(),
        leaf_weights=numpy_helper.from_array(every.value),
    )


def _input_like(other: onnx.ValueInfoProto, name: str, width: int) -> onnx.ValueInfoProto:
    shape = [dim.dim_param or dim.dim_value for dim in other.type.tensor_type.shape.dim]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [*shape[:-1], width])
