"""Load what makes and judges models, which only who asks for it needs, and show how far it is.

Their options, too, where commands share them.
"""

import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from bridge.error import BridgeError
from bridge.write_whole import write_whole

EXTRA = {"onnx", "onnxscript", "scipy", "sklearn", "symusic", "torch"}
"""What the extra `train` installs."""

STEPS = 1_000
"""Parts of the progress bar."""

Option = Callable[[Callable[..., None]], Callable[..., None]]


def data_option(meaning: str) -> Option:
    """Return the option that names the folder of recordings."""
    return click.option(
        "--data",
        required=True,
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help=meaning,
    )


takes_option = data_option(
    "A folder laid out as the Groove MIDI Dataset is: an info.csv and the MIDI files it names."
)

json_option = click.option(
    "--json",
    "output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the figures here.",
)

steps_option = click.option("--steps", type=click.IntRange(1), help="Steps, instead of the usual.")


def out_option(default: str, meaning: str) -> Option:
    """Return the option that names the folder that a run writes into."""
    return click.option(
        "--out",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path(default),
        show_default=True,
        help=meaning,
    )


def seed_option(meaning: str) -> Option:
    """Return the option that picks one run of all that are possible."""
    return click.option(
        "--seed", type=click.IntRange(0), default=0, show_default=True, help=meaning
    )


def workers_option(default: int, meaning: str) -> Option:
    """Return the option that says how much is done at once."""
    return click.option(
        "--workers", type=click.IntRange(1, 64), default=default, show_default=True, help=meaning
    )


def write_figures(report: object, output: Path | None, *, overwrite: bool) -> None:
    """Write a report as indented JSON that ends with a newline; what is unknown is null."""
    if output is not None:
        text = msgspec.json.format(msgspec.json.encode(report)) + b"\n"
        write_whole(output, text, overwrite=overwrite)


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
