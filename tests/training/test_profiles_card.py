"""The page about groove profiles says what was measured, and what ships."""

from typing import Any

import msgspec
import pytest

from engines.training.drums.round_trip import WHOLE, Report
from tests.training.scripts import DOCS, script_of


@pytest.fixture(scope="module")
def report() -> Report:
    return msgspec.json.decode((DOCS / "models" / "profiles.json").read_bytes(), type=Report)


def test_the_page_says_what_was_measured() -> None:
    script: dict[str, Any] = script_of("make_profiles_card.py")
    written = (DOCS / "models" / "profiles.md").read_text(encoding="utf-8")
    assert written == script["card"](written), "run: python docs/make_profiles_card.py"


@pytest.mark.parametrize("grid", ["16th", "auto"])
def test_takes_came_at_least_half_way_back(report: Report, grid: str) -> None:
    found = next(s for s in report.shares if (s.way, s.on, s.grid) == ("profile", WHOLE, grid))
    figures = (found.timing, found.velocity, found.timing_notes, found.velocity_notes)
    assert found.takes == 124
    assert all(figure.value <= 0.5 for figure in figures)


def test_templates_were_surely_beaten(report: Report) -> None:
    for found in (share for share in report.against if share.way == "profile"):
        figures = (found.timing, found.velocity, found.timing_notes, found.velocity_notes)
        assert all(figure.high < 1 for figure in figures)
