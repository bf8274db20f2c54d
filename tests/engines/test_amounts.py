"""A request's amounts multiply the engines' own, dimension by dimension."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, OptionError, Stage
from engines.preset import Chain
from tests.clips import stiff_clip
from tests.engines.any_clip import any_clip

DIMENSIONS = ("velocity", "groove", "articulation", "pedal", "rubato")
RULES = tuple(Stage(f"rules.{name}") for name in DIMENSIONS)
LEARNED = tuple(Stage(name) for name in DIMENSIONS)

one_of_them = st.sampled_from(DIMENSIONS)
seeds = st.integers(0, 2**53 - 1)


def without(stages: tuple[Stage, ...], dimension: str) -> tuple[Stage, ...]:
    """Return the stages with one that does nothing in the place of the dimension's."""
    return tuple(Stage("echo") if dimension in stage.engine else stage for stage in stages)


def rendered(clip: Clip, chain: Chain, seed: int = 1) -> Clip:
    return chain.render((clip,), seed=seed)[0]


@given(any_clip(least=1), seeds, one_of_them)
@settings(max_examples=50)
def test_none_of_a_dimension_is_the_chain_without_it(clip: Clip, seed: int, dimension: str) -> None:
    quiet = rendered(clip, Chain(RULES, amounts={dimension: 0}), seed)
    assert quiet == rendered(clip, Chain(without(RULES, dimension)), seed)


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_none_of_a_learned_dimension_is_the_chain_without_it(dimension: str) -> None:
    clip = stiff_clip(32)
    quiet = rendered(clip, Chain(LEARNED, amounts={dimension: 0}))
    assert quiet == rendered(clip, Chain(without(LEARNED, dimension)))


@given(any_clip(least=1), seeds, st.sets(one_of_them), st.floats(0, 2))
@settings(max_examples=50)
def test_an_amount_of_one_changes_no_bit(
    clip: Clip, seed: int, names: set[str], amount: float
) -> None:
    ones = dict.fromkeys(names, 1.0)
    plain = rendered(clip, Chain(RULES, amount), seed)
    assert rendered(clip, Chain(RULES, amount, ones), seed) == plain


def test_no_amount_of_all_there_is_hands_back_the_clip_itself() -> None:
    clip = stiff_clip(32)
    assert rendered(clip, Chain(RULES, amounts=dict.fromkeys(DIMENSIONS, 0.0))) is clip


@pytest.mark.parametrize(
    ("amount", "amounts", "own"),
    [
        (1.0, {"velocity": 0.5}, 0.5),
        (1.0, {"rules.velocity": 0.5}, 0.5),
        (1.0, {"velocity": 0.5, "rules.velocity": 0.5}, 0.25),  # it has both names
        (0.5, {"velocity": 0.5}, 0.25),  # on top of the request's amount
        (2.0, {"velocity": 2.0}, 2.0),  # the dial ends there
        (0.5, {"groove": 0.0}, 0.5),  # of another engine
    ],
)
def test_all_amounts_multiply_within_the_dial(
    amount: float, amounts: dict[str, float], own: float
) -> None:
    clip = stiff_clip(32)
    asked = Chain([Stage("rules.velocity")], amount, amounts)
    alone = Chain([Stage("rules.velocity", {"amount": own})])
    assert rendered(clip, asked) == rendered(clip, alone)


def test_a_name_meets_only_whole_parts_of_an_engines_name() -> None:
    with pytest.raises(OptionError, match=r"amounts\.city is for no engine, allowed are articul"):
        Chain(RULES, amounts={"city": 0.5})


def test_an_amount_for_an_engine_that_only_this_chain_lacks_is_without_effect() -> None:
    clip = stiff_clip(32)
    alone = (Stage("rules.groove"),)
    assert rendered(clip, Chain(alone, amounts={"pedal": 0})) == rendered(clip, Chain(alone))


def test_the_allowed_names_are_those_of_engines_and_their_ends() -> None:
    with pytest.raises(OptionError) as caught:
        Chain(RULES, amounts={"rules": 0.5})
    allowed = str(caught.value).split("allowed are ")[1].split(", ")
    assert {"velocity", "rules.velocity", "euclid"} <= set(allowed)
    assert "rules" not in allowed
