"""The pedal from what a model says of each onset."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engines.performance.footwork import DEPTH, SHORTEST_S, decode_pedal
from engines.performance.pedalling import DOWN, Gestures, gesture_times, pedal_targets, states
from tests.performance.inverse import inverse

SURE = 0.9997
"""The chance of what is as good as certain."""

CHANCE = st.floats(0.0, 1.0)
INTERVAL_S = st.floats(0.0, 5.0) | st.sampled_from([0.001, 0.1, 0.5])
ONSETS = st.integers(0, 20).flatmap(
    lambda onsets: st.tuples(
        arrays(float, onsets, elements=CHANCE),
        arrays(float, onsets, elements=CHANCE),
        arrays(float, onsets, elements=INTERVAL_S),
    )
)


def legato(onsets: int, interval_s: float = 0.6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return what a model says of a pedal that changes with each onset."""
    return np.full(onsets, 0.65), np.full(onsets, SURE), np.full(onsets, interval_s)


def times(found: Gestures, interval_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return when the pedal goes down and up, seconds from the first onset."""
    onset_s = np.cumsum(np.append(0.0, interval_s))[:-1]
    time_s = gesture_times(found, onset_s)
    return time_s[::2], time_s[1::2]


@settings(max_examples=50)
@given(ONSETS, st.none() | st.integers(0, 2**32), st.sampled_from([0.001, 1.0, 2.0]))
def test_whatever_is_said_the_foot_can_do_it(
    said: tuple[np.ndarray, np.ndarray, np.ndarray], seed: int | None, variation: float
) -> None:
    rng = None if seed is None else np.random.default_rng(seed)
    found = decode_pedal(*said, rng, variation=variation)
    press_s, release_s = times(found, said[2])
    assert (release_s - press_s >= SHORTEST_S - 1e-9).all()
    assert (press_s[1:] - release_s[:-1] >= SHORTEST_S - 1e-9).all()
    assert ((found.depth >= DOWN) & (found.depth <= 127)).all()
    assert (release_s <= said[2].sum() + 1e-9).all()


def test_a_pedal_that_is_never_down_is_not_pressed() -> None:
    found = decode_pedal(np.full(9, 1 - SURE), np.full(9, 1 - SURE), np.full(9, 0.5))
    assert len(found.press) == 0


def test_a_pedal_that_is_held_is_pressed_once_and_released_at_the_end() -> None:
    press = np.array([SURE] + 8 * [1 - SURE])
    found = decode_pedal(np.full(9, SURE), press, np.full(9, 0.5))
    assert found.press.tolist() == [0]
    np.testing.assert_allclose(times(found, np.full(9, 0.5))[1], [4.5])


def test_a_legato_pedal_lifts_just_after_each_onset() -> None:
    found = decode_pedal(*legato(20))
    assert found.press.tolist() == list(range(20))
    assert found.release.tolist()[:-1] == list(range(1, 20))
    assert ((found.release_s[:-1] > 0) & (found.release_s[:-1] < 0.1)).all()


def test_what_is_unlikely_does_not_make_the_pedal_flicker() -> None:
    # the pedal is a little likelier down at every other onset, but nothing is said of a press
    found = decode_pedal(np.tile([0.57, 0.43], 20), np.full(40, 0.05), np.full(40, 0.3))
    assert len(found.press) <= 1


def test_two_seeds_play_otherwise_and_one_seed_plays_the_same() -> None:
    first, again, other = (
        decode_pedal(*legato(20), np.random.default_rng(seed)) for seed in (1, 1, 2)
    )
    for one, same in zip(first, again, strict=True):
        np.testing.assert_array_equal(one, same)
    assert not np.array_equal(first.depth, other.depth)


def test_without_variation_the_likeliest_is_played() -> None:
    drawn = decode_pedal(*legato(20), np.random.default_rng(0), variation=0.0)
    for one, same in zip(drawn, decode_pedal(*legato(20)), strict=True):
        np.testing.assert_array_equal(one, same)


def test_drawn_pedals_are_down_as_often_as_said() -> None:
    share, rng = np.full(2000, 0.5), np.random.default_rng(0)
    interval_s = np.full(2000, 0.5)
    # 0.18 presses for each onset, of which each leads to a hold of some onsets
    found = decode_pedal(share, np.full(2000, 0.18), interval_s, rng)
    press_s, release_s = times(found, interval_s)
    assert 0.35 < (release_s - press_s).sum() / 1000 < 0.65


@pytest.mark.parametrize("depth", [70.0, 120.0])
def test_the_pedal_is_held_as_deep_as_asked(depth: float) -> None:
    assert decode_pedal(*legato(3), depth=depth).depth.tolist() == pytest.approx([depth] * 3)


def test_depth_differs_about_its_mean() -> None:
    depth = decode_pedal(*legato(500), np.random.default_rng(0)).depth
    # 500 draws of spread 11, bounded below at 64 (2.5 spreads): the mean strays by about 0.5
    assert abs(depth.mean() - DEPTH) < 2.0
    assert 9.0 < depth.std() < 13.0


def test_the_targets_of_a_pedal_give_it_back() -> None:
    onset_s = np.arange(0.0, 30.0, 0.5)
    press_s = onset_s[::2] + 0.15
    release_s = onset_s[::2] + 1.02  # just after the next harmony
    moves = np.stack([press_s, release_s], axis=1).ravel()
    value = np.tile([90.0, 0.0], len(press_s))
    down, press = pedal_targets(onset_s, 30.0, moves, value)
    found = decode_pedal(down, press, np.full(60, 0.5))
    grid_s = np.arange(0.0, 30.0, 1 / 16)
    agree = states(*inverse(found, onset_s), grid_s) == states(moves, value, grid_s)
    # habit may lie 0.05 s from what was played, twice in each second: at most a tenth
    assert agree.mean() > 0.9
