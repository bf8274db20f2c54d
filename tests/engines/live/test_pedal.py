from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.live.engine import LiveContext
from engines.live.event import (
    ALL_NOTES_OFF,
    ALL_SOUND_OFF,
    RESET,
    SUSTAIN,
    Event,
    control,
    note_off,
    note_on,
)
from engines.live.pedal import GATHER_S, OWN_S, SPREAD
from engines.live.strings import chroma, near
from tests.engines.live.streams import Ledger, any_stream, play, player, timed, turned

OPTIONS = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([0.0, 0.5, 1.0]),
        "delay_ms": st.sampled_from([40.0, 300.0]),
        "care": st.sampled_from([-1.0, 0.0, 1.0]),
        "silence_s": st.sampled_from([0.1, 1.5]),
    }
)
TURNS = st.dictionaries(
    st.integers(0, 40), OPTIONS.map(lambda values: turned("live.pedal", **values)), max_size=3
)
Rows = list[tuple[float, bytes]]


class Clock:
    """Count beats at 60 to the minute from time 100."""

    bpm = 60.0

    def beat(self, time_s: float) -> float:
        return time_s - 100.0


def added(heard: list[Event], said: list[Event]) -> list[Event]:
    """Return what was said but not heard, in order."""
    left, more = list(heard), []
    for event in said:
        if left and event == left[0]:
            left.pop(0)
        else:
            more.append(event)
    assert left == []
    return more


def moves(rows: Rows, pedal: Any = None, **options: Any) -> list[tuple[float, int]]:
    """Return what the pedal does, seconds after the start and values, before the end."""
    events = timed([*rows, (3, b"\xfe")])
    take = play(pedal or player("live.pedal", **options), events, finish=False)
    return [(round(e.time_s - 100, 3), e.data[2]) for e in added(events, take.said)]


def strikes(gap_s: float, *pitches: int) -> Rows:
    return [(gap_s * (row == 0), note_on(0, pitch, 80)) for row, pitch in enumerate(pitches)]


def lifts(gap_s: float, *pitches: int) -> Rows:
    return [(gap_s * (row == 0), note_off(0, pitch)) for row, pitch in enumerate(pitches)]


@given(any_stream(), OPTIONS, TURNS)
def test_all_passes_and_no_pedal_of_ours_is_down_when_it_ended(
    events: list[Event], options: dict[str, Any], turns: dict[int, Any]
) -> None:
    take = play(player("live.pedal", **options), events, turns)
    ours = added(take.heard, take.said)
    assert all(event.data[:2] == bytes((0xB0 | event.channel, SUSTAIN)) for event in ours)
    assert Ledger(take.said).pedals <= Ledger(take.heard).pedals


@given(any_stream(), OPTIONS)
def test_presses_and_lifts_come_by_turns(events: list[Event], options: dict[str, Any]) -> None:
    keys_only = [event for event in events if event.status != 0xB0]
    take = play(player("live.pedal", **options), keys_only)
    for channel in range(16):
        ours = [e.data[2] > 0 for e in added(take.heard, take.said) if e.channel == channel]
        assert ours == [n % 2 == 0 for n in range(len(ours))]


@given(any_stream(), OPTIONS)
def test_amount_zero_is_what_came(events: list[Event], options: dict[str, Any]) -> None:
    options["amount"] = 0
    assert play(player("live.pedal", **options), events, finish=False).said == events


def test_a_new_harmony_lifts_the_pedal_just_after_it_began_and_catches_it() -> None:
    """C major at 0, F major at 1 s, keys joined; 90 ms up, more or less by a fifth."""
    rows = [*strikes(0, 48, 60, 64, 67), *lifts(0.99, 60, 64, 67), *strikes(0.01, 53, 60, 65, 69)]
    (down_s, _), (up_s, up), (again_s, again) = moves([*rows, *lifts(0.02, 48)])
    assert down_s == pytest.approx(GATHER_S + 0.09, abs=0.09 * SPREAD)
    assert (up_s, up, again) == (1 + GATHER_S, 0, 127)
    assert again_s - up_s == pytest.approx(0.09, abs=0.09 * SPREAD)


def test_a_broken_chord_rings_under_one_pedal() -> None:
    rows = strikes(0, 48)
    for pitch, before in [(55, 48), (64, 55), (72, 64), (76, 72)]:
        rows += [*strikes(0.4, pitch), *lifts(0.01, before)]
    assert [value for _, value in moves(rows)] == [127]


def test_a_line_of_steps_is_not_blurred() -> None:
    rows = strikes(0, 72)
    for pitch in (74, 76, 77):
        rows += [*strikes(0.5, pitch), *lifts(0.01, pitch - 1), *lifts(0, pitch - 2)]
    assert [value for _, value in moves(rows)] == [127, 0] * 3 + [127]


def test_less_care_lets_harmonies_run_into_each_other() -> None:
    rows = [*strikes(0, 48, 60, 64), *lifts(0.99, 48, 60, 64), *strikes(0.01, 53, 60, 65)]
    assert [value for _, value in moves(rows, care=-1)] == [127]


def test_short_notes_are_not_caught() -> None:
    assert moves([*strikes(0, 60, 64, 67), *lifts(0.08, 60, 64, 67)]) == []


def test_the_pedal_lifts_when_nothing_is_held_for_a_while() -> None:
    rows = [*strikes(0, 60), *lifts(1, 60)]
    assert moves(rows, silence_s=0.7)[1:] == [(1.7, 0)]


def test_the_amount_is_how_deep_it_goes() -> None:
    """Half of 127 is 63.5, and the even number next to it 64."""
    assert moves(strikes(0, 60), amount=0.5)[0][1] == 64


def test_drums_have_no_pedal() -> None:
    assert moves([(0, note_on(9, 36, 100))]) == []


@pytest.mark.parametrize(("wait_s", "plays"), [(OWN_S - 1, False), (OWN_S + 1, True)])
def test_the_player_s_own_foot_wins_and_some_seconds_longer(wait_s: float, plays: bool) -> None:
    own = [(0.0, control(0, SUSTAIN, 127)), (20.0, control(0, SUSTAIN, 0))]
    first, then = strikes(1, 60), strikes(wait_s, 65)
    assert bool(moves([own[0], *first, *lifts(1, 60), own[1], *then])) == plays


def test_our_pedal_is_left_to_the_player_s_foot_when_it_comes() -> None:
    rows = [*strikes(0, 60), (1, control(0, SUSTAIN, 127)), *lifts(1, 60)]
    assert [value for _, value in moves([*rows, (1, control(0, SUSTAIN, 0))])] == [127]


def test_with_a_clock_the_pedal_may_be_renewed_by_the_bar() -> None:
    """The same note at beats 0, 2 and 4, held over: new by itself at none of them."""
    rows = [*strikes(0, 60, 64, 67), *strikes(2, 76), *lifts(1, 76), *strikes(1, 76)]
    assert len(moves(rows)) == 1
    pedal = player("live.pedal", LiveContext(pulse=Clock()), renew_beats=4)
    assert [(int(time_s), value) for time_s, value in moves(rows, pedal)] == [
        *((0, 127), (4, 0), (4, 127)),
    ]


@pytest.mark.parametrize("number", [ALL_SOUND_OFF, RESET, ALL_NOTES_OFF])
def test_what_ends_notes_or_resets_lifts_the_pedal_before_it(number: int) -> None:
    stop = control(0, number, 0)
    said = play(player("live.pedal"), timed([*strikes(0, 60), (1, stop)]), finish=False).said
    assert [event.data for event in said[-2:]] == [control(0, SUSTAIN, 0), stop]


def test_switched_off_it_lifts_the_pedal() -> None:
    events = timed([*strikes(0, 60), (1, b"\xfe")])
    take = play(player("live.pedal"), events, {1: turned("live.pedal", amount=0)}, finish=False)
    assert take.said[-1].data == control(0, SUSTAIN, 0)


def test_what_is_near_is_a_step_away_in_any_octave() -> None:
    """Around C, pitch class 0, lie B flat, B, D flat and D: 10, 11, 1 and 2."""
    assert near(chroma({60})) == 1 << 10 | 1 << 11 | 1 << 1 | 1 << 2
