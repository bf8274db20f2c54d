"""Write docs/reference.md from the program itself: every command, engine and preset.

Run it when one of them changes: python docs/make_reference.py
"""

from collections.abc import Iterator
from pathlib import Path

from click.testing import CliRunner

from bridge.command.main import COMMANDS, cli
from bridge.shelf import Shelf
from engines.engine import Engine
from engines.option import allowed, schema
from engines.registry import engines

WIDTH = 90

SHOWN = {"evaluate": ("performance",), "generate": ("euclid",), "train": ("performance",)}
"""Which sub-command is shown of a command that has some."""


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
    for engine in engines().values():
        if type(engine).__module__.startswith("engines."):
            parts += _engine(engine)
    parts += ["## Presets", "\n".join(_presets())]
    return "\n\n".join(parts) + "\n"


def _commands() -> Iterator[str]:
    yield f"```\n{_help()}```"
    for name in COMMANDS:
        command = [name, *SHOWN.get(name, ())]
        yield f"### yuragi {' '.join(command)}"
        yield f"```\n{_help(*command)}```"


def _help(*command: str) -> str:
    result = CliRunner().invoke(
        cli, [*command, "--help"], prog_name="yuragi", terminal_width=WIDTH, catch_exceptions=False
    )
    return result.output


def _engine(engine: Engine) -> Iterator[str]:
    yield f"### {engine.name}"
    yield f"A {engine.kind}. {engine.summary}"
    rows = ["| option | allowed | default | |", "|---|---|---|---|"]
    for name, rule in schema(engine)["properties"].items():
        default = rule.get("default")
        shown = ", ".join(map(str, default)) if isinstance(default, list | tuple) else default
        rows.append(f"| `{name}` | {allowed(rule)} | {shown} | {rule.get('description', '')} |")
    if len(rows) > 2:
        yield "\n".join(rows)


def _presets() -> Iterator[str]:
    yield "| preset | |"
    yield "|---|---|"
    nobody = Path(__file__).parent / "no presets of a user"
    for preset in Shelf(nobody).presets.values():
        yield f"| `{preset.name}` | {preset.summary} |"


if __name__ == "__main__":
    main()
