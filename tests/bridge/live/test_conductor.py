"""The one pulse of a gig, whoever says it."""

import numpy as np
import pytest

from bridge.live.clip_score import clip_score
from bridge.live.conductor import START_S, Conductor
from bridge.live.score import Score
from engines.clip import Clip, Loop, Notes, Tempo
from engines.live.event import Event


class Clock:
    """Be a clock that is set by hand."""

    def __init__(self) -> None:
        self.time_s = 100.0

    def now_s(self) -> float:
        return self.time_s


def score(bpm: float, length: float = 4.0) -> Score:
    """Return a loop that begins at a tempo, and goes twice as fast from its third beat on."""
    notes = Notes(
        pitch=np.array([60]),
        onset=np.zeros(1),
        duration=np.ones(1),
        velocity=np.array([90.0]),
    )
    tempo = Tempo(time=np.array([0.0, 2.0]), bpm=np.array([bpm, 2 * bpm]))
    return clip_score([Clip(notes, length=length, tempo=tempo, loop=Loop(0.0, length))])


def conductor(clock: Clock, bpm: float | None = None) -> Conductor:
    one = Conductor(clock.now_s, lambda _: None)
    one.follow("own", bpm)
    return one


def test_nothing_is_known_before_anything_is_played() -> None:
    one = conductor(Clock())
    assert (one.beat(100.0), one.time_s(0.0), one.bpm) == (None, None, None)


def test_a_score_brings_its_tempo() -> None:
    one = conductor(Clock())
    jumps = one.jumps
    assert one.play(score(60.0), None) == 0.0
    assert one.jumps > jumps
    begin_s = 100.0 + START_S
    # a turn of 4 beats: 2 s at 60 bpm, and 1 s at 120
    assert [one.time_s(beat) for beat in (0.0, 2.0, 4.0, 6.0)] == pytest.approx(
        [begin_s, begin_s + 2.0, begin_s + 3.0, begin_s + 5.0]
    )


def test_another_score_brings_its_tempo_from_the_bar_line_on() -> None:
    clock = Clock()
    one = conductor(clock)
    one.play(score(60.0), None)
    begin_s, jumps = 100.0 + START_S, one.jumps
    one.swap(score(240.0, length=8.0), 4.0)
    assert one.jumps == jumps
    assert one.beat(begin_s + 1.0) == pytest.approx(1.0)
    assert one.bpm == 60.0
    # beat 4 is the middle of a turn of the other score, which is at 480 bpm there: 8 beats a second
    assert one.time_s(4.0) == pytest.approx(begin_s + 3.0)
    assert one.beat(begin_s + 3.25) == pytest.approx(6.0)
    assert one.bpm == 480.0


def test_scores_can_be_swapped_again_and_again() -> None:
    clock = Clock()
    one = conductor(clock)
    one.play(score(60.0), None)
    line_s = one.time_s(0.0)
    assert line_s is not None
    for bar in range(1, 50):
        one.swap(score(60.0 + bar), 4.0 * bar)
        clock.time_s = one.time_s(4.0 * bar) or 0.0
        # the bar before: two beats at a tempo and two at twice that
        line_s += 3 * 60.0 / (60.0 + bar - 1)
        assert clock.time_s == pytest.approx(line_s)
        assert one.beat(clock.time_s) == pytest.approx(4.0 * bar)


def test_swaps_before_a_line_replace_each_other() -> None:
    one = conductor(Clock())
    one.play(score(60.0), None)
    for _ in range(3000):  # more than functions may nest
        one.swap(score(90.0), 4.0)
    one.swap(score(120.0), 4.0)
    begin_s = 100.0 + START_S
    # up to the line two beats at 60 bpm and two at 120, behind it one at 120
    assert one.time_s(1.0) == pytest.approx(begin_s + 1.0)
    assert one.time_s(4.0) == pytest.approx(begin_s + 3.0)
    assert one.time_s(5.0) == pytest.approx(begin_s + 3.5)
    assert one.beat(begin_s + 3.5) == pytest.approx(5.0)


def test_a_score_that_was_swapped_before_it_began_is_played_in_the_other_tempo() -> None:
    one = conductor(Clock())
    one.play(score(60.0), None)
    one.swap(score(120.0), None)
    assert one.time_s(0.0) == pytest.approx(100.0 + START_S)
    assert one.time_s(2.0) == pytest.approx(101.0 + START_S)


def test_a_tempo_of_ones_own_outlives_scores() -> None:
    one = conductor(Clock(), bpm=60.0)
    one.play(score(90.0), None)
    one.swap(score(120.0), 4.0)
    assert one.time_s(8.0) == pytest.approx(108.0 + START_S)


def test_an_awaited_note_is_bar_one() -> None:
    one = conductor(Clock(), bpm=60.0)
    one.hear_note(100.0)
    assert one.beat(101.0) is None
    one.await_note()
    jumps = one.jumps
    one.hear_note(102.0)
    one.hear_note(103.0)
    assert (one.beat(104.0), one.bpm, one.jumps) == (2.0, 60.0, jumps)


def test_without_a_tempo_no_note_is_awaited_but_by_those_who_know_one() -> None:
    one = conductor(Clock())
    one.await_note()
    one.hear_note(100.0)
    assert one.beat(101.0) is None
    one.await_note(120.0)
    one.hear_note(102.0)
    assert one.beat(103.0) == 2.0


def test_a_midi_clock_is_followed_only_if_it_is_wanted() -> None:
    clock = Clock()
    one = Conductor(clock.now_s, lambda _: None)
    one.hear(Event(100.0, b"\xf8"))
    assert one.due_s > 1e9
    one.follow("midi", None)
    for tick in range(48):
        one.hear(Event(100.0 + tick / 48, b"\xf8"))
    assert one.bpm == pytest.approx(120.0)
    assert one.play(score(90.0), None) is None
    assert one.bpm == pytest.approx(120.0)
