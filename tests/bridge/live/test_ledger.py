"""What is sent is entered; the oracle is an instrument, not the ledger itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.live.ledger import Ledger
from engines.live.event import control, note_off, note_on

MESSAGES = st.tuples(st.integers(0x80, 0xEF), st.integers(0, 127), st.integers(0, 127)).map(bytes)


@given(st.lists(MESSAGES, max_size=200))
def test_whatever_was_sent_its_ends_make_silence(messages: list[bytes]) -> None:
    ledger = Ledger()
    for data in messages:
        ledger.enter(data)
    for data in ledger.ends():
        ledger.enter(data)
    assert ledger.silent


class Instrument:
    """Know what sounds or is held by MIDI's own rules, for `HOLDS` are down above 0."""

    def __init__(self) -> None:
        self.sounds: set[tuple[str, int, int]] = set()

    def hear(self, data: bytes) -> None:
        """Take a note, a pedal, a bend, a reset, or what ends all notes of a channel."""
        kind, channel = data[0] & 0xF0, data[0] & 0x0F
        if kind in {0x80, 0x90}:
            self._set(("note", channel, data[1]), kind == 0x90 and data[2] > 0)
        elif kind == 0xE0:
            self._set(("bend", channel, 0), data[1:] != b"\x00\x40")
        elif kind == 0xB0 and data[1] in {64, 66, 67, 69}:
            self._set(("pedal", channel, data[1]), data[2] > 0)
        elif kind == 0xB0 and data[1] in {120, 123, 124, 125, 126, 127}:
            self.sounds = {one for one in self.sounds if one[:2] != ("note", channel)}
        elif kind == 0xB0 and data[1] == 121:
            ended = {("bend", channel), ("pedal", channel)}
            self.sounds = {one for one in self.sounds if one[:2] not in ended}

    def _set(self, what: tuple[str, int, int], on: bool) -> None:
        (self.sounds.add if on else self.sounds.discard)(what)


LIKELY = st.tuples(
    st.sampled_from([0x80, 0x90, 0xB0, 0xE0]),
    st.sampled_from([0, 60, 64, 66, 67, 69, 120, 121, 123, 124, 127]),
    st.sampled_from([0, 1, 40, 64, 127]),
).map(bytes)


@given(st.lists(LIKELY, max_size=60))
def test_an_instrument_that_hears_the_ends_is_silent(messages: list[bytes]) -> None:
    ledger, instrument = Ledger(), Instrument()
    for data in messages:
        ledger.enter(data)
        instrument.hear(data)
    for data in ledger.ends():
        instrument.hear(data)
    assert instrument.sounds == set()


@pytest.mark.parametrize("value", [1, 51, 63])
def test_a_pedal_that_is_half_down_is_lifted(value: int) -> None:
    ledger = Ledger()
    ledger.enter(control(2, 64, value))
    assert ledger.ends() == [control(2, 64, 0)]


@pytest.mark.parametrize("number", [120, 123, 124, 125, 126, 127])
def test_what_ends_all_notes_ends_them_in_the_ledger(number: int) -> None:
    ledger = Ledger()
    ledger.enter(note_on(2, 60, 9))
    ledger.enter(control(2, number, 0))
    assert ledger.silent


def test_a_note_is_ended_as_often_as_it_began() -> None:
    ledger = Ledger()
    ledger.enter(note_on(3, 60, 1))
    ledger.enter(note_on(3, 60, 2))
    assert ledger.ends() == [note_off(3, 60), note_off(3, 60)]


def test_a_pedal_is_lifted_before_notes_end() -> None:
    ledger = Ledger()
    ledger.enter(note_on(0, 60, 1))
    ledger.enter(control(0, 64, 127))
    assert ledger.ends() == [control(0, 64, 0), note_off(0, 60)]


def test_another_process_can_read_what_sounds(tmp_path: Path) -> None:
    Ledger(tmp_path / "book").enter(note_on(9, 36, 99))
    assert Ledger(tmp_path / "book").sounding == [(9, 36)]
