from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.drummer.histogram import Histogram

EDGE = np.array([0.0, 1.0, 3.0, 7.0])
ODDS = st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3)


def histogram(*odds: Sequence[float]) -> Histogram:
    table = np.array(odds)
    return Histogram.of(EDGE, table / table.sum(axis=1, keepdims=True))


def test_the_mean_is_that_of_the_bins() -> None:
    # middles are 0.5, 2 and 5
    assert histogram([1, 1, 2], [0, 1, 0]).mean() == pytest.approx([0.125 + 0.5 + 2.5, 2.0])


def test_a_field_of_0_gives_the_medians() -> None:
    # half of the first one lies below two thirds of its first bin, of the second in the middle
    drawn = histogram([3, 0, 1], [0, 1, 0]).drawn(np.zeros(2))
    assert drawn == pytest.approx([2 / 3, 2.0], abs=1e-5)


def test_within_a_bin_all_values_are_as_likely() -> None:
    share = np.array([0.25, 0.75, 0.875])
    assert histogram(*[[2, 0, 2]] * 3).quantile(share) == pytest.approx([0.5, 5.0, 6.0])


def test_however_rare_a_value_lies_between_the_outer_edges() -> None:
    drawn = histogram([1, 1, 1], [1, 0, 0], [0, 0, 1]).drawn(np.array([-40.0, 40.0, 40.0]))
    assert drawn == pytest.approx([0.0, 1.0, 7.0], abs=1e-6)


@given(ODDS, st.floats(1e-6, 1 - 1e-6))
def test_the_share_below_a_quantile_is_its_share(odds: list[float], share: float) -> None:
    one = histogram(odds)
    value = one.quantile(np.array([share]))
    assert one.share_below(value) == pytest.approx([share], abs=1e-9)


def test_nothing_lies_below_the_first_edge_and_all_below_the_last() -> None:
    found = histogram(*[[1, 2, 3]] * 4).share_below(np.array([-5.0, 0.0, 7.0, 70.0]))
    assert found == pytest.approx([0.0, 0.0, 1.0, 1.0])


def test_some_of_the_distributions_can_be_picked() -> None:
    both = histogram([1, 0, 0], [0, 0, 1])
    assert both.at(np.array([1, 0, 1])).mean() == pytest.approx([5.0, 0.5, 5.0])


def test_samples_are_spread_as_the_distribution_is() -> None:
    draws = np.random.default_rng(0).standard_normal(4000)
    many = Histogram.of(EDGE, np.tile([0.5, 0.25, 0.25], (4000, 1))).drawn(draws)
    found = np.histogram(many, EDGE)[0] / 4000
    # the standard error of a share of a half is 0.008
    assert found == pytest.approx([0.5, 0.25, 0.25], abs=0.03)


def test_shares_in_single_precision_are_enough() -> None:
    thirds = np.full((2, 3), 1 / 3, dtype=np.float32)
    assert Histogram.of(EDGE, thirds).quantile(np.array([1e-9, 1 - 1e-9])) == pytest.approx(
        [0.0, 7.0], abs=1e-5
    )
