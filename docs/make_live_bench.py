"""Write what `yuragi bench live` measured into the README: python docs/make_live_bench.py.

It reads benchmarks/live.json, which `yuragi bench live --json benchmarks/live.json` writes.
"""

import json
from pathlib import Path
from typing import Any

from block import filled

ROOT = Path(__file__).parents[1]
MEASURED = ROOT / "benchmarks" / "live.json"
PAGE = ROOT / "README.md"

ROWS = {
    "live/floor": "an echo by rtmidi, which is the floor",
    "live/through": "through `live/through`",
    "live/model": "through the learned hand, `live.humanize`",
    "live/player": "a player's 10,000 onsets, from their samples",
    "live/player-rtmidi": "the same by rtmidi, which cannot be given a sample",
}


def main() -> None:
    """Write the table."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page(text: str) -> str:
    """Return the README with the table of the committed run."""
    results = json.loads(MEASURED.read_text(encoding="utf-8"))["results"]
    figures = {figure["name"]: figure for figure in results}
    rows = [_row(what, figures[name]) for name, what in ROWS.items()]
    busy = figures["live/cpu"]["p50_ms"] / 10
    head = "From playing a note to hearing it, JACK with 64 frames at 48 kHz, two processes:\n"
    foot = f"\nAt 50 notes a second the learned hand takes {busy:.1f} % of one core."
    table = ["| | p50 | p99 | standard deviation |", "|---|---|---|---|", *rows]
    return filled(text, {"live": "\n".join([head, *table, foot])})


def _row(what: str, figure: dict[str, Any]) -> str:
    cells = (f"{figure[key]:.2f} ms" for key in ("p50_ms", "p99_ms", "std_ms"))
    return f"| {what} | {' | '.join(cells)} |"


if __name__ == "__main__":
    main()
