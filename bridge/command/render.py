"""Render MIDI as sound, through the user's own instruments."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

import click
import msgspec
from click.core import ParameterSource

from bridge.command.door import overwrite_option, seed_option, server_option
from bridge.command.render_folder import render_folder
from bridge.command.render_progress import told
from bridge.command.render_takes import PRESET, TakesWish, choose_take, render_takes
from bridge.command.sound_options import chosen, player_options, sound_options
from bridge.error import BridgeError
from bridge.sound.audio_form import FORMS, Choice
from bridge.sound.host import Host
from bridge.sound.render import Order
from bridge.sound.render_file import Report, Wish, render_file


@click.command("render")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path, exists=True))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="Sound file to write, or a folder if IN is one, or a page for --takes.",
)
@player_options
@click.option("--stems", is_flag=True, help="Write each track too: OUT - NAME.wav beside OUT.wav.")
@sound_options
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMS)),
    help="Format where --output is a folder.  [default: wav]",
)
@click.option(
    "--bits",
    type=click.Choice(("16", "24", "32")),
    help="Bits of a sample in wav and flac; 32 are floating point.  [default: 24]",
)
@click.option(
    "--takes", type=click.IntRange(1, 64), help="Perform IN so often, to a page to choose from."
)
@click.option("--preset", help=f"What performs --takes.  [default: {PRESET}]")
@click.option(
    "--tracks",
    help="Which tracks --takes perform, by number, name or role: 1,bass.  [default: all that fit]",
)
@seed_option
@click.option(
    "--choose",
    type=click.IntRange(1),
    metavar="K",
    help="Write take K as MIDI, instead of the page; with the seed that the page shows.",
)
@click.option(
    "--keep", type=click.Path(path_type=Path), metavar="FOLDER", help="Write all takes as MIDI too."
)
@overwrite_option
@server_option
def command(source: Path, output: Path, takes: int | None, **asked: Any) -> None:
    """Render IN, a MIDI file or a folder of them, as sound: wav, flac, ogg or mp3.

    Each track is played by its instrument in your instruments.toml, or by --plugin or --soundfont;
    without any of them by a General MIDI soundfont of the system. In a folder, files whose output
    is there already are left out, so that a stopped run goes on where it was.
    """
    performed = {name: asked.pop(name) for name in PERFORMED}
    if takes is not None:
        _perform(TakesWish(source=source, output=output, count=takes, **performed), asked)
        return
    _refuse(PERFORMED, "given without --takes, allowed are both together")
    if source.is_dir():
        failed = render_folder(source, output, _wish(asked, asked["form"] or "wav"))
        if failed:
            raise BridgeError(f"{failed} of the files could not be rendered; see above")
        return
    _render_one(source, output, asked)


PERFORMED = ("preset", "tracks", "seed", "choose", "keep", "server")
"""The options that only --takes has."""

SILENT = {"overwrite"}
"""The options without a part in sound that are not among `PERFORMED`."""


def _perform(wish: TakesWish, asked: dict[str, Any]) -> None:
    _refuse(("stems", "form"), "given with --takes, allowed is one of them")
    wish = msgspec.structs.replace(wish, overwrite=asked["overwrite"])
    if wish.choose is None:
        render_takes(wish, _wish(asked, "mp3"))
        return
    _refuse(
        {"keep", *asked} - SILENT,
        "given with --choose, which writes MIDI; allowed is one of them",
    )
    choose_take(wish)


def _refuse(names: Collection[str], why: str) -> None:
    """Refuse options that are given."""
    context = click.get_current_context()
    for option in context.command.params:
        source = context.get_parameter_source(option.name or "")
        if option.name in names and source is ParameterSource.COMMANDLINE:
            raise BridgeError(f"{option.opts[-1]} is {why}")


def _render_one(source: Path, output: Path, asked: dict[str, Any]) -> None:
    if output.is_dir():
        output = output / f"{source.stem}.{asked['form'] or 'wav'}"
    form = output.suffix.lower().removeprefix(".")
    if form not in FORMS or asked["form"] not in {None, form}:
        names = [f".{name}" for name in ([asked["form"]] if asked["form"] else FORMS)]
        raise BridgeError(f"output is {output}, allowed are names with {', '.join(names)}")
    if not output.parent.is_dir():
        raise BridgeError(f"output is {output}, and there is no folder {output.parent}")
    wish = _wish(asked, form)
    with Host() as host, told("rendering") as (tell, over):
        report = render_file(host, source, output, wish, tell=tell, cancelled=over)
    for warning in report.warnings:
        click.echo(f"{source.name}: {warning}", err=True)
    for sentence in report.players:
        click.echo(sentence)
    click.echo(f"wrote {output}: {summary(report)}")


def summary(report: Report) -> str:
    """Say how long, how fast and how loud."""
    stems = f", and {report.stems} stems beside it" if report.stems else ""
    return (
        f"{report.seconds:.1f} s of sound in {report.took_s:.2f} s"
        f" ({report.seconds / report.took_s:.0f} times real time), {report.level.told}{stems}"
    )


def _wish(asked: dict[str, Any], form: str) -> Wish:
    """Return what is asked for; what cannot be is refused before anything is made."""
    bits = None if asked["bits"] is None else int(asked["bits"])
    choice = Choice(form, bits)
    choice.check(asked["sample_rate"])
    names = ("plugin", "params", "preset_file", "soundfont", "book")
    instruments = chosen(**{name: asked[name] for name in names})
    fields = ("sample_rate", "tail_s", "loudness", "stems")
    order = Order(**{name: asked[name] for name in fields})
    return Wish(instruments, order, choice, asked["overwrite"])
