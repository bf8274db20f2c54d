"""The rig passes every message on and lets nothing hang, whatever comes."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.live.ledger import Ledger
from bridge.live.loop_guard import AGAIN_S, PATTERN, QUIET_S
from bridge.live.rig import Rig
from engines.live.chain import LiveChain
from engines.live.event import Event, control, note_off, note_on
from engines.stage import Stage


def rig(told: list[str] | None = None) -> Rig:
    return Rig((told if told is not None else []).append)


def hear(one: Rig, *messages: bytes, begin_s: float = 0.0, gap_s: float = 0.01) -> list[bytes]:
    said: list[Event] = []
    for number, data in enumerate(messages):
        said += one.hear(Event(begin_s + gap_s * number, data))
    return [event.data for event in said]


def silent(said: Sequence[bytes]) -> bool:
    ledger = Ledger()
    for data in said:
        if data[0] < 0xF0:
            ledger.enter(data)
    return ledger.silent


def test_without_a_preset_all_passes_but_active_sensing() -> None:
    played = [note_on(0, 60, 9), b"\xf8", b"\xf0\x01\xf7", note_off(0, 60, 3), b"\xe1\x02\x03"]
    assert hear(rig(), *played, b"\xfe") == played


def test_an_orphan_off_is_left_out() -> None:
    assert hear(rig(), note_off(0, 60)) == []


def test_a_note_that_begins_again_is_ended_first() -> None:
    on = note_on(0, 60, 9)
    assert hear(rig(), on, on, note_off(0, 60)) == [on, note_off(0, 60), on, note_off(0, 60)]


def test_all_notes_off_ends_the_keys_of_its_channel() -> None:
    said = hear(rig(), note_on(1, 60, 9), note_on(2, 60, 9), control(1, 123, 0))
    assert said[2:] == [note_off(1, 60), control(1, 123, 0)]


MESSAGES = st.tuples(
    st.sampled_from([0x80, 0x90, 0x91, 0xB0]), st.integers(58, 70), st.integers(0, 127)
).map(bytes)


@given(st.lists(MESSAGES, max_size=100))
def test_nothing_sounds_when_all_is_let_go(messages: list[bytes]) -> None:
    one = rig()
    played = [data for data in messages if not (data[0] == 0xB0 and data[1] in range(64, 70))]
    said = hear(one, *played) + [event.data for event in one.release_all(9.0)]
    assert silent(said)


def circle(one: Rig, *begins: bytes, period_s: float, turns: int, clock: int = 0) -> list[bytes]:
    """Let what the rig says come back after a time, and return what still goes round at the end.

    With `clock` a tick comes from outside in every so many turns.
    """
    comes_back = list(begins)
    for turn in range(turns):
        comes_back += [b"\xf8"] if clock and turn % clock == 0 else []
        said = [one.hear(Event(turn * period_s, data), "keys") for data in comes_back]
        comes_back = [event.data for events in said for event in events]
    return comes_back


@pytest.mark.parametrize("period_s", [0.0013, 0.02, 0.05])
@pytest.mark.parametrize(
    "begins",
    [
        [note_on(0, 60, 9)],
        [control(0, 7, 90)],
        [control(0, 1, 5), control(0, 1, 6)],
        [b"\xe0\x01\x02", b"\xe0\x05\x02"],
        [b"\xfa"],
        [b"\xf0\x01\xf7"],
    ],
)
def test_a_loop_is_cut_with_a_sentence(period_s: float, begins: list[bytes]) -> None:
    told: list[str] = []
    assert circle(rig(told), *begins, period_s=period_s, turns=int(10 / period_s)) == []
    assert len(told) == 1
    assert "keys hears what yuragi plays" in told[0]


@pytest.mark.parametrize("period_s", [0.0013, 0.02])
def test_a_clock_that_comes_back_is_cut_with_one_sentence(period_s: float) -> None:
    told: list[str] = []
    one, ticks = rig(told), int(1 / 48 / period_s) or 1
    assert circle(one, period_s=period_s, turns=int(30 / period_s), clock=ticks) == []
    assert len(told) == 1


def test_a_clock_is_followed_again_when_its_loop_is_gone() -> None:
    told: list[str] = []
    one = rig(told)
    circle(one, period_s=0.0013, turns=4000, clock=16)
    ticks = [Event(5.2 + number / 48, b"\xf8") for number in range(480)]
    said = [event.data for tick in ticks for event in one.hear(tick, "keys")]
    assert said.count(b"\xf8") >= 480 - 48 * QUIET_S - 1
    assert len(told) == 1


@pytest.mark.parametrize("per_s", [10, 48, 400])
def test_a_steady_clock_is_never_tried(per_s: int) -> None:
    ticks = [b"\xf8"] * (60 * per_s)
    assert hear(rig(), *ticks, gap_s=1 / per_s) == ticks


def test_when_a_port_is_cut_its_keys_and_pedals_are_let_go() -> None:
    one, said, comes_back = rig(), [], [note_on(0, 60, 9), control(0, 64, 90)]
    said += [event.data for event in one.hear(Event(0.0, note_on(0, 72, 9)), "others")]
    for turn in range(1000):
        heard = [one.hear(Event(turn * 0.0013, data), "keys") for data in comes_back]
        comes_back = [event.data for events in heard for event in events]
        said += comes_back
    ledger = Ledger()
    for data in said:
        ledger.enter(data)
    assert comes_back == []
    assert ledger.ends() == [note_off(0, 72)]


def test_a_port_that_was_cut_is_heard_again_when_it_is_quiet() -> None:
    one = rig()
    circle(one, note_on(0, 60, 9), period_s=0.0013, turns=1000)
    assert one.hear(Event(999 * 0.0013 + QUIET_S, note_on(0, 62, 9)), "keys")


def test_a_sequencer_that_plays_like_a_loop_is_tried_and_heard_on() -> None:
    told: list[str] = []
    played = [note_on(0, 60, 9), note_off(0, 60)] * 1000
    said = hear(rig(told), *played, gap_s=0.004)
    assert told == []
    assert [data for data in said if data not in PATTERN] == played
    assert set(PATTERN) <= set(said)


def test_who_is_innocent_is_tried_less_and_less() -> None:
    played = [note_on(0, 60, 9), note_off(0, 60)] * 15_000  # 120 s
    said = hear(rig(), *played, gap_s=0.004)
    # again whenever twice as much repeats, from 31 to 500 in the window: 5 times at most; and after
    # 4, 8, 16, 32 and 64 s
    assert said.count(PATTERN[0]) <= 10


def test_a_loop_of_an_innocent_port_is_found_though_it_was_tried_just_before() -> None:
    told: list[str] = []
    one = rig(told)
    hear(one, *[note_on(0, 60, 9), note_off(0, 60)] * 50, gap_s=0.01)
    assert told == []
    assert circle(one, note_on(0, 61, 9), period_s=0.0013, turns=5000) == []
    assert AGAIN_S > 50 * 0.02  # that is how long it was


def test_players_are_never_tried() -> None:
    strokes = [note_on(0, 60, 9), note_off(0, 60), b"\xf8"] * 1000
    said = hear(rig(), *strokes, gap_s=1 / 36)
    assert said == strokes


def test_a_preset_changed_in_a_chord_lets_its_notes_end_where_they_began() -> None:
    one = rig()
    latch = LiveChain([Stage("live.latch")])
    said = [event.data for event in one.change(latch, 0.0)]
    said += hear(one, note_on(0, 60, 9), note_on(0, 64, 9), begin_s=1.0)
    said += [event.data for event in one.change(LiveChain([]), 2.0)]
    said += hear(one, note_on(0, 67, 9), begin_s=3.0)
    assert not silent(said)
    said += hear(one, note_off(0, 60), note_off(0, 64), note_off(0, 67), begin_s=4.0)
    assert silent(said)


def humanizer(lookahead_ms: float = 10.0) -> LiveChain:
    """Return a chain that holds all back for so long, and changes nothing else."""
    options = {"lookahead_ms": lookahead_ms, "timing": 0.0, "velocity": 0.0}
    return LiveChain([Stage("live.humanize", options)])


def test_what_waits_in_an_old_chain_sounds_whatever_comes() -> None:
    one = rig()
    one.change(humanizer(), 0.0)
    said = one.hear(Event(1.0, note_on(0, 60, 9))) + one.hear(Event(1.0, note_on(0, 64, 9)))
    said += one.change(LiveChain([]), 1.1)
    said += one.hear(Event(1.2, note_off(0, 60)))
    said += one.hear(Event(1.22, control(0, 1, 5))) + one.hear(Event(1.22, b"\xf0\x01\xf7"))
    said += one.tick(1.3)
    said += one.hear(Event(1.4, note_off(0, 64))) + one.tick(1.5)
    data = [event.data for event in said]
    assert silent(data)
    assert data.count(control(0, 1, 5)) == data.count(b"\xf0\x01\xf7") == 1


def test_controllers_stay_in_order_when_a_preset_answers_sooner_than_the_one_before() -> None:
    one = rig()
    one.change(humanizer(30.0), 0.0)
    said: list[Event] = one.hear(Event(0.9, note_on(0, 60, 9)))
    for number in range(20):
        at_s = 1.0 + 0.005 * number
        said += one.tick(at_s)
        said += one.change(LiveChain([]), at_s) if number == 10 else []
        said += one.hear(Event(at_s, control(0, 1, number)))
    said += one.tick(2.0)
    wheel = [event for event in said if event.data[0] == 0xB0]
    assert [e.data[2] for e in sorted(wheel, key=lambda event: event.time_s)] == list(range(20))


def test_the_foot_of_a_preset_that_was_changed_does_not_lift_the_players_own() -> None:
    one = rig()
    one.change(LiveChain([Stage("live.pedal")]), 0.0)
    one.hear(Event(1.0, note_on(0, 60, 9)))
    assert [event.data for event in one.tick(1.5)] == [control(0, 64, 127)]
    one.change(LiveChain([]), 2.0)
    one.hear(Event(2.1, control(0, 64, 127)))
    assert [event.data for event in one.hear(Event(2.2, note_off(0, 60)))] == [note_off(0, 60)]


@pytest.mark.parametrize("number", [120, 123, 124, 127])
def test_what_ends_all_notes_ends_those_of_old_chains(number: int) -> None:
    one = rig()
    said = one.hear(Event(1.0, note_on(0, 60, 9)))
    said += one.change(humanizer(), 1.1)
    said += one.hear(Event(1.2, control(0, number, 0))) + one.tick(1.5)
    assert [event.data for event in said[1:]] == [note_off(0, 60), control(0, number, 0)]
