import numpy as np
import pytest

from engines import Clip, Metre, Notes
from engines.features import Features
from engines.swing import swing_shift

TRIPLET = 2 / 3
FOUR_FOUR = Metre()


def shift(
    *onsets: float, share: float = TRIPLET, grid: str = "8th", metre: Metre = FOUR_FOUR
) -> list[float]:
    onset = np.array(onsets)
    notes = Notes(pitch=np.full(len(onset), 60), onset=onset, duration=np.full(len(onset), 0.1))
    features = Features(Clip(notes, length=16.0, metre=(metre,)))
    return [round(float(beats), 6) for beats in swing_shift(features, share, grid)]


def test_an_off_beat_comes_at_the_swing_share_of_its_beat() -> None:
    # at two thirds of the beat instead of half of it: later by 1/6
    assert shift(0, 0.5, 1, 1.5) == pytest.approx([0, 1 / 6, 0, 1 / 6], abs=1e-6)


def test_straight_moves_nothing() -> None:
    assert shift(0, 0.25, 0.5, 0.75, share=0.5) == [0, 0, 0, 0]


def test_sixteenths_go_along_with_swung_eighths_and_keep_their_order() -> None:
    assert shift(0.25, 0.5, 0.75) == pytest.approx([1 / 12, 1 / 6, 1 / 12], abs=1e-6)


def test_the_sixteenth_grid_delays_every_second_sixteenth() -> None:
    # a pair of sixteenths is half a beat: later by (2/3 - 1/2) / 2 = 1/12
    moved = shift(0, 0.25, 0.5, 0.75, grid="16th")
    assert moved == pytest.approx([0, 1 / 12, 0, 1 / 12], abs=1e-6)


def test_triplets_stay() -> None:
    assert shift(0, 1 / 3, 2 / 3, 1 / 6, 5 / 6) == [0] * 5


def test_the_middle_of_a_sextuplet_stays() -> None:
    assert shift(*(np.arange(6) / 6)) == [0] * 6


def test_a_beat_of_triplets_leaves_the_next_beat_swinging() -> None:
    assert shift(0, 1 / 3, 2 / 3, 1.5)[3] > 0


def test_played_notes_swing_with_the_grid_place_they_stand_for() -> None:
    assert shift(0.53, 1.47) == pytest.approx([1 / 6, 1 / 6], abs=1e-6)


def test_a_note_a_little_before_the_beat_stays() -> None:
    assert shift(0.98, 3.97) == [0, 0]


def test_eighths_in_compound_time_stay() -> None:
    assert shift(0, 0.5, 1.0, 1.5, 2.0, metre=Metre(0.0, 6, 8)) == [0] * 5


def test_sixteenths_in_compound_time_may_swing() -> None:
    assert shift(0.25, metre=Metre(0.0, 6, 8), grid="16th") == pytest.approx([1 / 12], abs=1e-6)


def test_swing_never_takes_more_than_three_quarters() -> None:
    assert shift(0.5, share=1.0) == [0.25]


def test_pairs_are_counted_from_the_bar_line() -> None:
    # the bar of 7/4 in the middle of its last beat, then the next bar's first off-beat
    assert shift(6.5, 7.0, 7.5, metre=Metre(0.0, 7, 4)) == pytest.approx(
        [1 / 6, 0, 1 / 6], abs=1e-6
    )
