"""Draw a MIDI file, or what changed between two, and let them be heard."""

from pathlib import Path
from typing import Any

import click

from bridge.command.door import overwrite_option
from bridge.command.show_sound import ASKED, listening
from bridge.command.sound_options import player_options
from bridge.error import BridgeError
from bridge.midi_file import read_song
from bridge.midi_song import Song
from bridge.picture import describe, draw, page, png, sentence
from bridge.write_whole import refuse_existing, write_whole

WIDTH = 1600
"""Width of a PNG in pixels."""

FORMS = (".html", ".png", ".svg")

FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.command("show")
@click.argument("before", type=FILE)
@click.argument("after", required=False, type=FILE)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="page.html or .png or .svg",
)
@click.option("--start", type=click.FloatRange(0), help="First beat to show.")
@click.option("--end", type=click.FloatRange(0), help="Beat to show up to.")
@click.option("--audio", is_flag=True, help="Put the sound into the page: listen, and compare.")
@player_options
@click.option(
    "--loudness",
    type=click.FloatRange(-70, 0),
    metavar="LUFS",
    help="How loud --audio is, both alike, with peaks at -1 dBFS.  [default: -16, or less where"
    " peaks would be limited]",
)
@overwrite_option
def command(
    before: Path,
    after: Path | None,
    output: Path,
    start: float | None,
    end: float | None,
    audio: bool,
    overwrite: bool,
    **sound: Any,
) -> None:
    """Draw BEFORE, or what changed to AFTER: notes, velocities, timing, pedal, tempo.

    With --audio both can be heard in the page: the head keeps its beat when you switch.
    """
    form = output.suffix.lower()
    _check(form, audio, sound)
    if audio:
        refuse_existing(output, overwrite=overwrite)
    songs = [read_song(path) for path in (before, after) if path is not None]
    title = before.stem if after is None else f"{before.stem} → {after.stem}"
    drawing: dict[str, Any] = {"title": title, "start": start, "end": end}
    if audio:
        drawing["sound"] = listening(songs, [path for path in (before, after) if path], sound)
    write_whole(output, _content(form, songs, drawing), overwrite=overwrite)
    if after is not None:
        click.echo(sentence(describe(*(song.clips for song in songs))))
    click.echo(f"wrote {output}")


def _check(form: str, audio: bool, sound: dict[str, Any]) -> None:
    """Refuse what does not go together before anything is drawn or rendered."""
    if form not in FORMS:
        raise BridgeError(f"output ends in {form!r}, allowed are .html, .png and .svg")
    if audio and form != ".html":
        raise BridgeError(f"output ends in {form!r}, allowed with --audio is .html")
    asked = [ASKED[key] for key, given in sound.items() if given is not None and given != ()]
    for name in [] if audio else asked:
        raise BridgeError(f"{name} is given without --audio, allowed are both together")


def _content(form: str, songs: list[Song], drawing: dict[str, Any]) -> bytes:
    clips = songs[0].clips, songs[1].clips if len(songs) > 1 else None
    if form == ".html":
        return page(*clips, **drawing).encode()
    picture = draw(*clips, **drawing)
    return png(picture, WIDTH) if form == ".png" else picture.encode()
