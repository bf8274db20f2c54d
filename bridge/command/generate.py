"""Write new notes with a generator; its options are derived from the engine's schema."""

from pathlib import Path
from typing import Any, NamedTuple

import click
import numpy as np

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
from bridge.midi_file import new_song, write_song
from bridge.music_text import parse_key, parse_metre
from bridge.protocol import Rendered
from bridge.write_whole import refuse_existing
from engines.clip import Clip, Notes, Tempo
from engines.engine import Engine
from engines.option import schema
from engines.registry import engines
from engines.stage import Stage


class Generators(click.Group):
    """Make a sub-command of every generator that is installed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the generators' names."""
        return [name for name, engine in engines().items() if engine.kind == "generator"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the generator's command, or None."""
        return _command(engines()[cmd_name]) if cmd_name in self.list_commands(ctx) else None


@click.group("generate", cls=Generators)
def command() -> None:
    """Write new notes with a generator."""


def _command(engine: Engine) -> click.Command:
    own = [_option(name, rule) for name, rule in schema(engine)["properties"].items()]
    return click.Command(
        engine.name,
        params=[*_music_options(), *own],
        callback=_generate(engine),
        help=engine.summary,
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


def _generate(engine: Engine) -> Any:
    def run(
        output: Path, bpm: float, metre: str, key: str, takes: int, overwrite: bool, **rest: Any
    ) -> None:
        options = {
            name.removeprefix("option_"): value
            for name, value in rest.items()
            if name.startswith("option_") and value is not None
        }
        written = parse_metre(metre)
        empty = Clip(
            Notes(),
            length=4 * written.bar,
            tempo=Tempo(time=np.zeros(1), bpm=np.full(1, bpm)),
            metre=(written,),
            key=parse_key(key) if key else None,
            role="lead" if key else "drums",
            name=engine.name,
        )
        with open_client(rest["server"]) as client:
            _write(
                client,
                empty,
                Stage(engine.name, options),
                Wish(output, takes, rest["seed"], overwrite),
            )

    return run


def _write(client: Client, empty: Clip, stage: Stage, wish: Wish) -> None:
    output, takes, seed, overwrite = wish
    check_midi_name(output)
    paths = [output] if takes == 1 else [_numbered(output, k) for k in range(takes)]
    for path in paths:
        refuse_existing(path, overwrite=overwrite)
    answer = _ask(client, empty, stage, takes, seed)
    for path, take, number in zip(paths, answer.takes, range(takes), strict=True):
        write_song(new_song(take), path, overwrite=overwrite)
        notes = sum(len(clip.notes) for clip in take)
        click.echo(f"wrote {path}: {notes} notes, seed {answer.seed + number}")
    if takes > 1 and all(take == answer.takes[0] for take in answer.takes):
        click.echo("the takes are the same: these options leave nothing to chance")
    click.echo(f"engines {answer.timings.engine_ms:.1f} ms")


def _ask(client: Client, empty: Clip, stage: Stage, takes: int, seed: int | None) -> Rendered:
    """Render with a progress bar; an option that is refused is called as the user calls it."""
    with click.progressbar(length=100, label=f"generating {stage.engine}") as bar:

        def on_progress(fraction: float) -> None:
            bar.update(int(fraction * 100) - bar.pos)

        wishes: Wishes = {"stages": (stage,), "takes": takes, "seed": seed}
        try:
            answer = client.render((empty,), on_progress, **wishes)
        except RefusedError as error:
            raise BridgeError(str(error).replace("stages[0].options.", "--")) from None
        on_progress(1.0)
    return answer


def _numbered(path: Path, take: int) -> Path:
    return path.with_stem(f"{path.stem}-{take + 1}")
