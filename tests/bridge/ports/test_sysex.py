from hypothesis import given
from hypothesis import strategies as st

from bridge.ports.sysex import LONGEST, Assembly, length_of, pieces
from engines.live.event import Event


def take(*chunks: bytes) -> tuple[list[bytes], list[str]]:
    heard: list[Event] = []
    told: list[str] = []
    assembly = Assembly(heard.append, told.append)
    for number, chunk in enumerate(chunks):
        assembly.take(Event(float(number), chunk))
    return [event.data for event in heard], told


def test_a_sysex_in_pieces_is_one_message() -> None:
    whole = bytes((0xF0, *(number % 128 for number in range(1_000_000)), 0xF7))
    assert take(*pieces(whole, 4096)) == ([whole], [])


def test_the_clock_between_two_pieces_passes_at_once() -> None:
    assert take(b"\xf0\x01", b"\xf8", b"\x02\xf7") == ([b"\xf8", b"\xf0\x01\x02\xf7"], [])


def test_a_sysex_that_does_not_end_is_left_out_with_a_sentence() -> None:
    heard, told = take(b"\xf0\x01\x02", b"\x90\x3c\x40")
    assert heard == [b"\x90\x3c\x40"]
    assert told == ["a sysex of 3 bytes did not end and was left out"]


def test_a_sysex_without_end_does_not_fill_the_memory() -> None:
    heard, told = take(b"\xf0", *[bytes(2**20)] * (LONGEST // 2**20 + 1), b"\x90\x3c\x40")
    assert heard == [b"\x90\x3c\x40"]
    assert "did not end" in told[0]


def test_running_status_cut_short_is_left_out_with_a_sentence() -> None:
    heard, told = take(b"\x90\x3c", b"\x3c\x40", b"\x80\x3c\x40")
    assert heard == [b"\x80\x3c\x40"]
    assert told == [
        "a message of 2 bytes, 90 3c, was cut and left out",
        "a message of 2 bytes, 3c 40, was cut and left out",
    ]


@given(st.lists(st.binary(max_size=6), max_size=50))
def test_whatever_arrives_what_is_heard_is_whole(chunks: list[bytes]) -> None:
    heard, _ = take(*chunks)
    for data in heard:
        if data[0] == 0xF0:
            assert data[-1] == 0xF7
        else:
            assert len(data) == length_of(data[0])
            assert all(byte < 0x80 for byte in data[1:])
