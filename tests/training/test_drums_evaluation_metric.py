import numpy as np
import pytest

from engines.kit import SNARE
from engines.training.drums.evaluation.histogram import (
    CELLS,
    ENOUGH,
    OFFSET_BINS,
    OFFSET_EDGES,
    cell_of,
    distance,
    histograms,
    jensen_shannon,
    ratio_of_distances,
)
from engines.training.drums.evaluation.metric import (
    METRICS,
    TABLES,
    balanced_accuracy,
    correlation,
    mean,
    seam,
    spread_ratio,
)
from engines.training.drums.evaluation.window import reduced
from engines.training.evaluation import metric as pitched
from engines.training.evaluation.bootstrap import figure, figure_of_sums
from tests.training.takes import HAT, take_of
from tests.training.takes import SNARE as SNARE_NOTE


def moments(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return np.array([len(x), x.sum(), y.sum(), x @ x, y @ y, x @ y])


def test_r_of_sums_is_that_of_all_hits_together() -> None:
    rng = np.random.default_rng(1)
    x, y = rng.normal(60, 20, 80), rng.normal(60, 20, 80)
    sums = moments(x[:30], y[:30]) + moments(x[30:], y[30:])
    assert correlation(sums) == pytest.approx(np.corrcoef(x, y)[0, 1])


def test_r_of_what_is_still_is_nothing() -> None:
    flat, varied = np.full(50, 81.37), np.linspace(1, 127, 50)
    assert correlation(moments(flat, varied)) == 0.0


def test_a_mean_of_nothing_is_unknown() -> None:
    assert np.isnan(mean(np.zeros(2)))


def test_a_spread_is_compared_by_its_root() -> None:
    assert spread_ratio(np.array([1.0, 4.0])) == 0.5


def test_accuracy_is_that_of_people_and_machines_alike() -> None:
    assert balanced_accuracy(np.array([10.0, 5.0, 10.0])) == 0.75


def test_a_seam_is_what_borders_err_more_in_percent() -> None:
    assert seam(np.array([24.0, 2.0, 30.0, 3.0])) == pytest.approx(20.0)  # 12 to 10


def test_equal_histograms_are_not_apart_and_disjoint_ones_wholly() -> None:
    one, other = np.array([3.0, 1.0, 0.0]), np.array([0.0, 0.0, 9.0])
    assert jensen_shannon(one, 7 * one) == pytest.approx(0.0)
    assert jensen_shannon(one, other) == pytest.approx(1.0)


def test_the_distance_is_the_root_of_the_divergence_in_bits() -> None:
    # halves and one whole: the middle (3/4, 1/4) has .8113 bits, the two have 0 and 1 bits
    found = jensen_shannon(np.array([8.0, 0.0]), np.array([2.0, 2.0]))
    assert found == pytest.approx(np.sqrt(0.8113 - 0.5), abs=1e-4)


def test_cells_tell_voices_and_sixteenths_apart() -> None:
    window = reduced(take_of([(1.0, SNARE_NOTE, 90), (5.0, SNARE_NOTE, 9), (1.25, HAT, 9)])).given
    assert cell_of(window)[0] == cell_of(window)[2] == SNARE * 16 + 4
    assert len(set(cell_of(window))) == 2


def test_cells_weigh_by_their_hits_and_small_ones_are_left_out() -> None:
    cell = np.repeat([0, 1, 2], [3 * ENOUGH, ENOUGH, ENOUGH - 1])
    human = histograms(np.zeros(len(cell)), cell, OFFSET_EDGES)
    ours = histograms(np.where(cell == 0, 0.0, 40.0), cell, OFFSET_EDGES)
    both = np.concatenate([human, ours])
    assert distance(OFFSET_BINS)(both) == pytest.approx(0.25)  # 0 of 3 parts, 1 of 1


def test_values_beyond_the_edges_are_in_the_last_bins() -> None:
    found = histograms(np.array([-1e3, 1e3]), np.array([5, 5]), OFFSET_EDGES)
    counts = found.reshape(CELLS, OFFSET_BINS)[5]
    assert (counts[0], counts[-1], counts.sum()) == (1, 1, 2)


def test_who_is_compared_with_itself_has_a_ratio_of_one() -> None:
    human, ours = (np.zeros(CELLS * OFFSET_BINS) for _ in range(2))
    human[3], ours[4] = 2.0 * ENOUGH, 7.0
    sums = np.concatenate([human, ours, ours])
    assert ratio_of_distances(OFFSET_BINS)(sums) == pytest.approx(1.0)


def test_a_figure_of_sums_is_that_of_means_where_all_count_alike() -> None:
    rows = np.random.default_rng(1).normal(10, 3, (12, 1))
    counted = np.column_stack([rows, np.ones(12)])
    assert figure_of_sums(counted, mean) == pytest.approx(figure(rows, pitched.mean))


def test_a_centred_interval_is_as_wide_and_holds_its_value() -> None:
    rows = np.random.default_rng(1).normal(0, 1, (12, 1))

    def spread(sums: np.ndarray) -> np.ndarray:
        return np.abs(sums[..., 0])  # drawing with repetition makes it larger

    plain, centred = (figure_of_sums(rows, spread, centred=how) for how in (False, True))
    assert centred.low <= centred.value <= centred.high
    assert centred.high - centred.low == pytest.approx(plain.high - plain.low)


def test_every_metric_is_printed_once() -> None:
    assert sorted(name for names in TABLES.values() for name in names) == sorted(METRICS)
