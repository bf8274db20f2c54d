from typing import Annotated, Any, ClassVar, Literal

import pytest
from msgspec import Meta

from engines import Clip, OptionError, engine
from engines.engine import Context
from engines.option import allowed, dial, note, read_options, schema


class ToneOptions(engine.Options, frozen=True, kw_only=True):
    amount: Annotated[float, dial(0, 2, "how much")] = 1.0
    push: Annotated[float, dial(-50, 50, "how early", "ms")] = 0.0
    steps: Annotated[int, dial(1, 32, "how many", "steps")] = 16
    mode: Annotated[Literal["soft", "hard"], note("which way")] = "soft"
    on: Annotated[bool, note("whether at all")] = True
    pitches: Annotated[
        tuple[Annotated[int, Meta(ge=0, le=127)], ...], Meta(min_length=1, max_length=4)
    ] = (60,)


class Tone:
    name: ClassVar[str] = "tone"
    summary: ClassVar[str] = "Has one option of each kind."
    kind: ClassVar[engine.Kind] = "humanizer"
    Options: ClassVar[type[engine.Options]] = ToneOptions

    def __call__(self, clip: Clip, options: ToneOptions, context: Context) -> Clip:  # noqa: ARG002
        return clip


def test_options_that_are_left_out_take_their_defaults() -> None:
    assert read_options(Tone(), {"push": 12}) == ToneOptions(push=12.0)


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"push": 900}, "push", "push is 900, allowed are numbers from -50 to 50 ms"),
        ({"push": "early"}, "push", "push is 'early', allowed are numbers from -50 to 50 ms"),
        ({"steps": 1.5}, "steps", "steps is 1.5, allowed are whole numbers from 1 to 32 steps"),
        ({"mode": "loud"}, "mode", "mode is 'loud', allowed are hard or soft"),
        ({"on": 1}, "on", "on is 1, allowed are true or false"),
        ({"pull": 1}, "pull", "pull is no option of tone, allowed are amount, mode, on, pitches"),
        (
            {"pitches": [200]},
            "pitches",
            "lists of 1 to 4 items, each whole numbers from 0 to 127",
        ),
        ({"amount": float("nan")}, "amount", "amount is nan, allowed are numbers from 0 to 2"),
    ],
)
def test_a_bad_option_is_refused_with_what_is_allowed(
    given: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(OptionError, match=message) as caught:
        read_options(Tone(), given)
    assert caught.value.field == field


def test_the_first_of_several_bad_options_is_named() -> None:
    with pytest.raises(OptionError) as caught:
        read_options(Tone(), {"amount": 1, "mode": "loud", "push": 900})
    assert caught.value.field == "mode"


def test_the_schema_states_range_default_unit_and_help() -> None:
    push = schema(Tone())["properties"]["push"]
    assert push == {
        "type": "number",
        "minimum": -50,
        "maximum": 50,
        "default": 0.0,
        "description": "how early",
        "unit": "ms",
    }


def test_the_schema_lists_choices() -> None:
    assert set(schema(Tone())["properties"]["mode"]["enum"]) == {"soft", "hard"}


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"type": "number", "minimum": 0, "maximum": 1}, "numbers from 0 to 1"),
        ({"type": "integer", "minimum": 1, "maximum": 8}, "whole numbers from 1 to 8"),
        ({"type": "boolean"}, "true or false"),
        ({"enum": ["a", "b"]}, "a or b"),
        ({"type": "string", "maxLength": 64}, "texts of at most 64 characters"),
    ],
)
def test_a_rule_is_said_in_words(rule: dict[str, Any], words: str) -> None:
    assert allowed(rule) == words
