"""Read presets for playing live."""

import tomllib
from typing import Annotated

import msgspec
from msgspec import Meta

from engines.error import EngineError
from engines.live.chain import checked
from engines.preset import parse_stages
from engines.stage import Stage

FOLDER = "live"
"""The folder among those of presets that holds these, and the first part of their names."""


class LivePreset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Be an ordered chain of live stages, or none, with a sentence for musicians."""

    name: str
    summary: str
    stages: Annotated[tuple[Stage, ...], Meta(max_length=32)] = ()


def parse_live_preset(name: str, text: str) -> LivePreset:
    """Read a preset from TOML: `summary` and a list of `[[stage]]` tables, which may be missing.

    A stage's table holds `engine` and that engine's options.

    Raises:
        EngineError: the text is no TOML, or lacks or misspells a part.
    """
    try:
        table = tomllib.loads(text)
        stages = parse_stages(table.pop("stage", []))
        preset = msgspec.convert({**table, "name": name, "stages": stages}, LivePreset)
        checked(preset.stages)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, EngineError) as error:
        raise EngineError(f"preset {name} cannot be used: {error}") from error
    return preset
