"""Write profiles as TOML that people can read and change, and read them again.

Source: TOML v1.0.0.
"""

import json
import tomllib
from typing import Any

from engines.profile.profile import (
    FORMAT,
    MOST_BYTES,
    Cell,
    Drift,
    Profile,
    ProfileError,
    to_profile,
)

COLUMNS = "bar, beat, tier, notes, offset ms, its spread, velocity, its spread"
"""What stands in a row, said above the rows."""

HEAD = (
    "summary",
    "source",
    "part",
    "metre",
    "bars",
    "bpm",
    "push_ms",
    "swing",
    "swing_grid",
)
DRIFT = ("size_ms", "memory_beats", "step_beats")
"""The fields before the tables, and those of the drift before its clock."""

A_LINE = 16
"""Knots of the clock in a line: four bars of four."""


def to_text(profile: Profile) -> str:
    """Return a profile as TOML; `parse` gives the same profile back."""
    lines = [f"format = {FORMAT}", *_fields(profile, HEAD), "", "[drift]"]
    lines += [*_fields(profile.drift, DRIFT), "clock = [", *_rows(profile.drift.clock), "]"]
    for voice in profile.voices:
        lines += ["", "[[voices]]", f"name = {_value(voice.name)}", f"# {COLUMNS}", "cells = ["]
        lines += [
            f"  [{', '.join(_value(value) for value in _row(cell))}]," for cell in voice.cells
        ]
        lines += ["]"]
    return "\n".join(lines) + "\n"


def _fields(holder: Profile | Drift, names: tuple[str, ...]) -> list[str]:
    return [f"{name} = {_value(getattr(holder, name))}" for name in names]


def parse(name: str, text: str) -> Profile:
    """Return the profile in a text.

    Raises:
        ProfileError: the text is too long, no TOML, or no profile.
    """
    try:
        return to_profile(_table(text))
    except ProfileError as error:
        raise ProfileError(f"groove profile {name} cannot be used: {error}") from None


def _table(text: str) -> dict[str, Any]:
    size = len(text.encode())
    if size > MOST_BYTES:
        raise ProfileError(f"it has {size} bytes, allowed are {MOST_BYTES}")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"it is no TOML: {error}") from None
    if table.get("format") != FORMAT:
        raise ProfileError(f"format is {table.get('format')!r}, allowed is {FORMAT}")
    return table


def _row(cell: Cell) -> tuple[Any, ...]:
    return tuple(getattr(cell, name) for name in cell.__struct_fields__)


def _rows(clock: tuple[float, ...]) -> list[str]:
    lines = [clock[start : start + A_LINE] for start in range(0, len(clock), A_LINE)]
    return [f"  {', '.join(map(_value, line))}," for line in lines]


def _value(value: str | float) -> str:
    """Return a value as TOML; whole numbers have no fraction."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    value = value + 0.0  # -0.0 becomes 0
    return f"{value:g}" if float(f"{value:g}") == value else repr(value)
