from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.live.engine import LiveContext
from engines.live.event import ALL_NOTES_OFF, Event, control, note_off, note_on
from tests.engines.live.streams import (
    Ledger,
    any_stream,
    clean_stream,
    play,
    player,
    timed,
    turned,
)

OPTIONS = st.fixed_dictionaries(
    {
        "amount": st.sampled_from([0.0, 0.5, 1.0]),
        "spread_ms": st.sampled_from([0.0, 45.0, 300.0]),
        "direction": st.sampled_from(["rising", "falling", "alternate"]),
        "slope": st.sampled_from([-1.0, 0.0, 1.0]),
        "window_ms": st.sampled_from([1.0, 14.0, 60.0]),
    }
)
TURNS = st.dictionaries(
    st.integers(0, 40), OPTIONS.map(lambda values: turned("live.strum", **values)), max_size=3
)


class Clock:
    """Count beats at 60 to the minute from time 100."""

    bpm = 60.0

    def beat(self, time_s: float) -> float:
        return time_s - 100.0


def onsets(events: list[Event]) -> list[tuple[int, float]]:
    """Return when each pitch begins, after 100 seconds, in ms."""
    return [(e.data[1], round((e.time_s - 100) * 1000, 3)) for e in events if e.is_note_on]


def chord(*pitches: int, gap_s: float = 0.002) -> list[tuple[float, bytes]]:
    return [(gap_s * (row > 0), note_on(0, pitch, 64)) for row, pitch in enumerate(pitches)]


@given(any_stream(), OPTIONS, TURNS)
def test_nothing_sounds_when_all_keys_are_up_and_it_ended(
    events: list[Event], options: dict[str, Any], turns: dict[int, Any]
) -> None:
    take = play(player("live.strum", **options), events, turns)
    assert Ledger(take.said).sounding == set()


@given(clean_stream(), OPTIONS, TURNS)
def test_each_key_goes_on_and_off_by_turns_and_no_note_is_lost(
    events: list[Event], options: dict[str, Any], turns: dict[int, Any]
) -> None:
    take = play(player("live.strum", **options), events, turns)
    ledger = Ledger(take.said)
    assert (ledger.doubled, ledger.orphans) == ([], [])
    assert sorted(event.data[:2] for event in take.said) == sorted(
        event.data[:2] for event in take.heard
    )


@given(any_stream())
def test_amount_zero_is_what_came(events: list[Event]) -> None:
    assert play(player("live.strum", amount=0), events, finish=False).said == events


def test_the_first_note_sounds_at_once_and_the_others_in_order_of_pitch() -> None:
    """45 ms over three strings after the first: 15, 30 and 45 ms, whichever came when."""
    take = play(player("live.strum"), timed(chord(64, 72, 60, 67)))
    assert onsets(take.said) == [(64, 0), (60, 15), (67, 30), (72, 45)]


def test_a_falling_stroke_goes_down_and_two_notes_take_no_longer_than_a_string() -> None:
    take = play(player("live.strum", direction="falling"), timed(chord(72, 60, 67)))
    assert onsets(take.said) == [(72, 0), (67, 15), (60, 30)]


def test_no_note_sounds_before_the_window_is_over_but_the_first() -> None:
    take = play(player("live.strum", spread_ms=6, window_ms=20), timed(chord(60, 64, 67, 72)))
    assert onsets(take.said) == [(60, 0), (64, 20), (67, 20), (72, 20)]


def test_a_note_that_stands_alone_is_not_late() -> None:
    events = timed([*chord(60, 62, 64, gap_s=0.05)])
    assert play(player("live.strum"), events, finish=False).said == events


def test_offs_move_with_their_notes() -> None:
    """Struck at 2 ms and let go at 6, it sounds from 15 to 19."""
    events = timed([*chord(60, 64), (0.004, note_off(0, 64)), (1, note_off(0, 60))])
    said = play(player("live.strum"), events).said
    assert [round(e.time_s - 100, 3) for e in said if e.data[1] == 64] == [0.015, 0.019]
    assert said[-1] == events[-1]


@pytest.mark.parametrize(("slope", "last"), [(-1, 32), (0, 64), (0.5, 91), (1, 127)])
def test_the_slope_ends_half_or_twice_as_hard(slope: float, last: int) -> None:
    """64 * 2 ** 0.5 is 90.5, rounded to even 90 or up to 91: 90.51 is 91; 128 is too hard."""
    take = play(player("live.strum", slope=slope), timed(chord(60, 64, 67, 72)))
    assert next(e.data[2] for e in take.said if e.data[1] == 72 and e.is_note_on) == last


def test_alternate_strokes_go_up_and_down() -> None:
    rows = [*chord(60, 64, 67), (0.5, b"\xfe"), *chord(61, 65, 68)]
    take = play(player("live.strum", direction="alternate"), timed(rows))
    assert [pitch for pitch, _ in onsets(take.said)] == [60, 64, 67, 61, 68, 65]


@pytest.mark.parametrize(("beat", "order"), [(1.0, [62, 60, 67]), (1.5, [62, 67, 60])])
def test_with_a_clock_strokes_rise_on_the_beat_and_fall_off_it(
    beat: float, order: list[int]
) -> None:
    strummer = player("live.strum", LiveContext(pulse=Clock()), direction="alternate")
    take = play(strummer, timed(chord(62, 67, 60), start_s=100 + beat))
    assert [pitch for pitch, _ in onsets(take.said)] == order


def test_all_notes_off_takes_back_what_waits_and_ends_what_is_on_its_way() -> None:
    stop = control(0, ALL_NOTES_OFF, 0)
    waiting = play(player("live.strum"), timed([*chord(60, 64), (0.002, stop)]), finish=False)
    assert onsets(waiting.said) == [(60, 0)]
    late = play(player("live.strum"), timed([*chord(60, 64, 67), (0.012, stop)]), finish=False)
    assert Ledger(late.said).sounding == set()
