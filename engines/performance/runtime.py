"""Load what runs the networks, so that it tells nobody of its use."""

import os
from typing import Any

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
