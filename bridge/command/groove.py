"""Take the groove of a take, and give it to other music."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from bridge.command.door import (
    check_midi_name,
    open_client,
    overwrite_option,
    seed_option,
    server_option,
)
from bridge.error import BridgeError
from bridge.groove_file import Choice, apply_file, profile_of, read_take
from bridge.groove_shelf import GrooveShelf
from bridge.midi_file import new_song, write_song
from bridge.music_text import parse_pads
from bridge.picture import png
from bridge.picture.groove import draw_groove, groove_page
from bridge.write_whole import refuse_existing, write_whole
from engines.clip import ROLES
from engines.error import EngineError
from engines.option import schema
from engines.profile.bar import one_bar
from engines.profile.blend import blend
from engines.profile.extract import extract
from engines.profile.page import GRIDS, PARTS_OF_BEAT
from engines.profile.player import Player, ProfileOptions
from engines.profile.profile import Profile
from engines.profile.text import to_text
from engines.registry import find

WIDTH = 1600
"""Width of a PNG in pixels."""

FEW = 16
"""A profile of fewer notes is worth a warning."""

PROFILE = "PROFILE is a name that yuragi groove list tells, or a file that ends in .toml."

clip_argument = click.argument(
    "clip", metavar="CLIP.mid", type=click.Path(path_type=Path, exists=True, dir_okay=False)
)


def output_option(what: str) -> Callable[..., Any]:
    """Return the option that says where a command writes."""
    return click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help=what)


role_option = click.option(
    "--role", type=click.Choice(ROLES), default="auto", help="What the tracks are."
)
pads_option = click.option(
    "--pads",
    default="",
    help="What notes of drum tracks play where names and General MIDI tell it wrong:"
    " 60=kick,61=open hat.",
)


def dial_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each dial and choice of the engine that plays profiles."""
    for name, rule in reversed(schema(find(Player.name))["properties"].items()):
        if name == "profile":
            continue
        flag = name.replace("_", "-")
        names = [f"--{flag}/--no-{flag}"] if rule.get("type") == "boolean" else [f"--{flag}"]
        command = click.option(
            *names,
            type=_kind(rule),
            default=rule["default"],
            show_default=True,
            help=rule["description"],
        )(command)
    return command


def _kind(rule: dict[str, Any]) -> click.ParamType | None:
    if "enum" in rule:
        return click.Choice(rule["enum"])
    return click.FloatRange(rule["minimum"], rule["maximum"]) if "minimum" in rule else None


@click.group("groove")
def command() -> None:
    """Take the groove of a take, and give it to other music.

    A groove profile is a small file that can be read and changed: how late and how loud a player
    plays, by voice, place in the bar and dynamic tier, with swing, drift and spread.
    """


@command.command("extract")
@clip_argument
@output_option("The profile to write, NAME.toml.")
@click.option("--track", "tracks", default="", help="Which, by number, name or role; drums if any.")
@role_option
@pads_option
@click.option("--start", type=click.FloatRange(0), default=0.0, help="First beat to listen to.")
@click.option("--end", type=click.FloatRange(0), help="Beat to listen up to.")
@click.option(
    "--grid",
    type=click.Choice(GRIDS),
    default="auto",
    show_default=True,
    help="What is written: auto finds triplets and finer notes; swung writes swung eighths as"
    " eighths, so that their swing can be changed.",
)
@click.option("--summary", default="", help="A sentence about it.")
@overwrite_option
def extract_command(
    clip: Path, output: Path, grid: Any, summary: str, overwrite: bool, pads: str, **rest: Any
) -> None:
    """Write the groove of CLIP.mid, played to its click, as a profile."""
    _check_toml(output)
    refuse_existing(output, overwrite=overwrite)
    take = read_take(clip, Choice(pads=parse_pads(pads), **rest))
    profile = extract(take, grid=grid, summary=summary[:200], source=f"extracted from {clip.name}")
    write_whole(output, to_text(profile).encode(), overwrite=overwrite)
    unread = len(take.notes) - round(profile.notes)
    if unread:
        click.echo(f"{unread} notes play no voice of the kit, are muted or rare: left out")
    if profile.notes < FEW:
        click.echo(f"{profile.notes:.0f} notes are few: most of it is a guess")
    click.echo(f"wrote {output}: {_told(profile)}")


@command.command("apply", epilog=PROFILE)
@click.argument("profile")
@clip_argument
@output_option("MIDI file to write.")
@dial_options
@click.option(
    "--swing-ratio",
    type=click.FloatRange(50, 75),
    help="Swing so many percent instead of the profile's own ratio.",
)
@seed_option
@click.option("--tracks", default="", help="Which tracks: 1,3-5,drums.  [default: all that fit]")
@role_option
@pads_option
@overwrite_option
@server_option
def apply_command(profile: str, clip: Path, output: Path, **rest: Any) -> None:
    """Give the tracks of CLIP.mid the groove of PROFILE."""
    check_midi_name(output)
    groove = profile_of(profile, GrooveShelf())
    ratio = rest["swing_ratio"]
    options = {name: rest[name] for name in ProfileOptions.__struct_fields__ if name in rest}
    choice = Choice(rest["tracks"], rest["role"], parse_pads(rest["pads"]))
    with open_client(rest["server"]) as client:
        report = apply_file(
            client,
            clip,
            output,
            groove if ratio is None else groove.replace(swing=ratio),
            choice=choice,
            options=options,
            seed=rest["seed"],
            overwrite=rest["overwrite"],
        )
    for line in [*report.warnings, *report.lines]:
        click.echo(line)
    click.echo(f"wrote {output} in {report.total_ms:.0f} ms (seed {report.seed})")


@command.command("blend", epilog=PROFILE)
@click.argument("first", metavar="PROFILE")
@click.argument("second", metavar="PROFILE")
@click.option(
    "--mix",
    type=click.FloatRange(0, 1),
    default=0.5,
    show_default=True,
    help="0 is the first profile, 1 the second.",
)
@output_option("The profile to write, NAME.toml.")
@overwrite_option
def blend_command(first: str, second: str, mix: float, output: Path, overwrite: bool) -> None:
    """Write a groove on the way from one PROFILE to another."""
    _check_toml(output)
    shelf = GrooveShelf()
    blended = blend(profile_of(first, shelf), profile_of(second, shelf), mix)
    write_whole(output, to_text(blended).encode(), overwrite=overwrite)
    click.echo(f"wrote {output}: {_told(blended)}")


@command.command("show", epilog=PROFILE)
@click.argument("profile")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="page.html or .png or .svg")
@overwrite_option
def show_command(profile: str, output: Path | None, overwrite: bool) -> None:
    """Tell what PROFILE is like, and draw it."""
    groove = profile_of(profile, GrooveShelf())
    for line in (groove.summary, _told(groove), groove.source):
        click.echo(line, nl=bool(line))
    if output is None:
        return
    title = Path(profile).stem
    match output.suffix.lower():
        case ".html":
            content = groove_page(groove, title=title).encode()
        case ".svg":
            content = draw_groove(groove, title=title).encode()
        case ".png":
            content = png(draw_groove(groove, title=title), WIDTH)
        case other:
            raise BridgeError(f"output ends in {other!r}, allowed are .html, .png and .svg")
    write_whole(output, content, overwrite=overwrite)
    click.echo(f"wrote {output}")


@command.command("export", epilog=PROFILE)
@click.argument("profile")
@output_option("MIDI file to write.")
@click.option("--voice", default="", help="Whose timing and accents.  [default: all voices alike]")
@click.option(
    "--base",
    type=click.Choice(tuple(PARTS_OF_BEAT)),
    default="16th",
    show_default=True,
    help="Its grid, which Live's groove pool has to have as the groove's Base.",
)
@click.option("--bpm", type=click.FloatRange(20, 400), help="The tempo.  [default: as played]")
@overwrite_option
def export_command(
    profile: str, output: Path, voice: str, base: str, bpm: float | None, overwrite: bool
) -> None:
    """Write PROFILE as a bar of notes that Live's groove pool takes as a groove.

    Live knows one offset and one velocity a line of the grid: voices, tiers, drift and spread are
    lost. Drag the file onto a track and choose Extract Groove.
    """
    check_midi_name(output)
    bar = one_bar(profile_of(profile, GrooveShelf()), voice=voice, base=base, bpm=bpm or 0.0)
    write_song(new_song((bar.replace(channel=0),)), output, overwrite=overwrite)
    click.echo(f"wrote {output}: {len(bar.notes)} notes")


@command.command("list")
def list_command() -> None:
    """List the profiles that ship and your own."""
    shelf = GrooveShelf()
    width = max(map(len, shelf.names)) + 2
    for name in shelf.names:
        own = "  (yours)" if name in shelf.own else ""
        click.echo(f"{name:<{width}}{_listed(shelf, name)}{own}")
    click.echo(f"\nYour own go into {shelf.folder}")


def _listed(shelf: GrooveShelf, name: str) -> str:
    """Return a line about a profile, also about one of the user's that cannot be used."""
    try:
        groove = shelf.find(name)
    except (BridgeError, EngineError) as error:
        return str(error)
    return f"{groove.metre}  {groove.bpm:>3.0f} bpm  {groove.summary}"


def _check_toml(path: Path) -> None:
    if path.suffix.lower() != ".toml":
        raise BridgeError(f"output is {path}, allowed are names that end in .toml")


def _told(groove: Profile) -> str:
    """Say what a profile is like in numbers."""
    voices = ", ".join(voice.name for voice in groove.voices)
    return (
        f"{groove.notes:.0f} notes over {groove.bars} bar{'s' * (groove.bars > 1)} of"
        f" {groove.metre}, push {groove.push_ms:+.1f} ms, swing {groove.swing:g} % of"
        f" {groove.swing_grid}s, drift {groove.drift.size_ms:g} ms; {voices}"
    )
