"""Find the engines: every one, ours too, is announced in the entry-point group `yuragi.engines`."""

import logging
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from engines.engine import Engine, reads
from engines.error import EngineError, OptionError
from engines.live.engine import LiveEngine
from engines.option import schema

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

log = logging.getLogger(__name__)

E = TypeVar("E", bound=Engine | LiveEngine)

GROUP = "yuragi.engines"
"""The entry-point group. A package adds `name = "module:EngineClass"` to it."""


def engines() -> dict[str, Engine]:
    """Return every installed engine of clips that loads, by name, sorted."""
    return _scan()[0]


def live_engines() -> dict[str, LiveEngine]:
    """Return every installed live engine that loads, by name, sorted."""
    return _scan()[1]


def broken() -> dict[str, str]:
    """Return why each announced engine that does not load cannot, by name."""
    return _scan()[2]


def find(name: str) -> Engine:
    """Return the engine of clips of that name.

    Raises:
        OptionError: there is none, or it does not load.
    """
    return _among(engines(), name)


def find_live(name: str) -> LiveEngine:
    """Return the live engine of that name.

    Raises:
        OptionError: there is none, or it does not load.
    """
    return _among(live_engines(), name)


def catalogue() -> list[dict[str, Any]]:
    """Describe every engine with its name, kind, summary, options' schema and what it reads."""
    return [{**_described(engine), "reads": reads(engine)} for engine in engines().values()]


def live_catalogue() -> list[dict[str, Any]]:
    """Describe every live engine with its name, kind, summary and options' schema."""
    return [_described(engine) for engine in live_engines().values()]


def _described(engine: Engine | LiveEngine) -> dict[str, Any]:
    return {
        "name": engine.name,
        "kind": engine.kind,
        "summary": engine.summary,
        "options": schema(engine),
    }


def _among(found: Mapping[str, E], name: str) -> E:
    if name in found:
        return found[name]
    if name in broken():
        raise OptionError("engine", f"is {name}, which does not load: {broken()[name]}")
    raise OptionError("engine", f"is {name!r}, allowed are {', '.join(found)}")


@cache
def _scan() -> tuple[dict[str, Engine], dict[str, LiveEngine], dict[str, str]]:
    """Load all entry points; one that fails must not take the others along."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - a client never gets here

    found: dict[str, Engine | LiveEngine] = {}
    failed: dict[str, str] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda point: (point.name, point.value)):
        try:
            found[point.name] = load(point, found)
        except Exception as error:  # whatever a third party's import raises
            log.warning("engine %s is left out: %s", point.name, error)
            failed[point.name] = str(error)
    live = {name: one for name, one in found.items() if one.kind == "live"}
    of_clips = {name: cast("Engine", one) for name, one in found.items() if name not in live}
    return of_clips, live, failed


def load(point: "EntryPoint", found: Mapping[str, Engine | LiveEngine]) -> Engine | LiveEngine:
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
