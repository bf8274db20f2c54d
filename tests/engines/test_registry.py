from importlib.metadata import EntryPoint

import pytest

from engines import Clip, EngineError, OptionError
from engines.engine import Context, Engine, Options
from engines.registry import GROUP, broken, catalogue, engines, find, load

LEARNED = {"articulation", "groove", "pedal", "rubato", "velocity"}

OURS = {"echo", "euclid"} | LEARNED | {f"rules.{name}" for name in LEARNED}


def test_our_engines_are_announced_like_any_other() -> None:
    assert set(engines()) >= OURS


def test_an_engine_of_another_package_stands_beside_ours() -> None:
    assert find("soften").kind == "humanizer"


def test_every_engine_has_all_that_an_engine_needs() -> None:
    for name, engine in engines().items():
        assert isinstance(engine, Engine)
        assert engine.name == name
        assert engine.kind in {"humanizer", "generator", "analyser"}
        assert engine.summary.endswith(".")


class Nothing(Options, frozen=True):
    """Take no options."""


class Deaf:
    name = "deaf"
    summary = "Has no amount."
    kind = "humanizer"
    Options = Nothing

    def __call__(self, clip: Clip, options: Nothing, context: Context) -> Clip:  # noqa: ARG002
        return clip


def test_a_humanizer_without_an_amount_is_refused() -> None:
    with pytest.raises(EngineError, match="has no option amount, which every humanizer needs"):
        load(EntryPoint("deaf", f"{__name__}:Deaf", GROUP), {})


def test_engines_come_sorted_by_name() -> None:
    assert list(engines()) == sorted(engines())


def test_our_engines_all_load() -> None:
    assert not OURS & set(broken())


def test_an_unknown_engine_is_refused_with_the_known_ones() -> None:
    with pytest.raises(OptionError, match=r"engine is 'reverb', allowed are .*echo.*velocity"):
        find("reverb")


def test_the_catalogue_has_a_dial_for_every_amount() -> None:
    for entry in catalogue():
        if entry["name"] in OURS and entry["kind"] == "humanizer":
            amount = entry["options"]["properties"]["amount"]
            assert (amount["minimum"], amount["maximum"], amount["default"]) == (0, 2, 1.0)


def test_every_option_of_ours_has_a_default_and_a_description() -> None:
    for entry in catalogue():
        if entry["name"] in OURS:
            for rule in entry["options"]["properties"].values():
                assert "default" in rule
                assert rule["description"]
