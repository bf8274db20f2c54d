"""Ways through a chain of two states."""

from itertools import product

import numpy as np
import pytest

from engines.performance.chain import drawn, likeliest

STEPS = [1, 2, 3, 6]


def any_ways(steps: int) -> np.ndarray:
    return np.random.default_rng(steps).random((4, steps)) ** 4 + 1e-6


def all_ways(ways: np.ndarray) -> dict[tuple[int, ...], float]:
    """Return the chance of every way from state 0: the product of its weights, 1 in all."""
    steps = range(ways.shape[1])
    found = {
        (0, *states): float(
            np.prod(
                [ways[2 * a + b, i] for i, a, b in zip(steps, (0, *states), states, strict=False)]
            )
        )
        for states in product((0, 1), repeat=ways.shape[1])
    }
    return {states: weight / sum(found.values()) for states, weight in found.items()}


@pytest.mark.parametrize("steps", STEPS)
def test_the_likeliest_way_is_that_of_all_ways(steps: int) -> None:
    chances = all_ways(any_ways(steps))
    assert tuple(likeliest(any_ways(steps))) == max(chances, key=lambda way: chances[way])


@pytest.mark.parametrize("steps", STEPS)
def test_ways_are_drawn_as_often_as_they_are_likely(steps: int) -> None:
    ways, draws = any_ways(steps), 4000
    back_to_0 = np.array([[1.0], [1e-12], [1.0], [1e-12]])
    again = np.tile(np.concatenate([ways, back_to_0], axis=1), draws)
    found = drawn(again, np.random.default_rng(0))[:-1].reshape(draws, steps + 1)
    for way, chance in all_ways(ways).items():
        # five standard deviations of a binomial share: at most 5 * sqrt(0.25 / 4000) = 0.04
        assert abs((found == way).all(axis=1).mean() - chance) < 0.04


def test_a_long_chain_neither_vanishes_nor_overflows() -> None:
    ways = np.tile([[1.0], [1e-30], [1e-30], [1e-9]], 10_000)
    assert not likeliest(ways).any()
    assert not drawn(ways, np.random.default_rng(0)).any()
