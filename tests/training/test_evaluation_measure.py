import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.performance.pedalling import gestures
from engines.training.evaluation.bootstrap import by_piece, figure
from engines.training.evaluation.measure import (
    autocorrelation,
    correlation,
    crps,
    error,
    spread_ratio,
)
from engines.training.evaluation.metric import METRICS, TABLES, mean, relative_difference
from engines.training.evaluation.pedal import down_cells, frame_f1, press_scores

HUMAN = np.array([1.0, 4.0, 2.0, 8.0, 5.0, 7.0])

PRESSED = np.array([127.0, 0.0])
"""The pedal goes down and up."""


def test_a_guess_that_does_not_vary_correlates_with_nobody() -> None:
    assert correlation(np.full(6, 64.0), HUMAN) == 0.0


def test_what_is_unknown_is_left_out_of_the_correlation() -> None:
    guess = np.append(2 * HUMAN, 100.0)
    assert correlation(guess, np.append(HUMAN, np.nan)) == pytest.approx(1.0)


def test_the_error_is_the_mean_distance() -> None:
    # one of the three is unknown, the others are 1 and 3 away
    assert error(np.array([1.0, 2.0, np.nan]), np.array([2.0, 5.0, 0.0])) == 2.0


def test_twice_the_deviation_is_a_ratio_of_two() -> None:
    assert spread_ratio(2 * HUMAN + 5, HUMAN) == pytest.approx(2.0)


def test_the_score_of_samples_that_are_all_alike_is_their_error() -> None:
    assert crps(np.tile(HUMAN + 3.0, (4, 1)), HUMAN) == pytest.approx(3.0)


def test_the_score_of_many_samples_is_that_of_their_distribution() -> None:
    samples = np.random.default_rng(1).standard_normal((16, 20_000))
    # a standard normal scores (sqrt 2 - 1) / sqrt pi = 0.2337 where its mean is observed
    # Source: Gneiting and Raftery (2007), JASA 102(477), section 4.2
    assert crps(samples, np.zeros(20_000)) == pytest.approx(0.2337, abs=0.005)


def test_one_sample_has_no_score() -> None:
    assert np.isnan(crps(HUMAN[None], HUMAN))


def test_what_alternates_is_unlike_its_neighbour_and_like_the_next() -> None:
    found = autocorrelation(np.tile([1.0, -1.0], 50))
    assert found[:2] == pytest.approx([-1.0, 1.0])


def test_what_is_still_does_not_follow_itself() -> None:
    assert not autocorrelation(np.full(50, 3.0)).any()


@given(st.lists(st.floats(-100, 100) | st.just(float("nan")), min_size=11, max_size=60))
def test_an_autocorrelation_is_no_infinity(values: list[float]) -> None:
    assert not np.isinf(autocorrelation(np.array(values))).any()


def test_a_piece_counts_once_however_often_it_was_recorded() -> None:
    rows = {"often": [np.array([1.0])] * 9, "once": [np.array([3.0])]}
    assert figure(by_piece(rows), mean).value == 2.0


def test_the_interval_holds_the_value_and_is_the_same_each_time() -> None:
    pieces = np.random.default_rng(2).normal(0.5, 0.1, (20, 1))
    found = figure(pieces, mean)
    assert found.low < found.value < found.high
    assert figure(pieces, mean) == found


def test_more_pieces_make_a_narrower_interval() -> None:
    pieces = np.random.default_rng(3).normal(0.5, 0.1, (400, 1))
    few, many = figure(pieces[:10], mean), figure(pieces, mean)
    assert many.high - many.low < few.high - few.low


def test_white_noise_is_wholly_off_a_human_who_follows_themself() -> None:
    ours, theirs = np.zeros((4, 8)), np.tile(0.9 ** np.arange(1, 9), (4, 1))
    assert relative_difference(np.hstack([ours, theirs])) == 1.0


def test_every_metric_is_printed_in_one_table() -> None:
    printed = [name for names in TABLES.values() for name in names]
    assert sorted(printed) == sorted(METRICS)


def test_the_pedal_is_down_from_press_to_release() -> None:
    onset_s = np.array([0.0, 0.5, 1.0])
    pressed = gestures(np.array([0.25, 0.75]), PRESSED, onset_s)
    # cells of 1/16 s: down from cell 4 to cell 12 of 16
    assert np.flatnonzero(down_cells(pressed, onset_s, 1.0)).tolist() == list(range(4, 12))


def test_a_pedal_goes_with_the_onsets_that_it_hangs_on() -> None:
    written_s, played_s = np.array([0.0, 1.0, 2.0]), np.array([0.0, 2.0, 4.0])
    pressed = gestures(np.array([1.125, 2.0]), PRESSED, written_s)
    down = np.flatnonzero(down_cells(pressed, played_s, 5.0))
    assert (down[0] / 16, (down[-1] + 1) / 16) == (2.125, 4.0)


def grid(*presses: int, held: int = 5) -> np.ndarray:
    down = np.zeros(100, dtype=bool)
    for press in presses:
        down[press : press + held] = True
    return down


def test_a_press_two_cells_away_is_found() -> None:
    assert press_scores(grid(12, 48), grid(10, 50)) == 1.0


def test_a_press_three_cells_away_is_not_found() -> None:
    # one of two is found, by one of two: precision and recall are a half
    assert press_scores(grid(13, 50), grid(10, 50)) == 0.5


def test_a_press_is_found_once() -> None:
    # one of the two that were made is right: F1 is 2 * 1 / (2 + 1)
    assert press_scores(grid(9, 12, held=2), grid(10, held=2)) == pytest.approx(2 / 3)


def test_who_never_presses_where_nobody_does_has_no_score() -> None:
    assert np.isnan(press_scores(grid(), grid()))


def test_cells_score_by_what_both_hold() -> None:
    # 5 cells each, 3 of them shared
    assert frame_f1(grid(10), grid(12)) == pytest.approx(0.6)
