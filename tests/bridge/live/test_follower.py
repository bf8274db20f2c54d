"""The pulse of a MIDI clock."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.live.follower import LOST_S, Follower
from engines.live.event import Event

TICK, START, CONTINUE, STOP = (bytes([code]) for code in (0xF8, 0xFA, 0xFB, 0xFC))
AT_120 = 60 / 120 / 24


def followed(times: np.ndarray, follower: Follower | None = None) -> Follower:
    follower = follower or Follower()
    for time_s in times.tolist():
        follower.hear(Event(time_s, TICK))
    return follower


def ticks(count: int, bpm: float = 120.0, begin: float = 0.0) -> np.ndarray:
    return begin + np.arange(count) * (60 / bpm / 24)


def beat_of(follower: Follower, time_s: float) -> float:
    beat = follower.beat(time_s)
    assert beat is not None
    return beat


def tempo_of(follower: Follower) -> float:
    assert follower.bpm is not None
    return follower.bpm


@pytest.mark.parametrize("seed", range(20))
def test_a_millisecond_of_jitter_leaves_the_tempo_within_half_a_thousandth(seed: int) -> None:
    times = ticks(16 * 24) + np.random.default_rng(seed).normal(0, 1e-3, 16 * 24)
    assert tempo_of(followed(times)) == pytest.approx(120.0, rel=5e-4)


@pytest.mark.parametrize("seed", range(20))
def test_a_millisecond_of_jitter_leaves_the_phase_within_a_millisecond(seed: int) -> None:
    times = ticks(16 * 24) + np.random.default_rng(seed).normal(0, 1e-3, 16 * 24)
    assert beat_of(followed(times), 8.0) * 0.5 == pytest.approx(8.0, abs=1e-3)


@pytest.mark.parametrize(("old", "new"), [(120, 150), (150, 120), (90, 180), (120, 60), (100, 101)])
def test_a_jump_of_the_tempo_is_followed_within_a_beat(old: float, new: float) -> None:
    before = ticks(96, old)
    after = ticks(25, new, float(before[-1]))[1:]
    assert tempo_of(followed(np.append(before, after))) == pytest.approx(new, rel=1e-3)


@pytest.mark.parametrize("seed", range(10))
def test_a_jump_of_the_tempo_under_jitter_is_followed_within_a_beat(seed: int) -> None:
    before = ticks(192, 120.0)
    times = np.append(before, ticks(25, 140.0, float(before[-1]))[1:])
    times += np.random.default_rng(seed).normal(0, 5e-4, len(times))
    assert beat_of(followed(times), float(times[-1])) == pytest.approx(215 / 24, abs=0.01)
    assert tempo_of(followed(times)) == pytest.approx(140.0, rel=0.01)


def test_ticks_at_another_tempo_are_all_counted() -> None:
    before = ticks(96, 90.0)
    after = ticks(193, 180.0, float(before[-1]))[1:]
    follower = followed(np.append(before, after))
    assert beat_of(follower, float(after[-1])) == pytest.approx((96 + 192 - 1) / 24, abs=1e-3)


@pytest.mark.parametrize("seed", range(5))
def test_an_accelerando_is_never_behind_by_a_64th_of_a_beat(seed: int) -> None:
    beats = np.arange(16 * 24) / 24
    times = np.cumsum(60 / (120 + 2.5 * beats) / 24)  # 120 to 160 bpm in four bars
    times += np.random.default_rng(seed).normal(0, 3e-4, len(times))
    follower = Follower()
    for index, time_s in enumerate(times.tolist()):
        follower.hear(Event(time_s, TICK))
        if index > 24:
            assert beat_of(follower, time_s) == pytest.approx(index / 24, abs=1 / 64)
            assert tempo_of(follower) == pytest.approx(120 + 2.5 * index / 24, rel=0.03)


def test_a_tick_that_comes_late_by_half_an_interval_changes_nothing() -> None:
    times = ticks(200)
    times[150] += AT_120 / 2
    assert beat_of(followed(times), 4.0) == pytest.approx(8.0, abs=1e-6)


def test_a_tick_that_comes_twice_counts_once() -> None:
    times = np.insert(ticks(200), 151, 150 * AT_120 + 0.002)
    assert beat_of(followed(times), 4.0) == pytest.approx(8.0, abs=1e-6)


def test_ticks_that_were_held_up_together_change_nothing() -> None:
    times = ticks(200)
    times[100:105] = times[104]
    assert beat_of(followed(times), 4.0) == pytest.approx(8.0, abs=1e-6)


def test_a_clock_that_stops_is_said_and_nothing_is_known_then() -> None:
    said: list[str] = []
    follower = followed(ticks(48), Follower(said.append))
    follower.wake(47 * AT_120 + LOST_S - 1e-6)
    assert follower.bpm is not None
    follower.wake(47 * AT_120 + LOST_S + 1e-6)
    assert [follower.bpm, follower.beat(2.0), follower.time_s(9.0)] == [None, None, None]
    assert "the MIDI clock has stopped" in said[0]


def test_a_clock_that_ends_after_a_stop_is_not_lost() -> None:
    said: list[str] = []
    follower = followed(ticks(48), Follower(said.append))
    follower.hear(Event(1.0, STOP))
    follower.wake(2.0)
    assert (said, follower.bpm) == ([], None)


def test_the_first_tick_after_a_start_is_known_to_be_beat_0_at_once() -> None:
    follower = Follower()
    follower.hear(Event(2.0, START))
    follower.hear(Event(2.0, TICK))
    assert beat_of(follower, 2.0) == pytest.approx(0.0, abs=1e-9)


def test_a_clock_that_starts_again_is_supposed_to_have_its_old_tempo() -> None:
    follower = followed(ticks(48, 90.0))
    follower.hear(Event(1.5, STOP))
    follower.wake(5.0)
    follower.hear(Event(6.0, START))
    follower.hear(Event(6.0, TICK))
    assert tempo_of(follower) == pytest.approx(90.0)


@pytest.mark.parametrize("bpm", [40.0, 90.0, 240.0])
def test_from_the_second_tick_on_the_tempo_is_the_clock_s(bpm: float) -> None:
    assert tempo_of(followed(ticks(2, bpm))) == pytest.approx(bpm)


def test_a_clock_that_comes_back_goes_on_counting() -> None:
    follower = followed(ticks(48))
    jumps = follower.jumps
    followed(ticks(24, begin=9.0), follower)
    assert beat_of(follower, 9.0) == pytest.approx(2.0)
    assert follower.jumps == jumps + 1


@pytest.mark.parametrize("late_s", [0.001, 0.006, 0.015])
def test_a_second_clock_is_noticed_and_left_out(late_s: float) -> None:
    said: list[str] = []
    second = ticks(400)[100:] + late_s
    times = np.sort(np.append(ticks(400), second))
    follower = followed(times, Follower(said.append))
    assert len(said) == 1
    assert "two programs" in said[0]
    assert tempo_of(follower) == pytest.approx(120.0, rel=1e-3)


@pytest.mark.parametrize("late_s", [0.001, 0.006])
def test_two_clocks_from_the_beginning_are_noticed(late_s: float) -> None:
    said: list[str] = []
    times = np.sort(np.append(ticks(200), ticks(200) + late_s))
    follower = followed(times, Follower(said.append))
    assert len(said) == 1
    assert tempo_of(follower) == pytest.approx(120.0, rel=1e-2)


def test_one_clock_is_not_taken_for_two() -> None:
    said: list[str] = []
    jitter = np.random.default_rng(5).normal(0, 2e-3, 4800)
    followed(ticks(4800) + jitter, Follower(said.append))
    assert said == []


def test_without_a_start_the_song_begins_at_the_first_tick() -> None:
    follower = followed(ticks(48, begin=3.0))
    assert beat_of(follower, 3.5) == pytest.approx(1.0)


def test_after_a_start_the_next_tick_is_beat_0() -> None:
    follower = followed(ticks(48))
    follower.hear(Event(47.5 * AT_120, START))
    assert beat_of(follower, 48 * AT_120) == pytest.approx(0.0, abs=1e-9)
    assert follower.landing == 0.0


def test_a_stop_leaves_the_tempo_and_takes_the_position() -> None:
    follower = followed(ticks(48))
    follower.hear(Event(1.0, STOP))
    assert follower.beat(1.0) is None
    assert tempo_of(follower) == pytest.approx(120.0)


def test_a_continue_goes_on_where_the_song_stopped() -> None:
    follower = followed(ticks(48))
    follower.hear(Event(47.5 * AT_120, STOP))
    followed(ticks(30, begin=48 * AT_120), follower)
    follower.hear(Event(77.5 * AT_120, CONTINUE))
    assert beat_of(follower, 78 * AT_120) == pytest.approx(2.0)  # 48 ticks had sounded


def test_a_song_position_counts_sixteenths() -> None:
    follower = followed(ticks(48))
    follower.hear(Event(47.1 * AT_120, STOP))
    follower.hear(Event(47.2 * AT_120, bytes((0xF2, 0x10, 0x01))))  # 16 + 128 sixteenths
    follower.hear(Event(47.3 * AT_120, CONTINUE))
    assert beat_of(follower, 48 * AT_120) == pytest.approx(144 / 4)
    assert follower.landing == 36.0


def test_a_song_position_moves_a_song_that_goes_on() -> None:
    follower = followed(ticks(48))
    follower.hear(Event(47.2 * AT_120, bytes((0xF2, 16, 0))))
    assert beat_of(follower, 48 * AT_120) == pytest.approx(4.0)


@settings(deadline=None)
@given(st.floats(31, 300), st.floats(-1e4, 1e6), st.floats(-100, 1000))
def test_the_time_of_a_beat_is_the_inverse_of_the_beat_of_a_time(
    bpm: float, begin: float, beat: float
) -> None:
    follower = followed(ticks(30, bpm, begin))
    time_s = follower.time_s(beat)
    assert time_s is not None
    assert beat_of(follower, time_s) == pytest.approx(beat, abs=1e-6)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=200))
def test_no_times_of_ticks_make_it_fail(gaps: list[float]) -> None:
    follower = followed(np.cumsum(gaps))
    assert follower.bpm is None or 0 < follower.bpm <= 400.1
