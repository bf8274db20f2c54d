"""The README's figures of rendering, from the run that is committed."""

import json
from pathlib import Path

from tests.training.scripts import script_of

ROOT = Path(__file__).parents[1]
RESULTS = json.loads((ROOT / "benchmarks" / "render.json").read_text(encoding="utf-8"))["results"]
FIGURES = {figure["name"]: figure for figure in RESULTS}


def test_the_readme_says_how_fast_rendering_was() -> None:
    written = (ROOT / "README.md").read_text(encoding="utf-8")
    made = script_of("make_render_bench.py")["page"](written)
    assert written == made, "run: python docs/make_render_bench.py"


def test_the_committed_run_adds_little_to_the_bare_call() -> None:
    assert FIGURES["render/host"]["p50_ms"] <= 1.05 * FIGURES["render/floor"]["p50_ms"]


def test_the_committed_run_sounds_soon_and_loads_soon() -> None:
    assert FIGURES["render/first_block"]["p99_ms"] <= 150
    assert FIGURES["render/load"]["p50_ms"] <= 500
