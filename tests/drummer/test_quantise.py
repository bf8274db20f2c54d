"""What was played is written down."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.drummer.quantise import quantised, to_sixteenths


def played(written: np.ndarray, stray: float, seed: int = 0) -> np.ndarray:
    return written + np.random.default_rng(seed).uniform(-stray, stray, len(written))


@pytest.mark.parametrize(
    ("parts", "stray"),
    [
        # a sixteenth is half a sixteenth, 0.125, from the next; a triplet a twelfth, 0.083
        (4, 0.06),
        (3, 0.05),
        (2, 0.08),
        (1, 0.09),
        (8, 0.015),
        (6, 0.015),
    ],
)
def test_strokes_go_where_they_stand_on_the_page(parts: int, stray: float) -> None:
    written = np.arange(8 * parts) / parts
    assert quantised(played(written, stray)) == pytest.approx(written)


def test_a_shuffle_is_written_in_triplets() -> None:
    written = np.concatenate([[beat, beat + 2 / 3] for beat in range(16)])
    assert quantised(played(written, 0.03)) == pytest.approx(written)


def test_straight_eighths_that_drag_stay_straight() -> None:
    written = np.arange(32) / 2
    late = np.where(np.arange(32) % 2, 0.05, 0.0)  # 25 ms at 120 bpm
    assert quantised(written + late) == pytest.approx(written)


def test_a_beat_of_one_stroke_is_divided_as_those_around_it() -> None:
    triplets = np.concatenate([[beat, beat + 1 / 3, beat + 2 / 3] for beat in (0, 1, 3, 4)])
    onset = np.sort(np.append(triplets, 2 + 0.71))  # nearer to a sixteenth than to the triplet
    assert quantised(onset)[6] == pytest.approx(2 + 2 / 3)


def test_a_stroke_a_little_ahead_of_a_beat_belongs_to_it() -> None:
    assert quantised(np.array([0.0, 0.95, 2.0])) == pytest.approx([0.0, 1.0, 2.0])


def test_a_stroke_before_the_beginning_is_written_at_the_beginning() -> None:
    assert quantised(np.array([-0.04, 1.0])) == pytest.approx([0.0, 1.0])


def test_nothing_played_is_nothing_written() -> None:
    assert len(quantised(np.zeros(0))) == 0


@given(st.lists(st.floats(-0.1, 60), min_size=1, max_size=20))
def test_no_stroke_is_written_farther_away_than_half_a_triplet(onset: list[float]) -> None:
    time = np.array(onset)
    # the coarsest division is that in three
    assert np.abs(quantised(time) - time).max() <= 1 / 6 + 1e-9


@given(st.lists(st.integers(0, 400), min_size=1, max_size=20))
def test_what_is_written_in_one_division_stays(places: list[int]) -> None:
    written = np.array(places) / 4
    assert quantised(written) == pytest.approx(written)


def test_sixteenths_are_the_nearest_ones() -> None:
    assert to_sixteenths(np.array([0.1, 0.13, -0.2, 2.0])).tolist() == [0.0, 0.25, -0.25, 2.0]
