import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import Metre
from engines.drummer.quantise import DIVISIONS
from engines.writer.grid import (
    SIX,
    STRAIGHT,
    TRIPLET,
    Grid,
    beats_between,
    divisions,
    grid_of,
    placed,
    steps_at,
)

FOUR = (Metre(),)


def grid(metres: tuple[Metre, ...], start: float, end: float, division: int = STRAIGHT) -> Grid:
    beats = beats_between(metres, start, end)
    return grid_of(beats, np.full(len(beats.start), division))


def divided(onset: list[float], metre: Metre = FOUR[0], end: float = 4.0) -> list[int]:
    beats = beats_between((metre,), 0.0, end)
    found = divisions(*placed(np.array(onset), beats), beats)
    return [DIVISIONS[row] for row in found.tolist()]


def test_a_bar_of_four_has_sixteen_sixteenths() -> None:
    found = grid(FOUR, 0.0, 4.0)
    assert found.time.tolist() == [place / 4 for place in range(16)]
    assert found.tick.tolist() == [0, 6, 12, 18] * 4


def test_beats_know_their_place_in_the_bar() -> None:
    beats = beats_between((Metre(0, 3, 4),), 0.0, 6.0)
    assert beats.bar.tolist() == [0, 0, 0, 1, 1, 1]
    assert beats.number.tolist() == [0, 1, 2, 0, 1, 2]
    assert beats.left.tolist() == [2, 1, 0, 2, 1, 0]


def test_the_beat_of_six_eighths_is_dotted() -> None:
    beats = beats_between((Metre(0, 6, 8),), 0.0, 6.0)
    assert beats.start.tolist() == [0.0, 1.5, 3.0, 4.5]
    assert beats.number.tolist() == [0, 1, 0, 1]


def test_seven_eighths_end_with_half_a_beat() -> None:
    found = grid((Metre(0, 7, 8),), 0.0, 7.0)
    assert found.time.tolist() == [place / 4 for place in range(28)]
    assert found.length == pytest.approx(0.25)
    assert np.bincount(found.beat).tolist() == [4, 4, 4, 2, 4, 4, 4, 2]


def test_a_change_of_metre_begins_a_bar() -> None:
    beats = beats_between((Metre(0, 4, 4), Metre(6.0, 3, 4)), 0.0, 12.0)
    assert beats.start[beats.number == 0].tolist() == [0.0, 4.0, 6.0, 9.0]


def test_a_range_that_begins_within_a_beat_has_all_of_it() -> None:
    beats = beats_between(FOUR, 1.5, 6.5)
    assert beats.start[0] == 1.0
    assert beats.share[-1] == 0.5


def test_each_step_knows_the_one_a_bar_ago() -> None:
    found = grid(FOUR, 0.0, 8.0)
    assert found.bar_ago[:16].tolist() == [-1] * 16
    assert found.bar_ago[16:].tolist() == list(range(16))


def test_notes_stand_on_the_nearest_step() -> None:
    beats = beats_between(FOUR, 0.0, 4.0)
    place = placed(np.array([0.02, 0.98, 2.27, 3.99]), beats)
    assert steps_at(*place, grid(FOUR, 0.0, 4.0)).tolist() == [0, 4, 9, -1]


def test_triplets_divide_their_beats_and_those_that_do_not_tell() -> None:
    thirds = [beat + third / 3 for beat in (0, 2) for third in range(3)]
    assert divided([*thirds, 1.0, 3.0]) == [3, 3, 3, 3]


def test_beats_that_nothing_tells_of_are_divided_into_four() -> None:
    assert divided([0.0, 1.0, 2.5]) == [4, 4, 4, 4]


def test_a_stroke_played_late_is_no_thirty_second() -> None:
    assert divided([0.0, 1.13, 2.0, 3.0]) == [4, 4, 4, 4]


def test_a_roll_is_in_thirty_seconds() -> None:
    assert divided([2 + place / 8 for place in range(8)])[2] == 8


def test_dotted_beats_are_divided_into_three_or_six() -> None:
    assert divided([0.0, 0.5, 1.0], Metre(0, 6, 8), 3.0) == [3, 3]
    assert divided([0.0, 0.25, 0.5, 1.0], Metre(0, 6, 8), 3.0)[0] == 6


@given(
    numerator=st.integers(1, 15),
    denominator=st.sampled_from([1, 2, 4, 8, 16, 32]),
    start=st.floats(0, 20),
    length=st.floats(0.1, 30),
    division=st.sampled_from([STRAIGHT, TRIPLET, SIX]),
)
def test_steps_fill_any_range_in_any_metre(
    numerator: int, denominator: int, start: float, length: float, division: int
) -> None:
    metre = Metre(0.0, numerator, denominator)  # type: ignore[arg-type]
    found = grid((metre,), start, start + length, division)
    assert found.time[0] <= start + 1e-6
    assert found.time[1:] == pytest.approx((found.time + found.length)[:-1])
    assert (found.time + found.length)[-1] == pytest.approx(start + length)
    assert (found.length > 0).all()
    assert (found.bar_ago < np.arange(len(found.time))).all()
