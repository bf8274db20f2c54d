"""Write what `yuragi bench render` measured into the README: python docs/make_render_bench.py.

It reads benchmarks/render.json, which `yuragi bench render --plugin PATH --json
benchmarks/render.json` writes.
"""

import json
from pathlib import Path
from typing import Any

from block import filled

ROOT = Path(__file__).parents[1]
MEASURED = ROOT / "benchmarks" / "render.json"
PAGE = ROOT / "README.md"

ROWS = {
    "render/floor": "pedalboard's own call, which is the floor",
    "render/host": "the same by the host of plug-ins",
    "render/first_block": "until it begins to sound",
}


def main() -> None:
    """Write the table."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page(text: str) -> str:
    """Return the README with the table of the committed run."""
    results = json.loads(MEASURED.read_text(encoding="utf-8"))["results"]
    figures = {figure["name"]: figure for figure in results}
    rows = [_row(what, figures[name]) for name, what in ROWS.items()]
    ratio = figures["render/host"]["p50_ms"] / figures["render/floor"]["p50_ms"]
    load_s = figures["render/load"]["p50_ms"] / 1e3
    head = "A minute of sound with 600 notes, by the VST3 synthesizer of the tests:\n"
    foot = (
        f"\nThe host takes {ratio:.2f} times as long as the bare call, and {load_s:.2f} s to load."
    )
    table = ["| | p50 | p99 |", "|---|---|---|", *rows]
    return filled(text, {"render": "\n".join([head, *table, foot])})


def _row(what: str, figure: dict[str, Any]) -> str:
    cells = (f"{figure[key]:,.0f} ms" for key in ("p50_ms", "p99_ms"))
    return f"| {what} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
