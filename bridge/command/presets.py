"""List the presets."""

import click
import msgspec

from bridge.shelf import Shelf


@click.command("presets")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the presets as JSON.")
def command(name: str | None, as_json: bool) -> None:
    """List the presets, or tell the stages of preset NAME.

    Your own presets win over those of the same name that come with yuragi.
    """
    shelf = Shelf()
    chosen = [shelf.find(name)] if name else list(shelf.presets.values())
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(chosen)).decode())
        return
    width = max(len(preset.name) for preset in chosen) + 2
    for preset in chosen:
        own = "  (yours)" if shelf.is_own(preset.name) else ""
        click.echo(f"{preset.name:<{width}}{preset.summary}{own}")
    if name:
        for stage in chosen[0].stages:
            options = ", ".join(f"{key} {value}" for key, value in stage.options.items())
            click.echo(f"  {stage.engine}: {options or 'its defaults'}")
    else:
        click.echo(f"\nYour own go into {shelf.folder}")
