import numpy as np
import pytest

from engines.loudness import to_level, to_velocity


def test_the_range_from_softest_to_loudest_is_sixty_decibels() -> None:
    assert to_level(np.array([1.0, 127.0])) == pytest.approx([-60.0, 0.0])


def test_levels_and_velocities_are_inverse() -> None:
    velocity = np.arange(1.0, 128.0)
    assert to_velocity(to_level(velocity)) == pytest.approx(velocity)


def test_a_decibel_is_four_steps_in_the_middle() -> None:
    # the square law: d level / d v = 40 / ln 10 / (v + b / m), with b / m = 3.1 at 60 dB,
    # so that a decibel is (64 + 3.1) / 17.37 = 3.9 steps at velocity 64
    assert to_velocity(to_level(np.array(64.0)) + 1.0) - 64.0 == pytest.approx(3.9, abs=0.15)
