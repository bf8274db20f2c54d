from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.live.event import ALL_NOTES_OFF, RESET, Event, control, note_off, note_on
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

OPTIONS = st.builds(
    lambda hold, mode: turned("live.latch", hold=hold, mode=mode),
    st.booleans(),
    st.sampled_from(["chord", "toggle"]),
)
TURNS = st.dictionaries(st.integers(0, 40), OPTIONS, max_size=3)
MODES = pytest.mark.parametrize("mode", ["chord", "toggle"])


@given(any_stream(), OPTIONS, TURNS)
def test_nothing_sounds_when_all_keys_are_up_and_it_ended(
    events: list[Event], first: Any, turns: dict[int, Any]
) -> None:
    take = play(player("live.latch", hold=first.hold, mode=first.mode), events, turns)
    assert Ledger(take.said).sounding == set()


@given(clean_stream(), OPTIONS, TURNS)
def test_each_key_goes_on_and_off_by_turns(
    events: list[Event], first: Any, turns: dict[int, Any]
) -> None:
    take = play(player("live.latch", hold=first.hold, mode=first.mode), events, turns)
    ledger = Ledger(take.said)
    assert (ledger.doubled, ledger.orphans) == ([], [])


@given(any_stream(), st.sampled_from(["chord", "toggle"]))
def test_without_hold_all_passes_as_it_came(events: list[Event], mode: str) -> None:
    assert play(player("live.latch", hold=False, mode=mode), events, finish=False).said == events


@MODES
def test_a_key_that_goes_up_sounds_on(mode: str) -> None:
    events = timed([(0, note_on(0, 60, 90)), (1, note_off(0, 60, 12))])
    assert play(player("live.latch", mode=mode), events, finish=False).said == events[:1]


def test_the_next_chord_ends_the_last_one_with_its_own_release() -> None:
    chord = [(0, note_on(0, 60, 90)), (0, note_on(0, 64, 90))]
    up = [(1, note_off(0, 60, 12)), (0, note_off(0, 64, 13))]
    take = play(player("live.latch"), timed([*chord, *up, (1, note_on(0, 65, 80))]), finish=False)
    assert messages(take.said[2:]) == [up[0][1], up[1][1], note_on(0, 65, 80)]


def test_keys_join_a_chord_while_a_finger_is_down() -> None:
    rows = [note_on(0, 60, 90), note_on(0, 64, 90), note_off(0, 64), note_on(0, 67, 90)]
    take = play(player("live.latch"), timed((0.1, row) for row in rows), finish=False)
    assert Ledger(take.said).sounding == {(0, 60), (0, 64), (0, 67)}


def test_by_toggle_a_key_struck_again_ends_itself_alone() -> None:
    rows = [note_on(0, 60, 90), note_off(0, 60), note_on(0, 64, 90), note_off(0, 64)]
    rows += [note_on(0, 60, 90), note_off(0, 60)]
    take = play(player("live.latch", mode="toggle"), timed((0.1, r) for r in rows), finish=False)
    assert Ledger(take.said).sounding == {(0, 64)}


def test_a_channel_does_not_end_what_another_holds() -> None:
    rows = [note_on(0, 60, 90), note_off(0, 60), note_on(1, 64, 90)]
    take = play(player("live.latch"), timed((0.1, row) for row in rows), finish=False)
    assert Ledger(take.said).sounding == {(0, 60), (1, 64)}


def test_hold_switched_off_lets_go_but_not_of_keys_under_a_finger() -> None:
    rows = [note_on(0, 60, 90), note_on(0, 64, 90), note_off(0, 60)]
    events = timed((0.1, row) for row in rows)
    take = play(player("live.latch"), events, {2: turned("live.latch", hold=False)}, finish=False)
    assert Ledger(take.said).sounding == {(0, 64)}


def test_a_reset_lets_go_like_a_pedal() -> None:
    rows = [note_on(0, 60, 90), note_on(0, 64, 90), note_off(0, 60), control(0, RESET, 0)]
    take = play(player("live.latch"), timed((0.1, row) for row in rows), finish=False)
    assert Ledger(take.said).sounding == {(0, 64)}


def test_all_notes_off_ends_what_is_held_with_offs_of_its_own() -> None:
    stop = control(0, ALL_NOTES_OFF, 0)
    rows = [note_on(0, 60, 90), note_off(0, 60, 33), stop]
    take = play(player("live.latch"), timed((0.1, row) for row in rows), finish=False)
    assert messages(take.said) == [note_on(0, 60, 90), note_off(0, 60, 33), stop]
