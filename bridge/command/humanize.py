"""Humanize a MIDI file or a folder of them."""

from pathlib import Path
from typing import Any, get_args

import click

from bridge.command.door import (
    check_midi_name,
    open_client,
    overwrite_option,
    seed_option,
    server_option,
)
from bridge.command.folder import humanize_folder
from bridge.error import BridgeError
from bridge.humanize import Recipe, humanize_file
from bridge.music_text import parse_pads
from engines.clip import ROLES
from engines.performance.weights import Weights


@click.command("humanize")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path, exists=True))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="MIDI file to write, or a folder if IN is one.",
)
@click.option("--preset", default="band/natural", show_default=True, help="See yuragi presets.")
@click.option(
    "--amount",
    type=click.FloatRange(0, 2),
    default=1.0,
    show_default=True,
    help="0 leaves the notes as they are, 1 is the preset, 2 is twice as far.",
)
@click.option(
    "--weights",
    type=click.Choice(get_args(Weights)),
    help="What learned players were trained on.  [default: as the preset says]",
)
@seed_option
@click.option(
    "--tracks",
    default="",
    help="Which tracks, by number, name or role: 1,3-5,bass.  [default: all that fit]",
)
@click.option("--role", type=click.Choice(ROLES), default="auto", help="What the tracks are.")
@click.option(
    "--pads",
    default="",
    help="What notes of drum tracks play where names and General MIDI tell it wrong:"
    " 60=kick,61=open hat.",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="Processes for a folder.  [default: one for each core]",
)
@overwrite_option
@server_option
def command(
    source: Path, output: Path, jobs: int | None, server: str | None, pads: str, **asked: Any
) -> None:
    """Give IN, a MIDI file or a folder of them, a human performance.

    In a folder, files whose output is there already are left out, so that a stopped run goes on
    where it was; --overwrite does them all again.
    """
    recipe = Recipe(pads=parse_pads(pads), **asked)
    if source.is_dir():
        failed = humanize_folder(source, output, recipe, jobs=jobs, server=server)
        if failed:
            raise BridgeError(f"{failed} of the files could not be humanized; see above")
        return
    if output.is_dir():
        output = output / source.name
    check_midi_name(output)
    with open_client(server) as client:
        report = humanize_file(client, source, output, recipe)
    for warning in report.warnings:
        click.echo(f"{source.name}: {warning}")
    for line in report.lines:
        click.echo(line)
    click.echo(
        f"wrote {output} in {report.total_ms:.0f} ms "
        f"(engines {report.engine_ms:.1f} ms, seed {report.seed})"
    )
