"""List the presets."""

from collections.abc import Iterable

import click
import msgspec

from bridge.live_shelf import LiveShelf
from bridge.shelf import Shelf
from engines.live.preset import FOLDER as LIVE
from engines.live.preset import LivePreset
from engines.preset import Preset


@click.command("presets")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the presets as JSON.")
def command(name: str | None, as_json: bool) -> None:
    """List the presets, or tell the stages of preset NAME.

    Your own presets win over those of the same name that come with yuragi. Those that begin with
    live/ are for yuragi live, all others for clips.
    """
    if name:
        shelf = LiveShelf() if name.startswith(f"{LIVE}/") else Shelf()
        _tell(shelf, shelf.find(name), as_json=as_json)
    else:
        _list(as_json=as_json)


def _tell(shelf: Shelf | LiveShelf, preset: Preset | LivePreset, *, as_json: bool) -> None:
    if as_json:
        _print_json([preset])
        return
    _print_lines(shelf, [preset])
    for stage in preset.stages:
        options = ", ".join(f"{key} {value}" for key, value in stage.options.items())
        click.echo(f"  {stage.engine}: {options or 'its defaults'}")


def _list(*, as_json: bool) -> None:
    shelf, live = Shelf(), LiveShelf()
    if as_json:
        _print_json([*shelf.presets.values(), *live.presets.values()])
        return
    _print_lines(shelf, shelf.presets.values())
    click.echo("\nFor yuragi live:\n")
    _print_lines(live, live.presets.values())
    click.echo(f"\nYour own go into {shelf.folder}")


def _print_lines(shelf: Shelf | LiveShelf, presets: Iterable[Preset | LivePreset]) -> None:
    width = max(len(preset.name) for preset in presets) + 2
    for preset in presets:
        own = "  (yours)" if shelf.is_own(preset.name) else ""
        click.echo(f"{preset.name:<{width}}{preset.summary}{own}")


def _print_json(presets: list[Preset | LivePreset]) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(presets)).decode())
