"""The README's figures of playing live, from the run that is committed."""

import json
from pathlib import Path

import pytest

from tests.training.scripts import script_of

ROOT = Path(__file__).parents[1]
RESULTS = json.loads((ROOT / "benchmarks" / "live.json").read_text(encoding="utf-8"))["results"]
FIGURES = {figure["name"]: figure for figure in RESULTS}


def test_the_readme_says_what_was_measured() -> None:
    written = (ROOT / "README.md").read_text(encoding="utf-8")
    made = script_of("make_live_bench.py")["page"](written)
    assert written == made, "run: python docs/make_live_bench.py"


@pytest.mark.parametrize(
    ("name", "p50_ms", "p99_ms"), [("live/through", 0.3, 1.0), ("live/model", 1.5, 3.0)]
)
def test_the_committed_run_adds_little_to_the_floor(
    name: str, p50_ms: float, p99_ms: float
) -> None:
    floor, figure = FIGURES["live/floor"], FIGURES[name]
    assert figure["p50_ms"] - floor["p50_ms"] <= p50_ms
    assert figure["p99_ms"] - floor["p99_ms"] <= p99_ms
    assert figure["std_ms"] - floor["std_ms"] <= 0.5


def test_the_committed_players_onsets_are_on_their_samples() -> None:
    assert FIGURES["live/player"]["n"] == 10_000
    assert FIGURES["live/player"]["p99_ms"] <= 1e3 / 48_000


def test_the_committed_run_leaves_most_of_a_core() -> None:
    assert FIGURES["live/cpu"]["p50_ms"] < 150
