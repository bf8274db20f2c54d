import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.performance.scatter import BLOCK, POINTS, ZOOMS, Mixture, normal_share

LOGISTIC_DEVIATION = np.pi / np.sqrt(3)
"""Standard deviation of a logistic of scale 1. Source: Johnson, Kotz and Balakrishnan (1995),
Continuous Univariate Distributions, vol. 2, ch. 23."""


def mixtures(seed: int, notes: int = 200) -> Mixture:
    rng = np.random.default_rng(seed)
    weight = rng.random((3, notes))
    weight /= weight.sum(axis=0)
    return Mixture(weight, rng.normal(0, 10, (3, notes)), rng.uniform(0.1, 8, (3, notes)))


@given(seed=st.integers(0, 99), share=st.floats(1e-6, 1 - 1e-6))
def test_a_quantile_has_its_share_below_it(seed: int, share: float) -> None:
    mixture = mixtures(seed, 8)
    value = mixture.quantile(np.full(8, share))
    ends = mixture.centre + mixture.scale * np.log(share / (1 - share))
    gap = np.ptp(ends, axis=0) / (POINTS - 1) ** ZOOMS + 1e-9
    low, high = (mixture.share_below((value + step)[None])[0] for step in (-gap, gap))
    assert (low <= share + 1e-9).all()
    assert (high >= share - 1e-9).all()


def test_many_distributions_of_several_parameters_are_drawn_as_each_alone() -> None:
    rows = BLOCK // 2 + 3
    flat = mixtures(1, 4 * rows)
    share = np.random.default_rng(1).uniform(0.01, 0.99, (4, rows))
    found = Mixture(*(array.reshape(3, 4, rows) for array in flat)).quantile(share)
    assert found.shape == (4, rows)
    for number in (0, 3):
        own = Mixture(*(array[:, number * rows : (number + 1) * rows] for array in flat))
        assert found[number] == pytest.approx(own.quantile(share[number]), rel=1e-12)


def test_a_lone_component_gives_its_own_quantile() -> None:
    one = Mixture(np.ones((1, 1)), np.full((1, 1), 5.0), np.full((1, 1), 2.0))
    # 3/4 of a logistic lies below its centre and log(3) scales
    assert one.quantile(np.full(1, 0.75)) == pytest.approx(5.0 + 2.0 * np.log(3.0))


def test_no_field_gives_the_medians() -> None:
    even = Mixture(np.full((2, 4), 0.5), np.tile([[-3.0], [3.0]], 4), np.ones((2, 4)))
    assert even.drawn(np.zeros(4)) == pytest.approx(0.0, abs=1e-6)


def test_samples_have_the_mean_and_the_spread_of_their_distribution() -> None:
    notes = 40_000
    one = Mixture(np.ones((1, notes)), np.full((1, notes), 5.0), np.full((1, notes), 2.0))
    drawn = one.drawn(np.random.default_rng(0).standard_normal(notes))
    assert drawn.mean() == pytest.approx(5.0, abs=0.1)
    assert drawn.std() == pytest.approx(2.0 * LOGISTIC_DEVIATION, rel=0.03)


def test_a_lone_component_has_the_variance_of_its_logistic() -> None:
    one = Mixture(np.ones((1, 1)), np.full((1, 1), 5.0), np.full((1, 1), 2.0))
    assert one.variance() == pytest.approx((2.0 * LOGISTIC_DEVIATION) ** 2)


def test_the_variance_of_a_mixture_is_that_of_its_samples() -> None:
    mixture = mixtures(3)
    shares = (np.arange(2_000) + 0.5) / 2_000
    samples = np.stack([mixture.quantile(np.full(200, share)) for share in shares])
    assert samples.var(axis=0) == pytest.approx(mixture.variance(), rel=0.02)


def test_a_mixture_about_another_mean_keeps_its_shape() -> None:
    mixture, mean = mixtures(3), np.arange(200.0)
    moved = mixture.about(mean)
    assert moved.mean() == pytest.approx(mean)
    assert moved.variance() == pytest.approx(mixture.variance())


def test_a_widened_mixture_keeps_its_mean_and_doubles_its_quantiles_around_it() -> None:
    mixture, share = mixtures(3), np.full(200, 0.9)
    wide = mixture.widened(2.0)
    assert wide.mean() == pytest.approx(mixture.mean())
    above = mixture.quantile(share) - mixture.mean()
    assert wide.quantile(share) - mixture.mean() == pytest.approx(2 * above)


def test_the_share_of_the_normal_is_what_tables_say() -> None:
    # Abramowitz and Stegun, table 26.1
    assert normal_share(np.array([0.0, 1.0, -1.0, 1.96])) == pytest.approx(
        [0.5, 0.8413447, 0.1586553, 0.9750021], abs=2e-7
    )
