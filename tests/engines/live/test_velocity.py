from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.error import EngineError, OptionError
from engines.live.calibration import LEVELS, PEOPLE, SAME, curve, quantiles
from engines.live.calibration_text import read_calibration, write_calibration
from engines.live.engine import LiveContext
from engines.live.event import Event, note_on
from tests.engines.live.streams import Ledger, any_stream, play, player, timed, turned

SOFT = (20.0, 24.0, 30.0, 34.0, 37.0, 40.0, 43.0, 46.0, 50.0, 56.0, 60.0)
"""A player whose median is 40."""

RISING = st.lists(st.integers(2, 126), min_size=11, max_size=11, unique=True).map(
    lambda values: tuple(map(float, sorted(values)))
)
OPTIONS = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([0.0, 0.5, 1.0]),
        "drive": st.sampled_from([-1.0, 0.0, 1.0]),
        "low": st.sampled_from([1, 40, 127]),
        "high": st.sampled_from([1, 90, 127]),
        "learn": st.booleans(),
        "calibration": st.just(()) | RISING,
    }
)
TURNS = st.dictionaries(
    st.integers(0, 40), OPTIONS.map(lambda values: turned("live.velocity", **values)), max_size=3
)


def minute(*velocities: int, gap_s: float = 0.5) -> list[Event]:
    """Return 125 notes, 62 seconds of playing, that take some velocities by turns."""
    return timed((gap_s, note_on(0, 60, velocities[n % len(velocities)])) for n in range(125))


def velocities(events: list[Event]) -> list[int]:
    return [event.data[2] for event in events]


def heard(hands: Any, *given_velocities: int, at_s: float) -> list[int]:
    said = [hands.hear(Event(at_s, note_on(0, 60, velocity))) for velocity in given_velocities]
    return [events[0].data[2] for events in said]


@given(any_stream(), OPTIONS, TURNS)
def test_nothing_but_the_velocity_of_note_ons_changes(
    events: list[Event], options: dict[str, Any], turns: dict[int, Any]
) -> None:
    take = play(player("live.velocity", **options), events, turns)
    assert len(take.said) == len(take.heard)
    for before, after in zip(take.heard, take.said, strict=True):
        assert before == after or (before.is_note_on and after.is_note_on)
        assert (before.time_s, before.data[:2]) == (after.time_s, after.data[:2])
    assert Ledger(take.said).sounding == set()


@given(any_stream(), OPTIONS)
def test_amount_zero_is_what_came(events: list[Event], options: dict[str, Any]) -> None:
    options["amount"] = 0
    assert play(player("live.velocity", **options), events, finish=False).said == events


@given(any_stream())
def test_the_defaults_change_nothing_before_a_hand_is_known(events: list[Event]) -> None:
    assert play(player("live.velocity"), events, finish=False).said == events


@pytest.mark.parametrize(("drive", "middle"), [(-1, 32), (0, 64), (1, 90)])
def test_drive_makes_hands_harder_or_softer(drive: float, middle: int) -> None:
    """64 is half of the way from 1 to 127: 1 + 126 / 4 is 32.5, 1 + 126 / 2 ** 0.5 is 90.1."""
    assert heard(player("live.velocity", drive=drive), 64, 127, at_s=1) == [middle, 127]


def test_low_and_high_bound_what_sounds() -> None:
    assert heard(player("live.velocity", low=40, high=90), 1, 127, at_s=1) == [40, 90]


def test_low_above_high_turns_the_touch_round() -> None:
    assert heard(player("live.velocity", low=127, high=1), 1, 127, at_s=1) == [127, 1]


def test_a_hand_is_known_after_a_minute_of_playing() -> None:
    hands = player("live.velocity")
    play(hands, minute(20, 30, 40, 50, 60), finish=False)
    assert len(hands.learned) == len(LEVELS)
    assert hands.learned[5] == pytest.approx(40, abs=0.5)


def test_pauses_are_not_playing() -> None:
    """125 gaps of 2.1 s are more than four minutes, and none of it is playing."""
    hands = player("live.velocity")
    play(hands, minute(20, 40, 60, gap_s=2.1), finish=False)
    assert hands.learned == ()


def test_few_notes_tell_no_hand() -> None:
    """50 notes, 1.5 s apart, last 73 seconds."""
    hands = player("live.velocity")
    play(hands, timed((1.5, note_on(0, 60, 20 + n)) for n in range(50)), finish=False)
    assert hands.learned == ()


def test_what_was_learned_comes_in_without_a_jump() -> None:
    """From 40 to 87 in 20 s, of which 2 are over: 40 + 4.7; half a second more is 1.2 more."""
    hands = player("live.velocity")
    played = minute(20, 30, 40, 50, 60)
    play(hands, played, finish=False)
    middle = [heard(hands, 40, at_s=played[-1].time_s + n / 2)[0] for n in range(60)]
    assert (middle[0], middle[-1]) == (45, 87)
    assert max(b - a for a, b in pairwise(middle)) <= 2


def test_a_known_hand_plays_like_people_from_the_first_note() -> None:
    hands = player("live.velocity", calibration=SOFT)
    assert heard(hands, 40, 56, at_s=1) == [87, 103]
    assert hands.learned == SOFT


def test_learning_switched_on_anew_replaces_what_was_known() -> None:
    hands = player("live.velocity", learn=False, calibration=SOFT)
    hands.turn(turned("live.velocity", calibration=SOFT), 1.0)
    play(hands, minute(80, 90, 100), finish=False)
    assert hands.learned[5] == pytest.approx(90, abs=0.5)


def test_other_options_leave_what_was_learned() -> None:
    hands = player("live.velocity")
    play(hands, minute(20, 40, 60), finish=False)
    learned = hands.learned
    hands.turn(turned("live.velocity", drive=0.5), 200.0)
    assert hands.learned == learned


def test_a_keyboard_with_one_velocity_is_told_of_and_left_alone() -> None:
    told: list[str] = []
    hands = player("live.velocity", LiveContext(warn=told.append))
    play(hands, minute(100), finish=False)
    assert hands.learned == ()
    assert told == ["all keys come nearly as hard as each other, so your touch is not learned"]


def test_whoever_struck_all_keys_alike_is_listened_to_from_the_start() -> None:
    hands = player("live.velocity")
    play(hands, minute(100), finish=False)
    assert hands.learning < 0.2  # 62 s were played, and a few notes came after the minute
    later = [event.at(event.time_s + 70.0) for event in minute(20, 30, 40, 50, 60)]
    play(hands, later, finish=False)
    assert hands.learned[5] == pytest.approx(40, abs=1)


@pytest.mark.parametrize("wrong", [SOFT[:3], SOFT[::-1], SOFT[:-2] + SOFT[:2]])
def test_a_calibration_that_is_none_is_refused(wrong: tuple[float, ...]) -> None:
    with pytest.raises(OptionError, match="allowed are none or 11 rising velocities"):
        player("live.velocity", calibration=wrong)


@given(RISING)
def test_a_curve_never_falls_and_keeps_its_ends(played: tuple[float, ...]) -> None:
    made = curve(played)
    assert (made[0], made[127]) == (0, 127)
    assert all(a <= b for a, b in pairwise(made))


def test_the_quantiles_of_people_stay_where_they_are() -> None:
    assert curve(PEOPLE) == pytest.approx(SAME, abs=1e-9)


@given(st.lists(st.integers(1, 127), min_size=1))
def test_quantiles_rise_and_are_allowed_as_a_calibration(given_velocities: list[int]) -> None:
    counts = [given_velocities.count(velocity) for velocity in range(128)]
    turned("live.velocity", calibration=quantiles(counts))


def test_quantiles_are_those_of_the_definition() -> None:
    """Of 10 to 109, once each, a share p lies below 9.5 + 100 p."""
    counts = [int(10 <= velocity < 110) for velocity in range(128)]
    assert quantiles(counts) == pytest.approx([9.5 + 100 * level for level in LEVELS])


def test_a_calibration_is_read_as_it_was_written() -> None:
    assert read_calibration(write_calibration(SOFT)) == SOFT


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "holds nothing, allowed is"),
        ("played = [", "Invalid|invalid"),
        ("played = [1, 2]", "allowed are none or 11"),
        ("played = []", "allowed is"),
        ("played = 3", "Expected `array`"),
        ("other = 1", "it holds other"),
        ("#" * 5000, "5000 characters"),
    ],
)
def test_a_text_that_holds_no_calibration_is_refused(text: str, fault: str) -> None:
    with pytest.raises(EngineError, match=f"the calibration cannot be used: .*({fault})"):
        read_calibration(text)
