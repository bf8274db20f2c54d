"""List the plug-ins, tell what one can be set to, save that, and allow one again that crashed."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from bridge.command.door import overwrite_option
from bridge.command.sound_options import param_option, parameters, preset_file_option
from bridge.error import BridgeError
from bridge.sound.bundle import BUILT_IN
from bridge.sound.catalogue import PluginShelf
from bridge.sound.saving import save_plugin
from bridge.sound.scanner import Scanner
from bridge.sound.survey import Tell, silent
from bridge.sound_protocol import Description, Parameter, Plugin

PATIENT_S = 60.0
"""How long a plug-in may take that the user allows, by name: some do take so long."""


@click.group("plugins", invoke_without_command=True)
@click.option("--scan", is_flag=True, help="Look into all files anew, not only into new ones.")
@click.option("--json", "as_json", is_flag=True, help="Print the catalogue as JSON.")
@click.pass_context
def command(context: click.Context, scan: bool, as_json: bool) -> None:
    """List the VST3 and Audio Unit plug-ins, and the effects that come with yuragi.

    They are looked for where the system keeps them, and in the folders that VST3_PATH names. What
    is new or has changed is scanned, each file in a process of its own: one that crashes or hangs
    stops nothing, and is set aside.
    """
    if context.invoked_subcommand is not None:
        return
    shelf = PluginShelf()
    if scan:
        shelf.forget()
    with _progress(len(shelf.unknown)) as tell:
        shelf.scan(tell)
    if as_json:
        _print_json(shelf.plugins)
    else:
        _list(shelf.plugins)


@command.command("show")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def show(name: str, as_json: bool) -> None:
    """Tell the parameters of plug-in NAME: their ranges, units and defaults.

    NAME is what yuragi plugins lists, or the path of a plug-in.
    """
    plugin = PluginShelf().find(name)
    if as_json:
        _print_json(plugin)
        return
    click.echo(f"{_title(plugin)}\n")
    width = max((len(one.name) for one in plugin.parameters), default=0) + 2
    for parameter in plugin.parameters:
        click.echo(f"  {parameter.name:<{width}}{_range(parameter)}")
    if not plugin.parameters:
        click.echo("  It has no parameters.")


@command.command("allow")
@click.argument("name")
def allow(name: str) -> None:
    """Let plug-in NAME be loaded again, which crashed or hung.

    NAME is what yuragi plugins lists, or the path of the plug-in. If it never could be loaded, that
    is tried now, for a minute.
    """
    plugin = PluginShelf(scanner=lambda: Scanner(PATIENT_S)).allow(name)
    if plugin.fault:
        raise BridgeError(f"{plugin.name} was tried again, and {plugin.fault}")
    click.echo(f"{plugin.name} may be loaded again")


@command.command("save")
@click.argument("name")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="A .vstpreset file for any host, or any other name for the plug-in's own state.",
)
@param_option
@preset_file_option
@overwrite_option
def save(
    name: str, output: Path, params: tuple[str, ...], preset_file: Path | None, overwrite: bool
) -> None:
    """Save plug-in NAME as it is set by --preset-file and --param.

    What is saved is what instruments.toml names as preset or state.
    """
    found = PluginShelf().find(name)
    preset = "" if preset_file is None else str(preset_file.absolute())
    plugin = Plugin(found.path, found.name, preset, parameters=parameters(params))
    save_plugin(plugin, output, overwrite=overwrite)
    click.echo(f"wrote {output}")


@contextmanager
def _progress(total: int) -> Iterator[Tell]:
    """Yield what draws how far a scan is, where there is one and somebody looks."""
    if not total or not sys.stderr.isatty():
        yield silent
        return
    with click.progressbar(length=total, label="scanning plug-ins", file=sys.stderr) as bar:
        yield lambda done, _: bar.update(done - bar.pos)


def _print_json(told: object) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())


def _list(plugins: Iterable[Description]) -> None:
    users = [one for one in plugins if not one.path.startswith(BUILT_IN)]
    usable = [one for one in users if not one.fault]
    _print_rows([(one.name, one.kind, one.format, one.maker, one.path) for one in usable])
    if not usable:
        click.echo("There are no plug-ins on this system; a soundfont plays without any.")
    built_in = [one for one in plugins if one.path.startswith(BUILT_IN)]
    if built_in:
        click.echo("\nEffects that come with yuragi:\n")
        _print_rows([(one.name, one.category) for one in built_in])
    _complain("Set aside, until yuragi plugins allow NAME:", [p for p in users if p.set_aside])
    _complain("These cannot be used:", [p for p in users if p.fault and not p.set_aside])


def _complain(title: str, faulty: list[Description]) -> None:
    if faulty:
        click.echo(f"\n{title}\n")
        _print_rows([(one.name, one.fault, one.path) for one in faulty])


def _print_rows(rows: Sequence[tuple[str, ...]]) -> None:
    """Print a table, its columns as wide as they need."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True))
        click.echo("  ".join(cells).rstrip())


def _title(plugin: Description) -> str:
    """Return what a plug-in is: "Piano 1.2.3, VST3 instrument by its maker: /its/path"."""
    version = f" {plugin.version}" if plugin.version else ""
    if plugin.path.startswith(BUILT_IN):
        return f"{plugin.name}, an effect that comes with yuragi: {plugin.category}"
    kind = " ".join(filter(None, (plugin.format, plugin.kind or "plug-in")))
    maker = f" by {plugin.maker}" if plugin.maker else ""
    return f"{plugin.name}{version}, {kind}{maker}: {plugin.path}"


def _range(parameter: Parameter) -> str:
    """Return what a parameter may be: "20 to 20000 Hz; default 1000"."""
    if parameter.values:
        span = ", ".join(parameter.values)
    elif parameter.low is not None and parameter.high is not None:
        span = f"{_number(parameter.low)} to {_number(parameter.high)}"
    else:
        span = "anything"
    unit = f" {parameter.unit}" if parameter.unit else ""
    given = parameter.default
    shown = "" if given is None else f"; default {_value(given)}"
    return f"{span}{unit}{shown}"


def _value(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    """Return a number as a user would write it: what is beyond six digits is rounding."""
    return f"{value:.6g}"
