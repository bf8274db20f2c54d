"""Write docs/reference.md from the program itself: every command, engine, preset and stroke.

Run it when one of them changes: python docs/make_reference.py
"""

from collections.abc import Iterable, Iterator
from pathlib import Path

from click.testing import CliRunner

from bridge.command.main import COMMANDS, cli
from bridge.live_shelf import LiveShelf
from bridge.shelf import Shelf
from engines.engine import Engine
from engines.kit import STROKES, VOICES
from engines.live.engine import LiveEngine
from engines.option import allowed, schema
from engines.registry import engines, live_engines

WIDTH = 90

NOBODY = Path(__file__).parent / "no presets of a user"
"""Where somebody who has none keeps presets."""

SHOWN = {
    "evaluate": ("performance", "groove"),
    "generate": ("euclid",),
    "train": ("performance", "groove"),
}
"""Which sub-commands are shown of a command that has some."""


KIT = """What each note of a drum track plays. The name of a pad, of a drum rack or in `--pads`,
wins over its number: it is a stroke's name, or words that mean one, such as BD, Snare Rim 01, HH
Closed or Floor Tom. `none` is no voice of a kit. Notes on no voice are left as they are, and told
of. Music with pitches that is sent as drums is played as what its notes are here."""
"""What is said of the kit before its table."""


def main() -> None:
    """Write the file beside this one."""
    Path(__file__).with_name("reference.md").write_text(reference(), encoding="utf-8")


def reference() -> str:
    """Return the whole page."""
    parts = [
        "# Reference",
        "Made from the program by `python docs/make_reference.py`.",
        "## Commands",
    ]
    parts += _commands()
    parts.append("## Engines")
    parts += _ours(engines().values())
    parts += ["## Live engines", "They play by `yuragi live`, one message at a time."]
    parts += _ours(live_engines().values())
    parts += ["## Presets", "\n".join(_presets(Shelf(NOBODY)))]
    parts += ["## Live presets", "\n".join(_presets(LiveShelf(NOBODY)))]
    parts += ["## Drum kit", KIT, "\n".join(_strokes())]
    return "\n\n".join(parts) + "\n"


def _commands() -> Iterator[str]:
    yield f"```\n{_help()}```"
    commands = [(name, *rest) for name in COMMANDS for rest in _shown(name)]
    for command in commands:
        yield f"### yuragi {' '.join(command)}"
        yield f"```\n{_help(*command)}```"


def _shown(name: str) -> list[tuple[str, ...]]:
    return [(sub,) for sub in SHOWN.get(name, ())] or [()]


def _help(*command: str) -> str:
    result = CliRunner().invoke(
        cli, [*command, "--help"], prog_name="yuragi", terminal_width=WIDTH, catch_exceptions=False
    )
    return result.output


def _ours(listed: Iterable[Engine | LiveEngine]) -> Iterator[str]:
    for engine in listed:
        if type(engine).__module__.startswith("engines."):
            yield from _engine(engine)


def _engine(engine: Engine | LiveEngine) -> Iterator[str]:
    yield f"### {engine.name}"
    yield f"A {engine.kind}. {engine.summary}" if engine.kind != "live" else engine.summary
    rows = ["| option | allowed | default | |", "|---|---|---|---|"]
    for name, rule in schema(engine)["properties"].items():
        default = rule.get("default")
        many = isinstance(default, list | tuple)
        shown = (", ".join(map(str, default)) or "none") if many else default
        rows.append(f"| `{name}` | {allowed(rule)} | {shown} | {rule.get('description', '')} |")
    if len(rows) > 2:
        yield "\n".join(rows)


def _presets(shelf: Shelf | LiveShelf) -> Iterator[str]:
    yield "| preset | |"
    yield "|---|---|"
    for preset in shelf.presets.values():
        yield f"| `{preset.name}` | {preset.summary} |"


def _strokes() -> Iterator[str]:
    yield "| stroke | played like | notes |"
    yield "|---|---|---|"
    for stroke in STROKES:
        yield f"| {stroke.name} | {VOICES[stroke.voice]} | {', '.join(map(str, stroke.notes))} |"


if __name__ == "__main__":
    main()
