"""Draw a MIDI file, or what changed between two."""

from pathlib import Path

import click

from bridge.command.door import overwrite_option
from bridge.error import BridgeError
from bridge.midi_file import read_song
from bridge.picture import describe, draw, page, png, sentence
from bridge.write_whole import write_whole

WIDTH = 1600
"""Width of a PNG in pixels."""


@click.command("show")
@click.argument("before", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.argument(
    "after", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False)
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="page.html or .png or .svg",
)
@click.option("--start", type=click.FloatRange(0), help="First beat to show.")
@click.option("--end", type=click.FloatRange(0), help="Beat to show up to.")
@overwrite_option
def command(
    before: Path,
    after: Path | None,
    output: Path,
    start: float | None,
    end: float | None,
    overwrite: bool,
) -> None:
    """Draw BEFORE, or what changed to AFTER: notes, velocities, timing, pedal, tempo."""
    old = read_song(before).clips
    new = read_song(after).clips if after else None
    title = before.stem if after is None else f"{before.stem} → {after.stem}"
    drawer = page if output.suffix.lower() == ".html" else draw
    picture = drawer(old, new, title=title, start=start, end=end)
    match output.suffix.lower():
        case ".html" | ".svg":
            content = picture.encode()
        case ".png":
            content = png(picture, WIDTH)
        case other:
            raise BridgeError(f"output ends in {other!r}, allowed are .html, .png and .svg")
    write_whole(output, content, overwrite=overwrite)
    if new is not None:
        click.echo(sentence(describe(old, new)))
    click.echo(f"wrote {output}")
