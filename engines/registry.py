"""Find the engines: every one, ours too, is announced in the entry-point group `yuragi.engines`."""

import logging
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from engines.engine import Engine, reads
from engines.error import EngineError, OptionError
from engines.option import schema

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

log = logging.getLogger(__name__)

GROUP = "yuragi.engines"
"""The entry-point group. A package adds `name = "module:EngineClass"` to it."""


def engines() -> dict[str, Engine]:
    """Return every installed engine that loads, by name, sorted."""
    return _scan()[0]


def broken() -> dict[str, str]:
    """Return why each announced engine that does not load cannot, by name."""
    return _scan()[1]


def find(name: str) -> Engine:
    """Return the engine of that name.

    Raises:
        OptionError: there is none, or it does not load.
    """
    found = engines().get(name)
    if found is not None:
        return found
    if name in broken():
        raise OptionError("engine", f"is {name}, which does not load: {broken()[name]}")
    raise OptionError("engine", f"is {name!r}, allowed are {', '.join(engines())}")


def catalogue() -> list[dict[str, Any]]:
    """Describe every engine with its name, kind, summary, options' schema and what it reads."""
    return [
        {
            "name": engine.name,
            "kind": engine.kind,
            "summary": engine.summary,
            "options": schema(engine),
            "reads": reads(engine),
        }
        for engine in engines().values()
    ]


@cache
def _scan() -> tuple[dict[str, Engine], dict[str, str]]:
    """Load all entry points; one that fails must not take the others along."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - a client never gets here

    found: dict[str, Engine] = {}
    failed: dict[str, str] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        try:
            found[point.name] = load(point, found)
        except Exception as error:  # whatever a third party's import raises
            log.warning("engine %s is left out: %s", point.name, error)
            failed[point.name] = str(error)
    return found, failed


def load(point: "EntryPoint", found: Mapping[str, Engine]) -> Engine:
    """Return the engine that a package announces.

    Raises:
        EngineError: its name is one of those found, or it is not what an engine must be.
    """
    if point.name in found:
        raise EngineError(f"another package has an engine of this name, {point.value}")
    engine = point.load()()
    if not isinstance(engine, Engine):
        raise EngineError(f"{point.value} lacks a part of engines.Engine")
    if engine.name != point.name:
        raise EngineError(f"{point.value} calls itself {engine.name}, allowed is {point.name}")
    if engine.kind == "humanizer" and "amount" not in engine.Options.__struct_fields__:
        raise EngineError(f"{point.value} has no option amount, which every humanizer needs")
    return engine
