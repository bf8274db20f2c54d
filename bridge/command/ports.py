"""List the MIDI ports."""

import json
from typing import Any

import click

from bridge.ports.port import PortError
from bridge.ports.systems import available


@click.command("ports")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def command(as_json: bool) -> None:
    """List the MIDI ports that yuragi can hear and play to.

    Wherever a port is asked for, its number, its name, a part of it or nearly its name will do.
    """
    found: dict[str, Any] = {}
    reasons: dict[str, str] = {}
    for name, system in available():
        if isinstance(system, PortError):
            reasons[name] = str(system)
        else:
            found[name] = {"inputs": system.inputs(), "outputs": system.outputs()}
    if as_json:
        click.echo(json.dumps({"systems": found, "reasons": reasons}, indent=2))
        return
    for name, ports in found.items():
        click.echo(name)
        _list("hear, with --in", ports["inputs"])
        _list("play to, with --out", ports["outputs"])
    if not found:
        why = "; ".join(f"{name}: {reason}" for name, reason in reasons.items())
        raise PortError(f"no MIDI system can be used. {why}")


def _list(what: str, names: list[str]) -> None:
    click.echo(f"  {what}:")
    for number, name in enumerate(names, 1):
        click.echo(f"    {number}  {name}")
    if not names:
        click.echo("    none")
