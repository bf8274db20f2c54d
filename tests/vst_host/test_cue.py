import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.vst_host.process import Row, events
from vst_host.cue import cues

RATE = 1_000

ROWS = st.lists(
    st.tuples(
        st.integers(0, 50).map(lambda frame: frame / RATE),
        st.sampled_from([0x80, 0x90, 0x91, 0xA0, 0xB0, 0xB1, 0xC0, 0xD0, 0xE0]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=40,
)


def frames(rows: list[Row]) -> list[tuple[int, int]]:
    """Return when each message is due, with the first byte of its data."""
    found = cues(events(rows), RATE)
    return list(zip(found.frames.tolist(), [m[1] for m in found.messages], strict=True))


def test_a_controller_before_a_note_on_its_frame_comes_a_frame_earlier() -> None:
    assert frames([(0.01, 0xB0, 64, 127), (0.01, 0x90, 60, 1)]) == [(9, 64), (10, 60)]


def test_a_controller_after_a_note_on_its_frame_comes_a_frame_later() -> None:
    assert frames([(0.01, 0x80, 60, 0), (0.01, 0xB0, 64, 127)]) == [(10, 60), (11, 64)]


def test_a_controller_by_itself_is_on_its_frame() -> None:
    other_channel: Row = (0.01, 0x91, 60, 1)
    assert frames([(0.01, 0xB0, 64, 127), other_channel]) == [(10, 64), (10, 60)]


def test_a_controller_that_moves_twice_on_a_frame_is_heard_twice() -> None:
    found = cues(events([(0.01, 0xB0, 64, 0), (0.01, 0xB0, 64, 127)]), RATE)
    assert found.frames.tolist() == [10, 11]
    assert found.cuts == [10, 11]


def test_what_moves_with_others_is_rendered_alone_and_by_itself_is_not() -> None:
    rows: list[Row] = [(0.01, 0xB0, 64, 127), (0.01, 0xB0, 11, 9), (0.02, 0xB0, 64, 0)]
    assert cues(events(rows), RATE).cuts == [10, 11, 20]


def test_a_program_before_the_first_note_of_all_is_heard_before_it() -> None:
    assert frames([(0.0, 0xC0, 5, 0), (0.0, 0x90, 60, 1)]) == [(-1, 5), (0, 60)]


def test_messages_have_as_many_bytes_as_their_kind() -> None:
    rows: list[Row] = [(0.0, 0xC0, 5, 9), (0.0, 0xD0, 6, 9), (0.0, 0xE0, 7, 9)]
    assert cues(events(rows), RATE).messages == [b"\xc0\x05", b"\xd0\x06", b"\xe0\x07\x09"]


@given(ROWS)
def test_notes_stay_on_their_frames_and_nothing_is_lost(rows: list[Row]) -> None:
    found = cues(events(rows), RATE)
    assert len(found.messages) == len(rows)
    assert (np.diff(found.frames) >= 0).all()
    notes = [k for k, message in enumerate(found.messages) if message[0] & 0xF0 < 0xB0]
    expected = sorted(round(row[0] * RATE) for row in rows if row[1] & 0xF0 < 0xB0)
    assert found.frames[notes].tolist() == expected


@given(ROWS)
def test_no_controller_is_told_twice_at_once(rows: list[Row]) -> None:
    found = cues(events(rows), RATE)
    moves = [
        (frame, message[:2] if message[0] & 0xF0 == 0xB0 else message[:1])
        for frame, message in zip(found.frames.tolist(), found.messages, strict=True)
        if message[0] & 0xF0 > 0xA0
    ]
    assert len(moves) == len(set(moves))
    assert {frame for frame, _ in moves} <= set(found.cuts)
