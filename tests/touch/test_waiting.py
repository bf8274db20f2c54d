import pytest

from engines.live.engine import NEVER
from engines.live.event import BEND, PROGRAM, SUSTAIN, Event, control, note_off, note_on
from engines.touch.waiting import Waiting

ON, OFF = note_on(0, 60, 90), note_off(0, 60)


def times(waiting: Waiting) -> list[tuple[float, bytes]]:
    return [(round(event.time_s, 6), event.data) for event in waiting.due(NEVER)]


def test_a_note_is_as_long_as_it_was() -> None:
    waiting = Waiting(0.02)
    waiting.begin(Event(1.0, ON), ON, -0.015)
    waiting.end(Event(1.5, OFF))
    assert times(waiting) == [(1.005, ON), (1.505, OFF)]


def test_a_repeated_key_begins_no_sooner_than_it_has_ended() -> None:
    waiting = Waiting(0.02)
    waiting.begin(Event(1.0, ON), ON, 0.03)
    waiting.end(Event(1.5, OFF))
    waiting.begin(Event(1.51, ON), ON, -0.02)
    assert times(waiting) == [(1.05, ON), (1.55, OFF), (1.55, ON)]


def test_offs_end_overlapping_notes_of_a_key_in_the_order_of_their_beginning() -> None:
    waiting = Waiting()
    waiting.begin(Event(1.0, ON), ON, 0.0)
    waiting.begin(Event(1.1, ON), ON, 0.02)
    waiting.end(Event(1.2, OFF))
    waiting.end(Event(1.3, OFF))
    assert [time for time, _ in times(waiting)] == [1.0, 1.12, 1.2, 1.32]


def test_a_pedal_that_goes_down_does_so_after_the_notes_before_it() -> None:
    waiting, down = Waiting(0.01), control(0, SUSTAIN, 127)
    waiting.begin(Event(1.0, ON), ON, 0.02)
    waiting.end(Event(1.1, OFF))
    waiting.pass_on(Event(1.105, down))
    assert times(waiting)[1:] == [(1.13, OFF), (1.13, down)]


def test_a_pedal_that_is_down_already_is_as_late_as_all_else() -> None:
    waiting = Waiting(0.01)
    waiting.pass_on(Event(0.9, control(0, SUSTAIN, 100)))
    waiting.begin(Event(1.0, ON), ON, 0.03)
    waiting.pass_on(Event(1.005, control(0, SUSTAIN, 110)))
    assert [time for time, _ in times(waiting)] == [0.91, 1.015, 1.04]


@pytest.mark.parametrize("ruler", [bytes((PROGRAM, 3)), control(0, 0, 1), control(0, 121, 0)])
def test_no_note_goes_before_what_rules_over_it(ruler: bytes) -> None:
    waiting = Waiting(0.03)
    waiting.pass_on(Event(1.0, ruler))
    waiting.begin(Event(1.001, ON), ON, -0.03)
    assert times(waiting) == [(1.03, ruler), (1.03, ON)]


@pytest.mark.parametrize("number", [120, 123, 124, 127])
def test_nothing_sounds_after_all_notes_are_off(number: int) -> None:
    waiting, ending = Waiting(0.01), control(0, number, 0)
    waiting.begin(Event(1.0, ON), ON, 0.03)
    waiting.pass_on(Event(1.01, ending))
    assert times(waiting) == [(1.04, ON), (1.04, ending)]


def test_other_channels_do_not_wait() -> None:
    waiting = Waiting(0.01)
    waiting.begin(Event(1.0, ON), ON, 0.03)
    waiting.pass_on(Event(1.0, control(1, 123, 0)))
    assert times(waiting)[0] == (1.01, control(1, 123, 0))


def test_bends_wait_for_the_look_ahead_and_clocks_for_nothing() -> None:
    waiting, bend = Waiting(0.02), bytes((BEND, 0, 64))
    waiting.pass_on(Event(1.0, bend))
    waiting.pass_on(Event(1.01, b"\xf8"))
    assert times(waiting) == [(1.01, b"\xf8"), (1.02, bend)]


def test_controllers_keep_their_order_when_the_look_ahead_shrinks() -> None:
    waiting = Waiting(0.03)
    waiting.pass_on(Event(1.0, control(0, 1, 10)))
    waiting.lookahead_s = 0.0
    waiting.pass_on(Event(1.01, control(0, 1, 20)))
    assert times(waiting) == [(1.03, control(0, 1, 10)), (1.03, control(0, 1, 20))]


def test_what_waits_is_due_when_it_sounds() -> None:
    waiting = Waiting(0.02)
    assert waiting.due_s == NEVER
    waiting.begin(Event(1.0, ON), ON, 0.005)
    assert waiting.due_s == pytest.approx(1.025)
    assert waiting.due(1.02) == []
    assert len(waiting.due(1.03)) == 1
