"""The rig passes every message on and lets nothing hang, whatever comes."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.live.ledger import Ledger
from bridge.live.loop_guard import PATTERN, QUIET_S
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


def circle(one: Rig, begins: bytes, *, period_s: float, turns: int) -> list[bytes]:
    """Let what the rig says come back after a time, and return what still goes round at the end."""
    comes_back = [begins]
    for turn in range(turns):
        said = [one.hear(Event(turn * period_s, data), "keys") for data in comes_back]
        comes_back = [event.data for events in said for event in events]
    return comes_back


@pytest.mark.parametrize("period_s", [0.0013, 0.02, 0.05])
@pytest.mark.parametrize("begins", [note_on(0, 60, 9), control(0, 7, 90), b"\xe0\x01\x02"])
def test_a_loop_is_cut_with_a_sentence(period_s: float, begins: bytes) -> None:
    told: list[str] = []
    assert circle(rig(told), begins, period_s=period_s, turns=int(10 / period_s)) == []
    assert len(told) == 1
    assert "keys hears what yuragi plays" in told[0]


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
