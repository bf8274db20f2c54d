import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import Clip, Loop, Notes
from engines.features import Features
from engines.performance.scatter import POINTS, ZOOMS, Memory, Mixture, noise, normal_share

LOGISTIC_DEVIATION = np.pi / np.sqrt(3)
"""Standard deviation of a logistic of scale 1. Source: Johnson, Kotz and Balakrishnan (1995),
Continuous Univariate Distributions, vol. 2, ch. 23."""


def mixtures(seed: int, notes: int = 200) -> Mixture:
    rng = np.random.default_rng(seed)
    weight = rng.random((notes, 3))
    weight /= weight.sum(axis=1, keepdims=True)
    return Mixture(weight, rng.normal(0, 10, (notes, 3)), rng.uniform(0.1, 8, (notes, 3)))


def chords(onsets: int, notes: int = 3) -> Features:
    onset = np.repeat(np.arange(float(onsets)), notes)
    pitch = np.tile(60 + 4 * np.arange(notes), onsets)
    clip = Clip(Notes(pitch=pitch, onset=onset, duration=np.ones(len(onset))), length=onsets)
    return Features(clip)


@given(seed=st.integers(0, 99), share=st.floats(1e-6, 1 - 1e-6))
def test_a_quantile_has_its_share_below_it(seed: int, share: float) -> None:
    mixture = mixtures(seed, 8)
    value = mixture.quantile(np.full(8, share))
    ends = mixture.centre + mixture.scale * np.log(share / (1 - share))
    gap = np.ptp(ends, axis=1) / (POINTS - 1) ** ZOOMS + 1e-9
    low, high = (mixture.share_below((value + step)[:, None])[:, 0] for step in (-gap, gap))
    assert (low <= share + 1e-9).all()
    assert (high >= share - 1e-9).all()


def test_a_lone_component_gives_its_own_quantile() -> None:
    one = Mixture(np.ones((1, 1)), np.full((1, 1), 5.0), np.full((1, 1), 2.0))
    # 3/4 of a logistic lies below its centre and log(3) scales
    assert one.quantile(np.full(1, 0.75)) == pytest.approx(5.0 + 2.0 * np.log(3.0))


def test_no_field_gives_the_medians() -> None:
    even = Mixture(np.full((4, 2), 0.5), np.tile([-3.0, 3.0], (4, 1)), np.ones((4, 2)))
    assert even.drawn(np.zeros(4)) == pytest.approx(0.0, abs=1e-6)


def test_samples_have_the_mean_and_the_spread_of_their_distribution() -> None:
    notes = 40_000
    one = Mixture(np.ones((notes, 1)), np.full((notes, 1), 5.0), np.full((notes, 1), 2.0))
    drawn = one.drawn(np.random.default_rng(0).standard_normal(notes))
    assert drawn.mean() == pytest.approx(5.0, abs=0.1)
    assert drawn.std() == pytest.approx(2.0 * LOGISTIC_DEVIATION, rel=0.03)


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


def test_noise_has_variance_one_whatever_it_remembers() -> None:
    for memory in (Memory(0.0, 0.0), Memory(0.5, 0.3), Memory(1.0, 0.0), Memory(0.0, 1.0)):
        field = noise(chords(4000), memory, np.random.default_rng(1))
        assert field.std() == pytest.approx(1.0, abs=0.1)


def test_the_notes_of_an_onset_have_their_share_in_common() -> None:
    field = noise(chords(4000, 2), Memory(0.0, 0.6), np.random.default_rng(2)).reshape(-1, 2)
    assert np.corrcoef(field.T)[0, 1] == pytest.approx(0.6, abs=0.05)


def test_wandering_noise_remembers_and_free_noise_does_not() -> None:
    line = chords(4000, 1)
    for share, least, most in ((0.0, -0.05, 0.05), (0.8, 0.3, 0.8)):
        field = noise(line, Memory(share, 0.0), np.random.default_rng(3))
        assert least < np.corrcoef(field[1:], field[:-1])[0, 1] < most


def test_what_wanders_closes_round_a_loop() -> None:
    clip = chords(17, 1).clip.replace(length=17.0, loop=Loop(0.0, 16.0))
    field = noise(Features(clip), Memory(1.0, 0.0), np.random.default_rng(4), period=16.0)
    assert field[16] == pytest.approx(field[0])
