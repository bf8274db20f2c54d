"""The sustain pedal as gestures that hang on the onsets."""

import numpy as np

from engines.performance.pedalling import pedal_targets, states

ONSETS_S = np.array([0.0, 1.0, 2.0, 3.0])


def events(*rows: tuple[float, float]) -> tuple[np.ndarray, np.ndarray]:
    """Return times in seconds and values."""
    return np.array([time for time, _ in rows]), np.array([value for _, value in rows])


def test_the_share_is_that_of_the_time_around_each_onset() -> None:
    down, _ = pedal_targets(ONSETS_S, 4.0, *events((0.47, 100), (1.97, 0), (2.97, 90)))
    # from -0.03 to 0.97 it is down from 0.47 on; all of 0.97 to 1.97; never; from 2.97 to the end
    np.testing.assert_allclose(down, [0.5, 1.0, 0.0, 1.0], atol=1e-6)


def test_a_press_belongs_to_the_onset_that_comes_at_once() -> None:
    _, press = pedal_targets(ONSETS_S, 4.0, *events((0.98, 80), (1.5, 0), (2.5, 80)))
    assert press.tolist() == [0.0, 1.0, 1.0, 0.0]


def test_what_is_held_at_the_first_onset_is_pressed_there() -> None:
    down, press = pedal_targets(ONSETS_S, 4.0, *events((-2.0, 80), (1.97, 0)))
    assert press.tolist() == [1.0, 0.0, 0.0, 0.0]
    np.testing.assert_allclose(down, [1.0, 1.0, 0.0, 0.0], atol=1e-6)


def test_what_is_over_before_the_first_onset_is_no_press() -> None:
    _, press = pedal_targets(ONSETS_S, 4.0, *events((-2.0, 80), (-1.0, 0)))
    assert not press.any()


def test_a_tremble_about_the_threshold_is_no_new_press() -> None:
    _, press = pedal_targets(ONSETS_S, 4.0, *events((0.5, 66), (1.2, 60), (1.3, 66), (2.5, 62)))
    assert press.tolist() == [1.0, 0.0, 0.0, 0.0]


def test_no_events_are_no_pedal() -> None:
    down, press = pedal_targets(ONSETS_S, 4.0, *events())
    assert not down.any()
    assert not press.any()
    assert down.dtype == press.dtype == np.float32
    assert down.shape == press.shape == (4,)


def test_no_onsets_have_no_targets() -> None:
    down, press = pedal_targets(np.zeros(0), 0.0, *events((0.0, 90)))
    assert down.shape == press.shape == (0,)


def test_the_pedal_begins_up_and_stays_where_it_was_put() -> None:
    grid = np.array([-1.0, 0.0, 0.5, 1.0, 9.0])
    assert states(*events((0.0, 63), (0.5, 64)), grid).tolist() == [False, False, True, True, True]
