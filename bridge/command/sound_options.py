"""Say once who plays, and how that sounds."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from bridge.error import BridgeError
from bridge.sound.catalogue import PluginShelf
from bridge.sound.instruments import Instruments, read_instruments
from bridge.sound_protocol import Instrument, Plugin

F = TypeVar("F", bound=Callable[..., Any])

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)

param_option = click.option(
    "--param",
    "params",
    multiple=True,
    metavar="NAME=VALUE",
    help="Parameter of the plug-in in its own unit; there may be several.",
)
preset_file_option = click.option(
    "--preset-file", type=FILE, help="Preset of the plug-in, a .vstpreset file."
)

PLAYERS = (
    click.option("--plugin", help="Instrument for all tracks, by name or path.  See plugins."),
    param_option,
    preset_file_option,
    click.option("--soundfont", help="Soundfont for all tracks, by name or path."),
    click.option(
        "--instruments",
        "book",
        type=FILE,
        help="File that says what plays which track.  [default: your own instruments.toml]",
    ),
)

SOUNDS = (
    click.option(
        "--sample-rate",
        type=click.IntRange(8_000, 192_000),
        default=48_000,
        show_default=True,
        help="Frames a second.",
    ),
    click.option(
        "--tail",
        "tail_s",
        type=click.FloatRange(0, 600),
        metavar="S",
        help="Seconds after the last note.  [default: until it is silent]",
    ),
    click.option(
        "--loudness",
        type=click.FloatRange(-70, 0),
        metavar="LUFS",
        help="How loud it is to be, such as -16, with peaks at -1 dBFS.  [default: as it comes]",
    ),
)


def player_options(command: F) -> F:
    """Give a command `plugin`, `params`, `preset_file`, `soundfont` and `book`: see `chosen`."""
    for option in reversed(PLAYERS):
        command = option(command)
    return command


def sound_options(command: F) -> F:
    """Give a command `sample_rate`, `tail_s` and `loudness`, which are fields of an `Order`."""
    for option in reversed(SOUNDS):
        command = option(command)
    return command


def chosen(
    *,
    plugin: str | None,
    params: Sequence[str],
    preset_file: Path | None,
    soundfont: str | None,
    book: Path | None,
) -> Instruments:
    """Return the user's instruments, or with the one that is named in the stead of all.

    Raises:
        BridgeError: options do not go together, or an instrument is not there.
    """
    if soundfont == "":
        raise BridgeError("--soundfont is empty, allowed are names and paths of soundfonts")
    own = read_instruments(book, find=PluginShelf().find)
    if plugin is None:
        for name, given in (("--param", params), ("--preset-file", preset_file)):
            if given:
                raise BridgeError(f"{name} is given without --plugin, allowed are both together")
        return own if soundfont is None else own.only(Instrument(soundfont=soundfont))
    if soundfont is not None:
        raise BridgeError("--plugin and --soundfont are both given, allowed is one of them")
    preset = "" if preset_file is None else str(preset_file.absolute())
    return own.only(Instrument(Plugin(plugin, preset=preset, parameters=parameters(params))))


def parameters(params: Sequence[str]) -> dict[str, bool | float | str]:
    """Return parameters by name, each as a number, as true or false, or as a word.

    Raises:
        BridgeError: one is not NAME=VALUE.
    """
    values: dict[str, bool | float | str] = {}
    for param in params:
        name, equals, value = param.partition("=")
        if not equals or not name.strip():
            raise BridgeError(f"--param is {param!r}, allowed are NAME=VALUE")
        values[name.strip()] = _value(value.strip())
    return values


def _value(text: str) -> bool | float | str:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    try:
        return float(text)
    except ValueError:
        return text
