"""Load what runs the networks, so that it tells nobody of its use, and open their files."""

import os
from pathlib import Path
from typing import Any

from engines.error import MissingWeightsError, WeightsError

PRIVATE = "ORT_DISABLE_TELEMETRY"
"""The variable that keeps onnxruntime from writing an id of the device, and from sending events.

Its official builds do both unless it is 1 when they are loaded. Source: Privacy.md of onnxruntime
1.31, "Disabling Telemetry".
"""


def onnx_runtime() -> Any:
    """Return onnxruntime; what needs another part of it calls this before it imports that."""
    os.environ.setdefault(PRIVATE, "1")
    import onnxruntime  # noqa: PLC0415 - it reads the environment once, when it is loaded

    return onnxruntime


def open_network(path: Path) -> Any:
    """Return the session of an ONNX file, which runs on one thread.

    Raises:
        WeightsError: the file is missing or damaged.
    """
    if not path.is_file():
        raise MissingWeightsError(path)
    runtime = onnx_runtime()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    try:
        return runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises many kinds, all of them about the file
        raise WeightsError(f"{path} cannot be read as ONNX: {first_line(error)}") from error


def first_line(error: Exception) -> str:
    """Return what an error says, as far as a sentence has room for it."""
    return (str(error).splitlines() or [type(error).__name__])[0][:200]
