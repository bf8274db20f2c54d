"""Write a player's calibration as TOML, and read it."""

import tomllib
from typing import Any

from msgspec import ValidationError, convert

from engines.error import EngineError
from engines.live.calibration import LEVELS
from engines.live.velocity import VelocityOptions

HEAD = "# How hard you play your keyboard, as yuragi heard it.\n"
"""The first line of such a text."""

MOST_CHARACTERS = 4096
"""No calibration is longer."""


def write_calibration(played: tuple[float, ...]) -> str:
    """Return the text for what `live.velocity` has learned."""
    shares = ", ".join(f"{level:g}" for level in LEVELS)
    values = ", ".join(f"{value:g}" for value in played)
    rows = f"# Below each velocity lies this share of your notes: {shares}"
    return f"{HEAD}{rows}\nplayed = [{values}]\n"


def read_calibration(text: str) -> tuple[float, ...]:
    """Return what a text holds, for the option `calibration` of `live.velocity`.

    Raises:
        EngineError: the text is too long, no TOML, or holds no calibration.
    """
    try:
        found = convert({"calibration": _played(text)}, VelocityOptions)
    except (tomllib.TOMLDecodeError, ValidationError, EngineError) as error:
        raise EngineError(f"the calibration cannot be used: {error}") from error
    return found.calibration


def _played(text: str) -> Any:
    """Return the only thing that a text holds."""
    if len(text) > MOST_CHARACTERS:
        raise EngineError(f"it has {len(text)} characters, allowed are up to {MOST_CHARACTERS}")
    table = tomllib.loads(text)
    if table.keys() != {"played"} or not table["played"]:
        names = ", ".join(table) or "nothing"
        raise EngineError(f"it holds {names}, allowed is played = [...] alone")
    return table["played"]
