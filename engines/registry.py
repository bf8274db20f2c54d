"""Find the engines: every one, ours too, is announced in the entry-point group `yuragi.engines`."""

from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from engines.engine import Engine
from engines.error import EngineError
from engines.option import schema

GROUP = "yuragi.engines"
"""The entry-point group. A package adds `name = "module:EngineClass"` to it."""


@cache
def engines() -> dict[str, Engine]:
    """Return every installed engine by name, sorted.

    Raises:
        EngineError: an entry point cannot be loaded, is no engine, or two have one name.
    """
    found: dict[str, Engine] = {}
    for point in entry_points(group=GROUP):
        engine = _load(point)
        if engine.name in found:
            raise EngineError(
                f"two engines are called {engine.name}; uninstall one of their packages"
            )
        found[engine.name] = engine
    return dict(sorted(found.items()))


def find(name: str) -> Engine:
    """Return the engine of that name.

    Raises:
        EngineError: there is none.
    """
    known = engines()
    if name not in known:
        raise EngineError(f"engine is {name!r}, allowed are {', '.join(known)}")
    return known[name]


def catalogue() -> list[dict[str, Any]]:
    """Describe every engine with its name, kind, summary and options' schema."""
    return [
        {"name": e.name, "kind": e.kind, "summary": e.summary, "options": schema(e)}
        for e in engines().values()
    ]


def _load(point: EntryPoint) -> Engine:
    try:
        engine = point.load()()
    except Exception as error:
        raise EngineError(
            f"engine {point.name} from {point.value} does not load: {error}"
        ) from error
    if not isinstance(engine, Engine):
        raise EngineError(f"engine {point.name} from {point.value} lacks a part of engines.Engine")
    return engine
