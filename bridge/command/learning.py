"""Load what makes and judges models: only who asks for it needs what it needs."""

import importlib
from typing import Any

from bridge.error import BridgeError

EXTRA = {"onnx", "onnxscript", "scipy", "sklearn", "symusic", "torch"}
"""What the extra `train` installs."""


def load(module: str) -> Any:
    """Return a module below `engines.training`.

    Raises:
        BridgeError: a library is missing that playing does not need.
    """
    try:
        return importlib.import_module(f"engines.training.{module}")
    except ModuleNotFoundError as error:
        missing = (error.name or "").split(".")[0]
        if missing not in EXTRA:
            raise
        raise BridgeError(
            f"{missing} is not installed, which training and evaluation need:"
            " pip install yuragi[train]"
        ) from error
