"""Draw how a gig stands, for a terminal on a stage."""

import io
from collections.abc import Sequence
from os import terminal_size
from typing import Any, NamedTuple

from rich.console import Console, Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bridge.gig_protocol import Port, State
from engines.option import schema
from engines.registry import find_live

KEYS = (
    ("space", "panic: end all that sounds"),
    ("p / P", "next and last preset"),
    ("↑ ↓", "choose an option"),
    ("← →", "turn it"),
    ("m", "bind it to the next controller that moves, Esc not to"),
    ("q", "leave"),
)

BAR = 20
"""Characters of an option's bar."""

LARGE = terminal_size((120, 60))
"""A terminal in which everything fits."""

LATE_MS = 10.0
"""A lateness above this is drawn in red: it can be felt. Source: Wessel and Wright (2002), Computer
Music Journal 26(3): 10 ms is what an instrument may take."""


class Dial(NamedTuple):
    """Be an option of a stage that can be turned from here.

    `stage` is the index of its stage, `engine` that stage's engine, `rule` the option's JSON
    Schema, and `value` what it is now.
    """

    stage: int
    engine: str
    name: str
    rule: dict[str, Any]
    value: Any

    def turned(self, steps: int) -> Any:
        """Return the value so many steps on, or None if no key can turn it."""
        if "enum" in self.rule:
            choices = self.rule["enum"]
            return choices[(choices.index(self.value) + steps) % len(choices)]
        if self.rule.get("type") == "boolean":
            return not self.value
        low, high = self.rule.get("minimum"), self.rule.get("maximum")
        if low is None or high is None:
            return None
        whole = self.rule["type"] == "integer"
        step = max((high - low) / BAR, 1) if whole else (high - low) / BAR
        value = min(max(self.value + steps * step, low), high)
        return round(value) if whole else round(value, 4)

    def bar(self) -> Text:
        """Return its value with a bar where it has a range."""
        low, high = self.rule.get("minimum"), self.rule.get("maximum")
        if low is None or high is None or not isinstance(self.value, int | float):
            return Text(_said(self.value))
        full = round((self.value - low) / (high - low) * BAR)
        unit = f" {self.rule['unit']}" if self.rule.get("unit") else ""
        bar = (("━" * full, "cyan"), ("─" * (BAR - full), "bright_black"))
        return Text.assemble(*bar, f" {self.value:.3g}{unit}")


def dials(state: State) -> list[Dial]:
    """Return what can be turned, in order of stages."""
    found = []
    for stage, (engine, options) in enumerate(zip(state.engines, state.options, strict=True)):
        rules = schema(find_live(engine))["properties"]
        for name, value in options.items():
            dial = Dial(stage, engine, name, rules[name], value)
            if dial.turned(0) is not None:
                found.append(dial)
    return found


def draw(
    state: State,
    chosen: int,
    told: Sequence[str],
    summary: str = "",
    *,
    size: terminal_size = LARGE,
) -> RenderableType:
    """Return the screen.

    Args:
        state: how the gig stands.
        chosen: which of the dials is chosen.
        told: the last sentences for the player, oldest first.
        summary: the preset's own sentence.
        size: columns and lines of the terminal; where all does not fit, options are left out.
    """
    preset = Text.assemble((state.preset or "live/through", "bold"), (f"  {summary}", "dim"))
    sentences = [Text(one, style="yellow") for one in (*state.bindings, *told)]
    above: list[RenderableType] = [_ports(state), preset]
    below: list[RenderableType] = [_figures(state), *sentences, _keys()]
    taken = 2 + _lines([*above, *below], size.columns - 4)
    shown = max(size.lines - taken, 1)
    parts = [*above, _options(state, chosen, shown), *below]
    return Panel(Group(*parts), title=f"yuragi live · {state.system}", border_style="cyan")


def _lines(parts: Sequence[RenderableType], columns: int) -> int:
    """Return how many lines parts take in so many columns."""
    console = Console(width=columns, file=io.StringIO())
    return sum(len(console.render_lines(part)) for part in parts)


def _ports(state: State) -> Table:
    table = Table.grid(padding=(0, 2))
    for port in state.inputs:
        table.add_row("in", _port(port))
    if state.output is not None:
        table.add_row("out", _port(state.output))
    return table


def _port(port: Port) -> Text:
    style, mark = ("green", "●") if port.there else ("red", "○ gone, waiting for it")
    others = [name for name in port.joined if name != port.name]
    return Text.assemble(port.name, (f" {mark}", style), (f"  {', '.join(others)}", "dim"))


def _options(state: State, chosen: int, most: int) -> Table:
    """Return at most so many lines of options, the chosen one among them."""
    table = Table.grid(padding=(0, 2))
    every = dials(state)
    first = min(max(chosen - most // 2, 0), max(len(every) - most, 0))
    engine = ""
    for number, dial in enumerate(every[first : first + most], first):
        here = number == chosen
        name = "" if dial.engine == engine else dial.engine.removeprefix("live.")
        engine = dial.engine
        style = "bold reverse" if here else ""
        table.add_row(Text(name, style="dim"), Text(dial.name, style=style), dial.bar())
    return table


def _figures(state: State) -> Table:
    late = state.lateness
    table = Table.grid(padding=(0, 3))
    p99 = Text(f"{late.p99_ms:.1f} ms", "bold red" if late.p99_ms > LATE_MS else "bold")
    tempo = f"{state.bpm:.1f} bpm" if state.bpm else "no clock"
    beat = "" if state.beat is None or not state.bpm else f"  beat {int(state.beat) % 4 + 1}"
    table.add_row("notes in", Text(str(state.notes_in), style="bold"), "out", str(state.notes_out))
    table.add_row("sounding", Text(str(state.sounding), style="bold"), "tempo", tempo + beat)
    now = Text.assemble((f"{late.now_ms:.1f} ms", "bold"), _ahead(state))
    table.add_row("latency", now, "p99", p99)
    return table


def _ahead(state: State) -> str:
    """Return what the look-ahead of all stages adds to the latency, if it does."""
    ahead = sum(float(options.get("lookahead_ms", 0.0)) for options in state.options)
    return f" + {ahead:g} ms look-ahead" if ahead else ""


def _keys() -> Text:
    words = [
        part for key, what in KEYS for part in ((f" {key} ", "reverse"), (f" {what}  ", "dim"))
    ]
    return Text.assemble(*words)


def _said(value: Any) -> str:
    return "on" if value is True else "off" if value is False else str(value)
