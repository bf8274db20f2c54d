import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines.clip import Metre
from engines.kit import VOICES
from engines.training.drums.evaluation.window import (
    LEAD_IN,
    clip_of,
    cut,
    heard,
    is_judged,
    joined,
    reduced,
)
from tests.training.takes import HAT, KICK, SNARE, beat, take_of

STEP_MS = 125.0  # a sixteenth at 120 bpm: 60,000 / 120 / 4


def test_a_hit_is_measured_from_the_nearest_sixteenth() -> None:
    case = reduced(take_of([(0.0, KICK, 100), (0.52, HAT, 60), (0.98, SNARE, 90)]))
    assert case.given.step.tolist() == [0, 2, 4]
    assert case.played.offset_ms == pytest.approx([0.0, 10.0, -10.0])  # .02 beats of 500 ms


def test_what_all_hits_have_in_common_is_left_in() -> None:
    case = reduced(take_of([(place + 0.02, HAT, 60) for place in range(8)]))
    assert case.played.offset_ms == pytest.approx(np.full(8, 10.0))


def test_of_a_voice_on_a_sixteenth_the_loudest_hit_is_kept() -> None:
    case = reduced(take_of([(0.97, SNARE, 30), (1.02, SNARE, 90), (1.05, 40, 60), (1.0, HAT, 20)]))
    assert [VOICES[voice] for voice in case.given.voice] == ["snare", "closed hat"]
    assert case.played.velocity.tolist() == [90, 20]
    assert case.played.offset_ms[0] == pytest.approx(10.0)


def test_notes_that_play_no_voice_are_left_out() -> None:
    case = reduced(take_of([(0.0, 3, 100), (1.0, KICK, 90)]))
    assert case.given.pitch.tolist() == [KICK]


def test_windows_have_two_bars_and_begin_a_bar_apart() -> None:
    windows = heard(take_of([(float(place), KICK, 90) for place in range(16)])).windows
    assert [window.given.bar for window in windows] == [0, 1, 2]
    assert [window.given.step.tolist() for window in windows] == [list(range(0, 32, 4))] * 3


def test_a_short_take_is_one_window() -> None:
    (window,) = heard(take_of([(1.0, KICK, 90)])).windows
    assert (window.given.bars, window.given.step.tolist()) == (2, [4])


def test_windows_without_hits_are_left_out() -> None:
    windows = heard(take_of([(0.0, KICK, 90), (20.0, KICK, 90)])).windows
    assert [window.given.bar for window in windows] == [0, 4]


def test_windows_have_what_was_played_in_their_bars() -> None:
    whole = reduced(take_of(beat(6, seed=1)))
    parts = [cut(whole, bar, 2) for bar in (0, 2, 4)]
    assert all(
        np.array_equal(one, other)
        for one, other in zip(joined(part.played for part in parts), whole.played, strict=True)
    )


def test_fills_and_other_metres_are_not_judged() -> None:
    take = take_of(beat(2, seed=1))
    waltz = take._replace(clip=take.clip.replace(metre=(Metre(0.0, 3, 4),)))
    assert [is_judged(each) for each in (take, take._replace(kind="fill"), waltz)] == [
        True,
        False,
        False,
    ]


def test_a_window_is_written_on_the_grid_with_room_before() -> None:
    window = heard(take_of(beat(3, seed=1))).windows[1].given
    clip = clip_of(window, 64.0)
    assert clip.notes.onset.tolist() == (LEAD_IN + window.step / 4).tolist()
    assert clip.notes.pitch.tolist() == window.pitch.tolist()
    assert set(clip.notes.velocity) == {64.0}


@given(st.lists(st.tuples(st.floats(0, 40), st.integers(0, 127), st.integers(1, 127)), min_size=1))
def test_offsets_lie_within_half_a_sixteenth(hits: list[tuple[float, int, float]]) -> None:
    case = reduced(take_of(hits))
    assert (np.abs(case.played.offset_ms) <= STEP_MS / 2 + 1e-6).all()
    places = set(zip(case.given.step.tolist(), case.given.voice.tolist(), strict=True))
    assert len(places) == len(case.given.step)
