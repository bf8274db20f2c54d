"""Join trees to the networks of a file of weights, and halve what its numbers take.

Letters: B windows, T notes, A columns that trees see, D parameters.

Source: ONNX, operator `TreeEnsemble` of ai.onnx.ml 5.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engines.performance.interpreter import PARAMETERS
from engines.performance.network import OUTPUTS
from engines.performance.surroundings import WIDTH
from engines.training.forest import Stand

ML_OPSET = 5
"""The operators for trees that the file asks for: onnxruntime knows them since 1.20."""

LARGE = 256
"""Arrays of so many numbers and more are kept with half their digits."""

MEAN = OUTPUTS[0]
"""The output to which trees add their opinion."""


def graft(path: Path, forest: list[Stand], share: tuple[float, ...]) -> None:
    """Let trees say their opinion of the means in a file of weights, in place.

    The more of a performance is given, the less the trees count, for they see the page alone.

    Args:
        path: a file that `engines.training.export` wrote.
        forest: a stand for each of the D parameters.
        share: what the forest counts where nothing is given, 0 to 1, D.
    """
    model = onnx.load(str(path))
    graph = model.graph
    for node in graph.node:
        node.output[:] = ["read" if name == MEAN else name for name in node.output]
        node.input[:] = ["read" if name == MEAN else name for name in node.input]
    graph.input.append(_input_like(graph.input[0], "around", WIDTH))
    constants: dict[str, np.ndarray] = {
        "forest_base": np.array([stand.base for stand in forest], dtype=np.float32),
        "forest_share": np.array(share, dtype=np.float32),
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
        make("Mul", ["forest_free", "forest_share"], ["forest_part"]),
        make("Sub", ["forest_mean", "read"], ["forest_apart"]),
        make("Mul", ["forest_apart", "forest_part"], ["forest_bend"]),
        make("Add", ["read", "forest_bend"], [MEAN]),
    ]


def _trees(forest: list[Stand]) -> onnx.NodeProto:
    """Return all trees as one node, from rows (B T, A) to sums (B T, D)."""
    forks = np.cumsum([0, *(len(stand.column) for stand in forest)])
    leaves = np.cumsum([0, *(len(stand.value) for stand in forest)])
    low = [_numbered(stand.low, *at) for stand, *at in zip(forest, forks, leaves, strict=False)]
    high = [_numbered(stand.high, *at) for stand, *at in zip(forest, forks, leaves, strict=False)]
    root = [stand.root + first for stand, first in zip(forest, forks, strict=False)]
    split = np.concatenate([stand.split for stand in forest])
    return helper.make_node(
        "TreeEnsemble",
        ["forest_seen"],
        ["forest_sum"],
        domain="ai.onnx.ml",
        n_targets=len(forest),
        aggregate_function=1,
        post_transform=0,
        tree_roots=np.concatenate(root).tolist(),
        nodes_featureids=np.concatenate([stand.column for stand in forest]).tolist(),
        nodes_modes=numpy_helper.from_array(np.zeros(len(split), dtype=np.uint8)),
        nodes_splits=numpy_helper.from_array(split),
        nodes_truenodeids=np.concatenate([numbers for numbers, _ in low]).tolist(),
        nodes_trueleafs=np.concatenate([ends for _, ends in low]).tolist(),
        nodes_falsenodeids=np.concatenate([numbers for numbers, _ in high]).tolist(),
        nodes_falseleafs=np.concatenate([ends for _, ends in high]).tolist(),
        leaf_targetids=np.repeat(np.arange(len(forest)), np.diff(leaves)).tolist(),
        leaf_weights=numpy_helper.from_array(np.concatenate([stand.value for stand in forest])),
    )


def _numbered(to: np.ndarray, forks: int, leaves: int) -> tuple[np.ndarray, np.ndarray]:
    """Return where forks lead among those of all stands, and which are leaves: (K,) each."""
    ends = to < 0
    return np.where(ends, -1 - to + leaves, to + forks), ends.astype(np.int64)


def _input_like(other: onnx.ValueInfoProto, name: str, width: int) -> onnx.ValueInfoProto:
    shape = [dim.dim_param or dim.dim_value for dim in other.type.tensor_type.shape.dim]
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, [*shape[:-1], width])
