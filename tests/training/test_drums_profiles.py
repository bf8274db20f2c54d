"""Shipped grooves come from takes alone, and the round trip says what a groove brings back."""

import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from engines.error import EngineError
from engines.profile.text import parse
from engines.training.drums.profiles import CHOICES, Choice, make_profiles
from engines.training.drums.round_trip import SECOND, WHOLE, Report, run, to_table
from tests.conftest import Ran
from tests.training.takes import write_takes


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return takes that are 0, 10 and 20 beats of a thousandth late, one of each a session."""
    return write_takes(tmp_path_factory.mktemp("takes"), bars=8)


@pytest.fixture(scope="module")
def report(folder: Path) -> Report:
    return run(folder, "test", limit=None, say=lambda _what, _share: None)


def share(report: Report, way: str, on: str = WHOLE, *, against: bool = False) -> tuple[float, ...]:
    shares = report.against if against else report.shares
    found = next(s for s in shares if (s.way, s.on, s.grid) == (way, on, "16th"))
    return found.timing.value, found.velocity.value


def test_a_groove_brings_back_what_is_habit_and_not_what_is_chance(report: Report) -> None:
    timing, velocity = share(report, "profile")
    assert 0.4 < timing < 0.8  # each hit strays by itself, as much as they are late together
    assert velocity <= 0.5


def test_a_groove_that_tells_voices_apart_leaves_less_than_a_template(report: Report) -> None:
    timing, velocity = share(report, "profile", against=True)
    assert timing < 1
    assert velocity < 0.9  # the beat's kick and hat fall together, half as loud


def test_a_second_half_is_judged_by_a_groove_of_the_first(report: Report) -> None:
    timing, velocity = share(report, "profile", SECOND)
    assert 0.1 < timing < 1
    assert 0.1 < velocity < 0.7


def test_the_spread_s_errors_are_larger_than_those_of_the_means(report: Report) -> None:
    assert share(report, "profile with its spread") > share(report, "profile")


def test_a_report_says_how_it_can_be_had_again(report: Report, folder: Path) -> None:
    said = msgspec.to_builtins(report)
    assert (said["data"], said["split"]) == (str(folder), "test")
    assert said["largest_bytes"] < 2**16
    assert "profile; the whole take; 16th; 4 takes" in to_table(report)


def test_the_same_takes_give_the_same_figures(report: Report, folder: Path) -> None:
    again = run(folder, "test", limit=None, say=lambda _what, _share: None)
    assert msgspec.json.encode(again) == msgspec.json.encode(report)


def test_the_command_writes_the_report(
    run_yuragi: Callable[..., Ran], folder: Path, tmp_path: Path
) -> None:
    out = tmp_path / "figures.json"
    ran = run_yuragi(
        "evaluate", "profiles", "--data", folder, "--split", "test", "--limit", "1", "--json", out
    )
    assert ran.code == 0
    assert "profile; the whole take; auto; 1 takes" in ran.out
    assert json.loads(out.read_text(encoding="utf-8"))["shares"][0]["takes"] == 1


def test_a_profile_is_made_of_a_take_without_its_session_s_lateness(folder: Path) -> None:
    choices = (Choice("late", "take2", "A late beat."),)
    text = make_profiles(folder, choices)["late"]
    profile = parse("late", text)
    assert profile.summary == "A late beat."
    assert "CC BY 4.0: take2" in profile.source
    assert make_profiles(folder, choices)["late"] == text


def test_a_take_that_is_not_there_is_missed(folder: Path) -> None:
    with pytest.raises(EngineError, match="the index has 0 takes drummer"):
        make_profiles(folder, CHOICES)


def test_the_command_that_makes_profiles_says_what_is_missing(
    run_yuragi: Callable[..., Ran], folder: Path, tmp_path: Path
) -> None:
    ran = run_yuragi("train", "profiles", "--data", folder, "--out", tmp_path / "made")
    assert ran.code == 2
    assert "the index has 0 takes" in ran.err
