"""Write new notes with a generator; its options are derived from the engine's schema."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np
from click.core import ParameterSource

from bridge.client import Client
from bridge.client_session import Wishes
from bridge.command.door import (
    check_midi_name,
    open_client,
    overwrite_option,
    seed_option,
    server_option,
)
from bridge.error import BridgeError, RefusedError
from bridge.generation import Choice, read_source, with_take
from bridge.maker import Maker, makers
from bridge.midi_file import Song, new_song, write_song
from bridge.music_text import parse_key, parse_metre, parse_pads
from bridge.protocol import Rendered
from bridge.shelf import Shelf
from bridge.write_whole import refuse_existing
from engines.clip import ROLES, Clip, Notes, Tempo

FIELD = re.compile(r"^(?:stages\[\d+\]\.)?options\.")
"""How a reply begins that refuses an option; its name follows."""


class Generators(click.Group):
    """Make a sub-command of everything that writes new notes."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of generators, and of presets that generate."""
        return list(makers())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return the command of that name, or None."""
        maker = makers().get(cmd_name)
        if maker is None:
            Shelf().check(cmd_name)
        return _command(maker) if maker else None


@click.group("generate", cls=Generators)
def command() -> None:
    """Write new notes with a generator, or a preset that has one."""


def _command(maker: Maker) -> click.Command:
    own = [_option(name, rule) for name, rule in maker.options.items()]
    given = _input_options() if maker.reads else []
    return click.Command(
        maker.name,
        params=[*_music_options(), *given, *own],
        callback=_generate(maker),
        help=maker.summary,
    )


def _music_options() -> list[click.Parameter]:
    """Return the options that every generator's command has."""

    @click.command()
    @click.option(
        "-o", "--output", required=True, type=click.Path(path_type=Path), help="MIDI file to write."
    )
    @click.option("--takes", type=click.IntRange(1, 64), default=1, help="How many to write.")
    @click.option("--bpm", type=click.FloatRange(20, 400), default=120.0, show_default=True)
    @click.option("--metre", default="4/4", show_default=True, help="The metre.")
    @click.option("--key", default="", help='The key, such as "C minor".  [default: drums]')
    @seed_option
    @overwrite_option
    @server_option
    def carrier() -> None:
        """Carry the options above."""

    return carrier.params


def _input_options() -> list[click.Parameter]:
    """Return the options of the command of a generator that goes by a clip's notes."""

    @click.command()
    @click.option(
        "--input",
        "source",
        type=click.Path(path_type=Path, exists=True, dir_okay=False),
        help="MIDI file to go by; its own tempo, metre and key count.",
    )
    @click.option("--track", default="", help="Which track of it, by number, name or role.")
    @click.option("--role", type=click.Choice(ROLES), default="auto", help="What the track plays.")
    @click.option("--pads", default="", help='What its notes play, if drums: "60=kick,61=snare".')
    @click.option(
        "--until",
        type=click.IntRange(1),
        help="The bar, counted from 1, at whose end to stop.  [default: the track's last]",
    )
    def carrier() -> None:
        """Carry the options above."""

    return carrier.params


def _option(name: str, rule: dict[str, Any]) -> click.Option:
    flag = name.replace("_", "-")
    names = [f"--{flag}/--no-{flag}"] if rule.get("type") == "boolean" else [f"--{flag}"]
    return click.Option(
        [*names, f"option_{name}"],
        type=_kind(rule),
        default=None,
        help=f"{rule.get('description', '')}  [default: {_shown(rule.get('default'))}]",
    )


def _kind(rule: dict[str, Any]) -> click.ParamType | None:
    if "enum" in rule:
        return click.Choice([str(choice) for choice in rule["enum"]])
    match rule.get("type"):
        case "number":
            return click.FloatRange(rule.get("minimum"), rule.get("maximum"))
        case "integer":
            return click.IntRange(rule.get("minimum"), rule.get("maximum"))
        case "array":
            return NumberList()
    return None


class Wish(NamedTuple):
    """Say what to write, and how often."""

    output: Path
    takes: int
    seed: int | None
    overwrite: bool


class NumberList(click.ParamType):
    """Read numbers separated by commas."""

    name = "numbers"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> list[float]:
        """Return the numbers; whole ones as int."""
        try:
            numbers = [float(number) for number in str(value).split(",")]
            return [int(n) if n.is_integer() else n for n in numbers]
        except ValueError:
            self.fail(
                f"{value!r} is no list of numbers, allowed are lists like 36,38,42", param, ctx
            )


def _shown(default: Any) -> str:
    return ",".join(str(v) for v in default) if isinstance(default, list | tuple) else str(default)


def _generate(maker: Maker) -> Any:
    @click.pass_context
    def run(context: click.Context, /, output: Path, takes: int, **rest: Any) -> None:
        options = {
            name.removeprefix("option_"): value
            for name, value in rest.items()
            if name.startswith("option_") and value is not None
        }
        if maker.reads not in (None, "auto") and not rest["source"]:
            what = f"{maker.short_name} goes by {maker.reads}, and there is no clip to go by"
            raise BridgeError(f"{what}: name a MIDI file with --input")
        wish = Wish(output, takes, rest["seed"], rest["overwrite"])
        page = _given(maker, context, rest) if rest.get("source") else _empty(maker, rest)
        with open_client(rest["server"]) as client:
            _write(client, page, maker.wishes(options), wish)

    return run


class Page(NamedTuple):
    """Be the clip that is sent, and how a take becomes a song."""

    clip: Clip
    song: Callable[[Clip], Song]


def _empty(maker: Maker, asked: dict[str, Any]) -> Page:
    """Return a page without notes."""
    metre, key = parse_metre(asked["metre"]), asked["key"]
    clip = Clip(
        Notes(),
        length=4 * metre.bar,
        tempo=Tempo(time=np.zeros(1), bpm=np.full(1, asked["bpm"])),
        metre=(metre,),
        key=parse_key(key) if key else None,
        role="lead" if key else "drums",
        name=maker.short_name,
    )
    return Page(clip, lambda take: new_song((take,)))


def _given(maker: Maker, context: click.Context, asked: dict[str, Any]) -> Page:
    """Return the page that a file's track is.

    Raises:
        BridgeError: the file cannot be used, or what it says was said again.
    """
    for name in ("bpm", "metre", "key"):
        if context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            raise BridgeError(f"{name} and input are both given, allowed is one of them")
    pads = parse_pads(asked["pads"])
    choice = Choice(asked["track"], asked["role"], pads, asked["until"])
    source, name = read_source(asked["source"], maker.reads or "auto", choice), maker.short_name
    return Page(source.clip, lambda take: with_take(source, take.replace(name=name)))


def _write(client: Client, page: Page, asked: Wishes, wish: Wish) -> None:
    output, takes, _, overwrite = wish
    check_midi_name(output)
    paths = [output] if takes == 1 else [_numbered(output, k) for k in range(takes)]
    for path in paths:
        refuse_existing(path, overwrite=overwrite)
    answer = _ask(client, page, asked, wish)
    for path, (take,), number in zip(paths, answer.takes, range(takes), strict=True):
        write_song(page.song(take), path, overwrite=overwrite)
        click.echo(f"wrote {path}: {len(take.notes)} notes, seed {answer.seed + number}")
    for sentence in answer.warnings:
        click.echo(sentence)
    if takes > 1 and all(take == answer.takes[0] for take in answer.takes):
        click.echo("the takes are the same: these options leave nothing to chance")
    click.echo(f"engines {answer.timings.engine_ms:.1f} ms")


def _ask(client: Client, page: Page, asked: Wishes, wish: Wish) -> Rendered:
    """Render with a progress bar; an option that is refused is called as the user calls it."""
    with click.progressbar(length=100, label="generating") as bar:

        def on_progress(fraction: float) -> None:
            bar.update(int(fraction * 100) - bar.pos)

        wishes: Wishes = {**asked, "takes": wish.takes, "seed": wish.seed}
        try:
            answer = client.render((page.clip,), on_progress, **wishes)
        except RefusedError as error:
            raise BridgeError(FIELD.sub("--", str(error))) from None
        on_progress(1.0)
    return answer


def _numbered(path: Path, take: int) -> Path:
    return path.with_stem(f"{path.stem}-{take + 1}")
