"""Load what makes and judges models, which only who asks for it needs, and show how far it is."""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from bridge.error import BridgeError

EXTRA = {"onnx", "onnxscript", "scipy", "sklearn", "symusic", "torch"}
"""What the extra `train` installs."""

STEPS = 1_000
"""Parts of the progress bar."""


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


@contextmanager
def progress(label: str) -> Iterator[Callable[[str, float], None]]:
    """Show a bar, and yield what moves it: called with what is being done and the share done."""
    with click.progressbar(length=STEPS, label=label, item_show_func=_shown) as bar:
        yield lambda what, share: bar.update(int(STEPS * share) - bar.pos, what)
        bar.update(STEPS - bar.pos)


def _shown(what: Any) -> str | None:
    return what
