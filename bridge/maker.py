"""Know what can write new notes: every generator, and every preset with one among its stages."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from bridge.client_session import Wishes
from bridge.shelf import Shelf
from engines.clip import Role
from engines.engine import reads
from engines.option import schema
from engines.preset import Preset
from engines.registry import engines, find
from engines.stage import Stage


class Maker(NamedTuple):
    """Be a generator or a preset that generates.

    Attributes:
        name: of the engine or the preset.
        summary: what it does, in a sentence.
        reads: what a clip should play for it to go by its notes; None if it goes by none.
        options: the JSON Schema of each option.
        is_preset: whether it is a preset.
    """

    name: str
    summary: str
    reads: Role | None
    options: dict[str, Any]
    is_preset: bool

    @property
    def short_name(self) -> str:
        """The name without a preset's folder."""
        return self.name.rpartition("/")[2]

    def wishes(self, options: Mapping[str, Any]) -> Wishes:
        """Return how a server is asked for it, with values for some of its options."""
        if self.is_preset:
            return {"preset": self.name, "options": dict(options)}
        return {"stages": (Stage(self.name, dict(options)),)}


def makers() -> dict[str, Maker]:
    """Return all by name: the engines first, then the presets."""
    engine = {name: _engine(name) for name, one in engines().items() if one.kind == "generator"}
    presets = Shelf().presets.items()
    return {**engine, **{name: _preset(p) for name, p in presets if p.kind == "generator"}}


def _engine(name: str) -> Maker:
    engine = find(name)
    return Maker(name, engine.summary, reads(engine), schema(engine)["properties"], False)


def _preset(preset: Preset) -> Maker:
    """Return a preset with the options of its generators, which begin as the preset has them."""
    options: dict[str, Any] = {}
    read: Role | None = None
    for stage in preset.stages:
        engine = find(stage.engine)
        if engine.kind == "generator":
            read = read or reads(engine)
            for name, rule in schema(engine)["properties"].items():
                default = stage.options.get(name, rule.get("default"))
                options.setdefault(name, {**rule, "default": default})
    return Maker(preset.name, preset.summary, read, options, True)
