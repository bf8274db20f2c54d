"""List the engines."""

import json

import click

from engines.option import allowed, schema
from engines.registry import broken, catalogue, engines, find


@click.command("engines")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the catalogue as JSON.")
def command(name: str | None, as_json: bool) -> None:
    """List the engines, or tell the options of engine NAME."""
    if as_json:
        click.echo(json.dumps(catalogue(), indent=2))
    elif name:
        _tell(name)
    else:
        _list()


def _list() -> None:
    width = max(map(len, (*engines(), *broken()))) + 2
    for engine in engines().values():
        click.echo(f"{engine.name:<{width}}{engine.kind:<11}{engine.summary}")
    for missing, why in broken().items():
        click.echo(f"{missing:<{width}}left out: {why}", err=True)


def _tell(name: str) -> None:
    engine = find(name)
    click.echo(f"{engine.name}, a {engine.kind}: {engine.summary}\n")
    for option, rule in schema(engine)["properties"].items():
        default = rule.get("default")
        shown = ", ".join(map(str, default)) if isinstance(default, list) else default
        click.echo(f"  {option}: {allowed(rule)}; default {shown}")
        click.echo(f"      {rule.get('description', '')}")
