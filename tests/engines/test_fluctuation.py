import numpy as np
import pytest

from engines.fluctuation import Waves, fluctuate

PINK = Waves(slowest=64.0, fastest=2.0)
LONG = np.arange(0.0, 6400.0, 0.5)


def noise(time: np.ndarray, waves: Waves = PINK, period: float | None = None) -> np.ndarray:
    return fluctuate(np.random.default_rng(7), time, waves, period=period)


def lag_one(series: np.ndarray) -> float:
    return float(np.corrcoef(series[:-1], series[1:])[0, 1])


@pytest.mark.parametrize("exponent", [0.0, 0.9, 2.0])
def test_its_variance_is_one(exponent: float) -> None:
    assert noise(LONG, PINK._replace(exponent=exponent)).std() == pytest.approx(1.0, abs=0.05)


def test_it_is_a_function_of_time_alone() -> None:
    assert noise(LONG)[100:200:7] == pytest.approx(noise(LONG[100:200:7]))


def test_it_repeats_after_its_period() -> None:
    time = np.linspace(0.0, 8.0, 50)
    assert noise(time, period=8.0) == pytest.approx(noise(time + 8.0, period=8.0))


def test_it_has_variance_one_over_a_period() -> None:
    assert noise(np.arange(0.0, 4.0, 1 / 64), period=4.0).std() == pytest.approx(1.0)


def test_a_period_shorter_than_every_wave_holds_one_wave() -> None:
    once_round = noise(np.arange(0.0, 0.5, 1 / 64), period=0.5)
    assert np.abs(np.fft.rfft(once_round)).argmax() == 1


def test_what_comes_next_depends_on_what_came() -> None:
    assert lag_one(noise(LONG)[::2]) > 0.5


def test_a_higher_exponent_is_smoother() -> None:
    rough, smooth = (noise(LONG, PINK._replace(exponent=e)) for e in (0.0, 2.0))
    assert np.diff(smooth).std() < np.diff(rough).std()


def test_no_notes_get_no_noise() -> None:
    assert noise(np.empty(0)).shape == (0,)
