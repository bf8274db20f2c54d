from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.live.event import ALL_NOTES_OFF, Event, control, note_off, note_on
from engines.live.key_ear import KeyEar
from engines.live.scale import INTERVALS, TONICS, Scale
from tests.engines.live.streams import (
    Ledger,
    any_stream,
    clean_stream,
    messages,
    play,
    player,
    timed,
    turned,
)

OPTIONS = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([0.0, 0.5, 1.0]),
        "steps": st.sampled_from([(), (2,), (2, 4, 7), (-7, -1, 0, 1, 7)]),
        "tonic": st.sampled_from(["auto", "C", "Eb"]),
        "scale": st.sampled_from(["auto", "minor", "blues", "chromatic"]),
        "snap": st.booleans(),
    }
)
TURNS = st.dictionaries(
    st.integers(0, 40), OPTIONS.map(lambda values: turned("live.harmonise", **values)), max_size=3
)
IN_C: dict[str, Any] = {"tonic": "C", "scale": "major"}


def pitches(events: list[Event]) -> list[int]:
    return [event.data[1] for event in events]


def struck(*keys: int, **options: Any) -> list[int]:
    """Return what sounds when some keys are struck and held, in order."""
    rows = timed((0.1, note_on(0, key, 100)) for key in keys)
    return pitches(play(player("live.harmonise", **options), rows, finish=False).said)


@given(any_stream(), OPTIONS, TURNS)
def test_nothing_sounds_when_all_keys_are_up_and_it_ended(
    events: list[Event], options: dict[str, Any], turns: dict[int, Any]
) -> None:
    take = play(player("live.harmonise", **options), events, turns)
    assert Ledger(take.said).sounding == set()


@given(clean_stream(), OPTIONS, TURNS)
def test_each_key_goes_on_and_off_by_turns(
    events: list[Event], options: dict[str, Any], turns: dict[int, Any]
) -> None:
    take = play(player("live.harmonise", **options), events, turns)
    ledger = Ledger(take.said)
    assert (ledger.doubled, ledger.orphans) == ([], [])


@given(clean_stream(), OPTIONS)
def test_nothing_sounds_that_no_key_wants(events: list[Event], options: dict[str, Any]) -> None:
    take = play(player("live.harmonise", **options), events, finish=False)
    held = Ledger(events).sounding
    most = (1 + len(options["steps"])) * len(held)
    assert len(Ledger(take.said).sounding) <= most


@given(any_stream(), OPTIONS)
def test_amount_zero_is_what_came(events: list[Event], options: dict[str, Any]) -> None:
    options["amount"] = 0
    assert play(player("live.harmonise", **options), events, finish=False).said == events


def test_a_third_above_is_major_or_minor_as_the_scale_has_it() -> None:
    assert struck(60, 62, **IN_C) == [60, 64, 62, 65]


def test_steps_may_lie_below_and_an_octave_apart() -> None:
    assert struck(60, steps=(-7, -2, 7), **IN_C) == [60, 48, 57, 72]


def test_added_notes_are_softer_by_the_amount() -> None:
    said = play(player("live.harmonise", amount=0.5, **IN_C), timed([(0, note_on(0, 60, 90))]))
    assert messages(said.said[:2]) == [note_on(0, 60, 90), note_on(0, 64, 45)]


def test_what_no_key_has_is_left_out() -> None:
    assert struck(127, 0, steps=(7, -7), **IN_C) == [127, 115, 0, 12]


def test_snap_moves_a_wrong_note_to_the_nearest_the_lower_of_two() -> None:
    assert struck(61, 66, steps=(), snap=True, **IN_C) == [60, 65]


def test_a_wrong_note_without_snap_is_harmonised_like_its_neighbour() -> None:
    assert struck(61, **IN_C) == [61, 64]


def test_drums_are_left_alone() -> None:
    events = timed([(0, note_on(9, 38, 100))])
    assert play(player("live.harmonise"), events, finish=False).said == events


def test_an_off_ends_what_its_on_began_though_the_key_changed() -> None:
    events = timed([(0, note_on(0, 60, 90)), (1, b"\xfe"), (1, note_off(0, 60, 7))])
    turns = {1: turned("live.harmonise", tonic="Ab", scale="major", steps=(3,))}
    said = play(player("live.harmonise", **IN_C), events, turns).said
    assert messages(said[3:]) == [note_off(0, 60, 7), note_off(0, 64, 7)]


def test_a_key_that_sounds_already_is_struck_again_and_ends_with_the_last_that_wants_it() -> None:
    rows = [note_on(0, 60, 100), note_on(0, 64, 90), note_off(0, 64), note_off(0, 60)]
    said = play(player("live.harmonise", **IN_C), timed((0.1, row) for row in rows)).said
    assert messages(said) == [
        *(note_on(0, 60, 100), note_on(0, 64, 80)),
        *(note_off(0, 64), note_on(0, 64, 90), note_on(0, 67, 72)),
        note_off(0, 67),
        *(note_off(0, 60), note_off(0, 64)),
    ]


def test_pressure_on_a_key_presses_its_voices() -> None:
    rows = timed([(0, note_on(0, 60, 90)), (0, b"\xa0\x3c\x40")])
    said = play(player("live.harmonise", **IN_C), rows, finish=False).said
    assert messages(said[2:]) == [b"\xa0\x3c\x40", b"\xa0\x40\x40"]


def test_all_notes_off_ends_the_voices_with_offs_of_their_own() -> None:
    stop = control(0, ALL_NOTES_OFF, 0)
    rows = timed([(0, note_on(0, 60, 90)), (1, stop)])
    said = play(player("live.harmonise", **IN_C), rows, finish=False).said
    assert messages(said[2:]) == [note_off(0, 64), stop]


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("mode", ["major", "harmonic minor"])
def test_a_scale_that_is_played_tells_its_key(tonic: int, mode: str) -> None:
    ear = KeyEar()
    for step in (*INTERVALS[mode], 12, 7, 3 + (mode == "major"), 0):
        ear.hear(48 + tonic + step)
    assert ear.scale(None, None) == Scale(tonic, mode.rsplit(maxsplit=1)[-1])


def test_a_scale_that_was_chosen_keeps_its_name_and_hears_its_tonic() -> None:
    ear = KeyEar()
    for step in (0, 3, 5, 7, 10, 12, 7, 3, 0):
        ear.hear(57 + step)
    assert ear.scale(None, "dorian") == Scale(TONICS.index("A"), "dorian")


def test_one_strange_note_does_not_change_the_key() -> None:
    ear = KeyEar()
    for pitch in (60, 64, 67, 72, 65, 69, 62, 67, 60):
        ear.hear(pitch)
    before = ear.scale(None, None)
    ear.hear(61)
    assert ear.scale(None, None) == before == Scale(0, "major")


@pytest.mark.parametrize("mode", INTERVALS)
def test_a_scale_s_own_notes_are_nearest_to_themselves(mode: str) -> None:
    scale = Scale(2, mode)
    assert [scale.nearest(62 + step) for step in INTERVALS[mode]] == [
        62 + step for step in INTERVALS[mode]
    ]
    assert scale.step(62, len(INTERVALS[mode])) == 74
