"""Make a file of weights smaller and faster, and what it says hardly different."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from engines.performance.runtime import onnx_runtime

LARGE = 256
"""Arrays of so many numbers and more are kept with half their digits."""


def shrink(path: Path) -> None:
    """Let the recurrent layers of a file count in 8 bits, and halve its other arrays, in place.

    Weights are unsigned, for with signed ones processors without VNNI saturate. What the file says
    of itself stays.

    Args:
        path: a file that `engines.training.export` wrote.

    Source: the guide of onnxruntime, "Quantize ONNX models", dynamic quantization.
    """
    card = onnx.load(str(path)).metadata_props
    _quantize(path)
    model = onnx.load(str(path))
    del model.metadata_props[:], model.graph.value_info[:]
    model.metadata_props.extend(card)
    _halve(model)
    path.write_bytes(model.SerializeToString())


def _quantize(path: Path) -> None:
    """Let the recurrent layers of a file count in 8 bits."""
    onnx_runtime()
    from onnxruntime.quantization import (  # noqa: PLC0415 - it comes after the line above
        QuantType,
        quantize_dynamic,
    )
    from onnxruntime.quantization.shape_inference import quant_pre_process  # noqa: PLC0415

    quant_pre_process(str(path), str(path), skip_optimization=True, skip_symbolic_shape=True)
    quantize_dynamic(path, path, op_types_to_quantize=["LSTM"], weight_type=QuantType.QUInt8)


def _halve(model: onnx.ModelProto) -> None:
    """Keep the large arrays of a model with half their digits."""
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
