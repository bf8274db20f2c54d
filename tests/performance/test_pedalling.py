"""The sustain pedal as gestures that hang on the onsets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.performance.pedalling import (
    DOWN,
    EARLY_S,
    gesture_times,
    gestures,
    hung,
    pedal_targets,
    states,
)
from tests.performance.inverse import inverse

ONSETS_S = np.array([0.0, 1.0, 2.0, 3.0])


MIDDLE_S = np.arange(-700, 5200) / 1000 + 0.0005
"""Times in the middle of every ms, where no move of a whole ms falls."""

Pedal = tuple[np.ndarray, np.ndarray]

MOVES = st.lists(st.tuples(st.integers(-500, 5000), st.integers(0, 127)), max_size=30)
"""Times in ms and values."""

PLAYED = st.lists(st.integers(0, 4000), min_size=1, max_size=8, unique=True)
"""Onsets in ms."""


def pedal(*rows: tuple[float, float]) -> Pedal:
    """Return times in seconds and values."""
    return np.array([time for time, _ in rows]), np.array([value for _, value in rows])


def any_pedal(moves: list[tuple[int, int]]) -> Pedal:
    """Return moves in order, in seconds."""
    return pedal(*((ms / 1000, value) for ms, value in sorted(moves, key=lambda move: move[0])))


def any_onsets(played: list[int]) -> np.ndarray:
    return np.sort(np.array(played)) / 1000


@given(MOVES, PLAYED)
def test_the_state_comes_back_at_the_same_time(
    moves: list[tuple[int, int]], played: list[int]
) -> None:
    onset_s, before = any_onsets(played), any_pedal(moves)
    after = inverse(gestures(*before, onset_s), onset_s)
    np.testing.assert_array_equal(states(*after, MIDDLE_S), states(*before, MIDDLE_S))


@given(MOVES, PLAYED)
def test_depth_and_rest_come_back_within_a_unit(
    moves: list[tuple[int, int]], played: list[int]
) -> None:
    onset_s = any_onsets(played)
    before = gestures(*any_pedal(moves), onset_s)
    after = gestures(*inverse(before, onset_s), onset_s)
    np.testing.assert_allclose(after.depth, before.depth, rtol=0, atol=1.0)
    np.testing.assert_allclose(after.rest, before.rest, rtol=0, atol=1.0)


@given(MOVES, PLAYED)
def test_ramps_pass_the_threshold_at_the_same_time(
    moves: list[tuple[int, int]], played: list[int]
) -> None:
    onset_s, before = any_onsets(played), any_pedal(moves)
    time_s, value = inverse(gestures(*before, onset_s), onset_s, ramps=True)
    assert (np.diff(time_s) >= 0).all()
    np.testing.assert_array_equal(states(time_s, value, MIDDLE_S), states(*before, MIDDLE_S))


@given(MOVES, PLAYED, st.sampled_from([0.01, 0.3, 2.5]))
def test_gestures_keep_their_order_and_their_onset_in_another_tempo(
    moves: list[tuple[int, int]], played: list[int], slower: float
) -> None:
    onset_s = any_onsets(played)
    before = gestures(*any_pedal(moves), onset_s)
    moved_s = onset_s * slower
    time_s = gesture_times(before, moved_s)[: 2 * len(before.press) - 1]  # the last may never end
    assert (np.diff(time_s) >= 0).all()
    onset = np.stack([before.press, before.release], axis=1).ravel()[: len(time_s)]
    latest_s = np.append(moved_s[1:], np.inf)[onset] - EARLY_S
    assert (time_s <= latest_s + 1e-9).all()


def test_a_press_moves_with_its_onset() -> None:
    found = gestures(*pedal((1.1, 90), (2.02, 5)), ONSETS_S)
    assert (found.press.tolist(), found.release.tolist()) == ([1], [2])
    # 0.1 s after the onset at 10 s, 0.02 s after that at 12 s
    time_s, value = inverse(found, np.array([0.0, 10.0, 12.0, 13.0]))
    np.testing.assert_allclose(time_s, [10.1, 12.02])
    assert value.tolist() == [90.0, 5.0]


def test_presses_of_known_times_hang_where_the_same_moves_do() -> None:
    moved = pedal((0.5, 90), (1.01, 0), (1.2, 70), (2.98, 20))
    found = gestures(*moved, ONSETS_S)
    level = np.array([[90.0, 70.0], [0.0, 20.0]])
    one = hung(moved[0][::2], moved[0][1::2], level, ONSETS_S)
    for name in ("press", "press_s", "release", "release_s", "depth", "rest"):
        assert getattr(one, name).tolist() == getattr(found, name).tolist()


def test_half_a_pedal_is_kept() -> None:
    found = gestures(*pedal((0.0, 70), (1.0, 80), (2.0, 40), (3.0, 64)), ONSETS_S)
    # 70 and 80 for 1 s each; then 40 until the next press, which is the last that is known
    np.testing.assert_allclose(found.depth, [75.0, 64.0])
    np.testing.assert_allclose(found.rest, [40.0, 0.0])


def test_a_pedal_that_is_never_released_stays_down() -> None:
    found = gestures(*pedal((1.1, 90)), ONSETS_S)
    assert found.release_s.tolist() == [np.inf]
    assert states(*inverse(found, ONSETS_S), np.array([1e6])).tolist() == [True]


@pytest.mark.parametrize("ramps", [False, True])
def test_no_gestures_are_no_events(ramps: bool) -> None:
    time_s, value = inverse(gestures(*pedal(), ONSETS_S), ONSETS_S, ramps)
    assert time_s.shape == value.shape == (0,)


def test_no_onsets_have_no_gestures() -> None:
    assert len(gestures(*pedal((0.0, 90), (1.0, 0)), np.zeros(0)).press) == 0


def test_ramps_go_through_half_pedal() -> None:
    found = gestures(*pedal((0.5, 100), (2.5, 0)), ONSETS_S)
    time_s, value = inverse(found, ONSETS_S, ramps=True)
    # 0.1, 0.35, 0.65, 0.9 and all of the way from 0 to 100, and of the way back
    assert value.tolist() == [10, 35, 65, 90, 100, 90, 65, 35, 10, 0]
    assert time_s[np.argmax(value >= DOWN)] == 0.5


def test_the_share_is_that_of_the_time_around_each_onset() -> None:
    down, _ = pedal_targets(ONSETS_S, 4.0, *pedal((0.47, 100), (1.97, 0), (2.97, 90)))
    # from -0.03 to 0.97 it is down from 0.47 on; all of 0.97 to 1.97; never; from 2.97 to the end
    np.testing.assert_allclose(down, [0.5, 1.0, 0.0, 1.0], atol=1e-6)


def test_a_press_belongs_to_the_onset_that_comes_at_once() -> None:
    _, press = pedal_targets(ONSETS_S, 4.0, *pedal((0.98, 80), (1.5, 0), (2.5, 80)))
    assert press.tolist() == [0.0, 1.0, 1.0, 0.0]


def test_what_is_held_at_the_first_onset_is_pressed_there() -> None:
    down, press = pedal_targets(ONSETS_S, 4.0, *pedal((-2.0, 80), (1.97, 0)))
    assert press.tolist() == [1.0, 0.0, 0.0, 0.0]
    np.testing.assert_allclose(down, [1.0, 1.0, 0.0, 0.0], atol=1e-6)


def test_what_is_over_before_the_first_onset_is_no_press() -> None:
    _, press = pedal_targets(ONSETS_S, 4.0, *pedal((-2.0, 80), (-1.0, 0)))
    assert not press.any()


def test_a_tremble_about_the_threshold_is_no_new_press() -> None:
    _, press = pedal_targets(ONSETS_S, 4.0, *pedal((0.5, 66), (1.2, 60), (1.3, 66), (2.5, 62)))
    assert press.tolist() == [1.0, 0.0, 0.0, 0.0]


def test_no_events_are_no_pedal() -> None:
    down, press = pedal_targets(ONSETS_S, 4.0, *pedal())
    assert not down.any()
    assert not press.any()
    assert down.dtype == press.dtype == np.float32
    assert down.shape == press.shape == (4,)


def test_no_onsets_have_no_targets() -> None:
    down, press = pedal_targets(np.zeros(0), 0.0, *pedal((0.0, 90)))
    assert down.shape == press.shape == (0,)


def test_the_pedal_begins_up_and_stays_where_it_was_put() -> None:
    grid = np.array([-1.0, 0.0, 0.5, 1.0, 9.0])
    assert states(*pedal((0.0, 63), (0.5, 64)), grid).tolist() == [False, False, True, True, True]
