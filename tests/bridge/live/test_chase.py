"""What a score has set by a row, without going through all rows before it."""

from collections.abc import Sequence
from typing import overload

from hypothesis import given
from hypothesis import strategies as st

from bridge.live.chase import Chase
from engines.live.event import control, note_on

MESSAGES = st.one_of(
    st.builds(
        control,
        st.integers(0, 1),
        st.sampled_from([0, 1, 7, 32, 64, 96, 97, 119, 120, 123]),
        st.integers(0, 3),
    ),
    st.tuples(st.sampled_from([0xC0, 0xC1, 0xD0]), st.integers(0, 3)).map(bytes),
    st.tuples(st.sampled_from([0xE0, 0x90, 0xA0]), st.integers(0, 3), st.just(9)).map(bytes),
    st.just(b"\xf0\x01\xf7"),
)


def gone_through(messages: Sequence[bytes]) -> list[bytes]:
    """Return what messages set, as whoever goes through all of them finds it."""
    last: dict[bytes, int] = {}
    banks: dict[tuple[int, int], int] = {}
    for row, data in enumerate(messages):
        if data[0] & 0xF0 == 0xB0 and data[1] < 120 and data[1] not in {96, 97}:
            last[data[:2]] = row
        elif data[0] & 0xF0 in {0xC0, 0xD0, 0xE0}:
            last[data[:1]] = row
        if data[0] & 0xF0 == 0xC0:
            for number in (0, 32):
                bank = last.get(bytes((0xB0 | data[0] & 0x0F, number)))
                if bank is not None:
                    banks[data[0], number] = bank
    return [messages[row] for row in sorted({*last.values(), *banks.values()})]


class Counted(Sequence[bytes]):
    """Be messages that count how often one of them is looked at."""

    def __init__(self, messages: Sequence[bytes]) -> None:
        self._messages = messages
        self.looks = 0

    def __len__(self) -> int:
        return len(self._messages)

    @overload
    def __getitem__(self, row: int) -> bytes: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[bytes]: ...
    def __getitem__(self, row: int | slice) -> bytes | Sequence[bytes]:
        self.looks += 1
        return self._messages[row]


@given(st.lists(MESSAGES, max_size=60), st.integers(0, 60))
def test_it_is_what_all_messages_before_the_row_set(messages: list[bytes], row: int) -> None:
    assert Chase(messages).before(row) == gone_through(messages[:row])


def test_at_the_end_of_a_long_score_only_what_counts_is_looked_at() -> None:
    rows = [note_on(0, number % 128, 9) for number in range(10_000)]
    messages = Counted([control(0, 1, 5), *rows, control(0, 7, 9)])
    chase, before = Chase(messages), messages.looks
    assert chase.before(len(messages)) == [control(0, 1, 5), control(0, 7, 9)]
    assert messages.looks == before + 2
