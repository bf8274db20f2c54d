from pathlib import Path

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
