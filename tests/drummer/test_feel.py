"""The noise that picks one performance."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.drummer.feel import WANDERING, Places, Shares, feel
from engines.kit import CLOSED_HAT, KICK, SNARE
from engines.stream import stream

WAVES = WANDERING["late"]


def noise(places: Places, shares: Shares, seed: int = 0) -> np.ndarray:
    return feel(places, shares, WAVES, partial(stream, seed))


def steps(count: int, voice: int = KICK, period: float | None = None) -> Places:
    """Return a hit each beat of bars of four."""
    time = np.arange(float(count))
    return Places(time, np.mod(time, 4.0), np.full(count, voice), period)


def over_seeds(places: Places, shares: Shares, seeds: int = 600) -> np.ndarray:
    return np.array([noise(places, shares, seed) for seed in range(seeds)])


def alike(found: np.ndarray, one: int, other: int) -> float:
    """Return how hits go together over many performances."""
    return float(np.corrcoef(found[:, one], found[:, other])[0, 1])


@pytest.mark.parametrize(
    "shares",
    [
        Shares(),
        Shares(clock=1),
        Shares(whole=1),
        Shares(voice=1),
        Shares(beat=1),
        Shares(bar=1),
        Shares(0.3, 0.2, 0.2, 0.1, 0.1),
    ],
)
def test_the_noise_of_every_hit_is_normal_of_variance_1(shares: Shares) -> None:
    found = over_seeds(steps(4), shares)
    # the standard error of a standard deviation of 600 is 3 %
    assert found.std(axis=0) == pytest.approx(1.0, rel=0.12)
    assert np.abs(found.mean(axis=0)).max() < 0.17  # 4 standard errors


def test_what_no_law_explains_is_each_hit_s_own() -> None:
    assert abs(alike(over_seeds(steps(2), Shares()), 0, 1)) < 0.15


def test_all_hits_share_the_whole() -> None:
    time = np.array([0.0, 0.0, 5.0])
    places = Places(time, time, np.array([KICK, CLOSED_HAT, CLOSED_HAT]), None)
    found = over_seeds(places, Shares(whole=0.5))
    assert alike(found, 0, 1) == pytest.approx(0.5, abs=0.13)
    assert alike(found, 0, 2) == pytest.approx(0.5, abs=0.13)


def test_hits_of_a_voice_share_its_part_wherever_they_are() -> None:
    places = Places(np.array([0.0, 7.3, 7.3]), np.zeros(3), np.array([SNARE, SNARE, KICK]), None)
    found = over_seeds(places, Shares(voice=0.5))
    assert alike(found, 0, 1) == pytest.approx(0.5, abs=0.13)
    assert abs(alike(found, 1, 2)) < 0.15


def test_a_habit_comes_again_at_its_place_in_every_bar() -> None:
    found = over_seeds(steps(6), Shares(bar=0.5))
    assert alike(found, 0, 4) == pytest.approx(0.5, abs=0.13)
    assert abs(alike(found, 0, 1)) < 0.15


def test_the_clock_forgets_with_the_beats() -> None:
    found = over_seeds(steps(9), Shares(clock=1))
    near, far = alike(found, 0, 1), alike(found, 0, 8)
    # with a memory of 2 beats, e^(-1/2) of it is left after one beat, and next to nothing after 8
    assert near == pytest.approx(np.exp(-0.5), abs=0.15)
    assert abs(far) < 0.25


def test_all_limbs_hear_one_clock() -> None:
    time = np.array([0.0, 0.0, 3.0, 3.0])
    places = Places(time, time, np.array([KICK, SNARE, KICK, CLOSED_HAT]), None)
    found = noise(places, Shares(clock=1))
    assert found[0] == found[1]
    assert found[2] == found[3]


def test_the_clock_closes_over_a_loop() -> None:
    round_and_round = Places(np.array([0.5, 8.5]), np.array([0.5, 0.5]), np.zeros(2, int), 8.0)
    first, second = noise(round_and_round, Shares(clock=1))
    assert first == pytest.approx(second)


def test_a_hit_more_changes_nothing_of_the_clock_and_the_habits_of_others() -> None:
    shares = Shares(clock=0.4, voice=0.3, bar=0.3)
    assert noise(steps(9), shares)[:6] == pytest.approx(noise(steps(6), shares))


def test_no_hits_have_no_noise() -> None:
    assert len(noise(steps(0), Shares(0.2, 0.2, 0.2, 0.2, 0.2))) == 0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Shares(clock=-0.1), "allowed are 0 or more of a sum of 1"),
        (lambda: Shares(clock=0.6, whole=0.6), "allowed are 0 or more of a sum of 1"),
        (lambda: Shares(bar=float("nan")), "allowed are 0 or more of a sum of 1"),
    ],
)
def test_shares_that_make_no_sense_are_refused(make: Callable[[], Shares], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        make()


@settings(max_examples=30)
@given(st.lists(st.floats(0, 0.2), min_size=5, max_size=5), st.integers(0, 2**63 - 1))
def test_the_same_seed_makes_the_same_noise(parts: list[float], seed: int) -> None:
    shares = Shares(*parts)
    assert np.array_equal(noise(steps(8), shares, seed), noise(steps(8), shares, seed))
