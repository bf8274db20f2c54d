"""List the engines."""

import json
from collections.abc import Iterable

import click

from engines.engine import Engine
from engines.live.engine import LiveEngine
from engines.option import allowed, schema
from engines.registry import (
    broken,
    catalogue,
    engines,
    find,
    find_live,
    live_catalogue,
    live_engines,
)


@click.command("engines")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the catalogue as JSON.")
def command(name: str | None, as_json: bool) -> None:
    """List the engines, or tell the options of engine NAME.

    Those whose names begin with live. are for yuragi live, all others for clips.
    """
    if as_json:
        click.echo(json.dumps([*catalogue(), *live_catalogue()], indent=2))
    elif name:
        _tell(find_live(name) if name.startswith("live.") else find(name))
    else:
        _list()


def _list() -> None:
    width = max(map(len, (*engines(), *live_engines(), *broken()))) + 2
    _print_lines(engines().values(), width)
    click.echo("\nFor yuragi live:\n")
    _print_lines(live_engines().values(), width)
    for missing, why in broken().items():
        click.echo(f"{missing:<{width}}left out: {why}", err=True)


def _print_lines(listed: Iterable[Engine | LiveEngine], width: int) -> None:
    for engine in listed:
        click.echo(f"{engine.name:<{width}}{engine.kind:<11}{engine.summary}")


def _tell(engine: Engine | LiveEngine) -> None:
    kind = "live engine" if engine.kind == "live" else engine.kind
    click.echo(f"{engine.name}, a {kind}: {engine.summary}\n")
    for option, rule in schema(engine)["properties"].items():
        default = rule.get("default")
        many = isinstance(default, list | tuple)
        shown = (", ".join(map(str, default)) or "none") if many else default
        click.echo(f"  {option}: {allowed(rule)}; default {shown}")
        click.echo(f"      {rule.get('description', '')}")
