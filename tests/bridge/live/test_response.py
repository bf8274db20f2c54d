"""Call and response."""

import threading
from contextlib import nullcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.error import BridgeError
from bridge.live.answerer import Answerer, Make
from bridge.live.follower import Follower
from bridge.live.order import Called
from bridge.live.response import LEAD_S, TAKEN_S, Call, Response, varied
from bridge.live.timeline import Steady
from engines.clip import Clip, Notes
from engines.live.engine import NEVER
from engines.live.event import Event, note_off, note_on
from tests.bridge.live.scores import hung, ons

Played = tuple[float, float, int]
"""A note's beginning, its end and its pitch; at 60 bpm a beat is a second."""

TWO = [(0.0, 1.0, 60), (1.5, 2.0, 62)]

ANSWER = Clip(
    Notes(
        pitch=np.array([72, 74]),
        onset=np.array([0.0, 2.0]),
        duration=np.ones(2),
        velocity=np.full(2, 90.0),
    ),
    length=4.0,
)


class Stage:
    """Play to a response and hear it."""

    def __init__(self, answer: Clip | None = None, **options: int) -> None:
        self.calls: list[tuple[float, Call]] = []
        self.said: list[Event] = []
        self.answer = answer
        self.now_s = 0.0
        self.response = Response(Steady(60.0), self.ask, **options)

    def ask(self, call: Call) -> None:
        self.calls.append((self.now_s, call))
        if self.answer:
            assert self.response.answer(call.number, self.answer)

    def play(self, notes: list[Played], until_s: float) -> list[Event]:
        events = [
            event
            for begin, end, pitch in notes
            for event in (Event(begin, note_on(0, pitch, 80)), Event(end, note_off(0, pitch)))
        ]
        waiting = sorted(events, key=lambda event: (event.time_s, event.is_note_on))
        while self.now_s < until_s:
            while waiting and waiting[0].time_s <= self.now_s:
                self.response.hear(waiting.pop(0))
            if self.response.due_s <= self.now_s:
                self.said += self.response.wake(self.now_s)
            self.now_s = round(self.now_s + 0.005, 6)
        return self.said


def test_the_answer_begins_at_the_bar_line_after_the_player_stopped() -> None:
    assert ons(Stage(ANSWER).play(TWO, 9.0)) == [(4.0, 72), (6.0, 74)]


def test_an_answer_is_asked_for_ahead_of_the_bar_line() -> None:
    stage = Stage(ANSWER)
    stage.play(TWO, 9.0)
    [(asked_s, call)] = stage.calls
    assert asked_s == pytest.approx(4.0 - LEAD_S, abs=0.005)
    assert (call.number, call.beat, call.deadline_s) == (0, 4.0, 4.0 - TAKEN_S)


def test_a_call_has_what_was_played() -> None:
    stage = Stage()
    stage.play(TWO, 4.0)
    clip = stage.calls[0][1].clip
    assert clip.notes.onset.tolist() == [0.0, 1.5]
    assert clip.notes.duration.tolist() == [1.0, 0.5]
    assert (clip.length, clip.tempo.steady) == (4.0, 60.0)


def test_a_phrase_begins_in_the_bar_of_its_first_note() -> None:
    stage = Stage()
    stage.play([(5.0, 6.0, 60)], 8.0)
    assert stage.calls[0][1].clip.notes.onset.tolist() == [1.0]


def test_a_pick_up_comes_back_as_long_before_the_bar_line_as_it_was_played() -> None:
    # the answer begins at beat 8, and the phrase came a tenth of a beat before beat 4
    said = Stage().play([(3.9, 4.5, 60), (5.0, 6.0, 62)], 12.0)
    assert ons(said) == [(pytest.approx(7.9), 60), (9.0, 62)]


def test_a_pick_up_is_asked_for_as_much_earlier() -> None:
    stage = Stage()
    stage.play([(3.9, 4.5, 60), (5.0, 6.0, 62)], 12.0)
    [(asked_s, call)] = stage.calls
    assert asked_s == pytest.approx(7.9 - LEAD_S, abs=0.005)
    assert call.clip.notes.onset.tolist() == pytest.approx([3.9, 5.0])


def clocked(early_s: float) -> list[Event]:
    """Play to a response whose clock starts a little after, or before, the first note."""
    follower = Follower()
    response = Response(follower, lambda _call: None, bars=1)
    events = [Event(1.0, b"\xfa"), *(Event(1.0 + tick / 48, b"\xf8") for tick in range(400))]
    notes = [(1.0 - early_s, 1.2, 60), (2.0, 2.2, 62)]
    for begin, end, pitch in notes:
        events += [Event(begin, note_on(0, pitch, 80)), Event(end, note_off(0, pitch))]
    said: list[Event] = []
    for event in sorted(events, key=lambda one: one.time_s):
        if event.data[0] >= 0xF8:
            follower.hear(event)
        else:
            response.hear(event)
        said += response.wake(event.time_s)
    return said


@pytest.mark.parametrize("early_s", [-0.0001, 0.03, 0.1])
def test_a_first_note_around_the_start_of_the_clock_is_not_lost(early_s: float) -> None:
    said = clocked(early_s)
    assert [pitch for _, pitch in ons(said)] == [60, 62]
    # a bar of four beats at 120 bpm after the start at 1 s
    assert said[0].time_s == pytest.approx(3.0 - early_s, abs=0.02)


def test_what_was_played_long_before_the_clock_is_no_part_of_the_phrase() -> None:
    assert [pitch for _, pitch in ons(clocked(0.9))] == [62]


def test_who_is_answered_on_another_channel_is_heard_on_the_own_one() -> None:
    stage = Stage(channel=9)
    said = stage.play(TWO, 9.0)
    assert stage.calls[0][1].clip.channel == 0
    assert {event.channel for event in said} == {9}


def test_a_key_that_is_held_is_no_stop() -> None:
    stage = Stage()
    stage.play([(0.0, 5.0, 60)], 9.0)
    assert [call.beat for _, call in stage.calls] == [8.0]


def test_who_plays_just_before_the_bar_line_has_not_stopped() -> None:
    stage = Stage()
    stage.play([(0.0, 1.0, 60), (3.7, 3.8, 62)], 9.0)
    assert [call.beat for _, call in stage.calls] == [8.0]


def test_who_goes_on_takes_the_call_back() -> None:
    stage = Stage(ANSWER)
    stage.play([*TWO, (3.9, 4.5, 64)], 13.0)
    assert [call.beat for _, call in stage.calls] == [4.0, 8.0]
    assert ons(stage.said) == [(8.0, 72), (10.0, 74)]
    assert stage.calls[1][1].clip.notes.onset.tolist() == [0.0, 1.5, 3.9]


def test_without_an_answer_the_phrase_comes_back() -> None:
    stage = Stage()
    assert ons(stage.play(TWO, 9.0)) == [(4.0, 60), (5.5, 62)]
    assert stage.response.unanswered == 1


def test_an_answer_that_comes_too_late_is_refused() -> None:
    stage = Stage()
    stage.play(TWO, 4.5)
    assert not stage.response.answer(0, ANSWER)
    assert ons(stage.play([], 9.0)) == [(4.0, 60), (5.5, 62)]


def test_with_fixed_bars_it_answers_while_keys_are_held() -> None:
    stage = Stage(ANSWER, bars=1)
    said = stage.play([(0.0, 4.6, 60), (8.0, 9.0, 62)], 13.5)
    assert ons(said) == [(4.0, 72), (6.0, 74), (12.0, 72)]
    assert stage.calls[0][1].clip.notes.duration.tolist() == [4.0]


def test_with_fixed_bars_the_last_notes_come_back_too() -> None:
    said = Stage(bars=1).play([(0.0, 1.0, 60), (3.8, 3.9, 62)], 8.5)
    assert [pitch for _, pitch in ons(said)] == [60, 62]


def test_what_is_played_during_an_answer_is_the_next_phrase() -> None:
    stage = Stage(ANSWER)
    stage.play([*TWO, (6.0, 7.0, 65)], 13.0)
    assert stage.calls[1][1].clip.notes.pitch.tolist() == [65]


def test_the_end_ends_the_answer() -> None:
    stage = Stage(ANSWER)
    stage.play(TWO, 4.5)
    stage.said += stage.response.end(4.5)
    assert not hung(stage.said)
    assert stage.response.due_s == NEVER


def test_a_song_that_jumps_ends_phrase_and_answer() -> None:
    pulse = Steady(60.0)
    calls: list[Call] = []
    response = Response(pulse, calls.append)
    response.hear(Event(0.0, note_on(0, 60, 80)))
    response.hear(Event(1.0, note_off(0, 60)))
    pulse.jumps += 1
    response.wake(1.5)
    response.wake(3.9)
    assert calls == []


def test_without_a_song_nothing_is_gathered() -> None:
    response = Response(Follower(), lambda _: None)
    response.hear(Event(0.0, note_on(0, 60, 80)))
    assert (response.due_s, response.wake(9.0)) == (NEVER, [])


def test_a_phrase_that_comes_back_keeps_its_notes() -> None:
    back = varied(ANSWER, np.random.default_rng(1))
    assert back.notes.onset.tolist() == ANSWER.notes.onset.tolist()
    assert back.notes.pitch.tolist() == ANSWER.notes.pitch.tolist()
    assert back.notes.velocity.tolist() != ANSWER.notes.velocity.tolist()


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.floats(0, 20), st.floats(0.01, 3), st.integers(60, 64)), max_size=20),
    st.sampled_from([None, 1, 2]),
    st.booleans(),
)
def test_whatever_is_played_no_answer_hangs(
    notes: list[Played], bars: int | None, answered: bool
) -> None:
    stage = Stage(ANSWER if answered else None, bars=bars)  # type: ignore[arg-type]
    stage.play([(begin, begin + length, pitch) for begin, length, pitch in notes], 24.0)
    hung(stage.said)
    assert not hung([*stage.said, *stage.response.end(24.0)])
    assert all(call.deadline_s >= asked_s for asked_s, call in stage.calls)


def answerer(made: list[tuple[int, Clip]], told: list[str], make: Make) -> Answerer:
    return Answerer(nullcontext(make), lambda *answer: made.append(answer), told.append)


def test_an_answerer_makes_answers_elsewhere() -> None:
    made: list[tuple[int, Clip]] = []
    done = threading.Event()

    def make(call: Called) -> Clip:
        done.set()
        return call.clip.replace(name=threading.current_thread().name)

    one = answerer(made, [], make)
    one.ask(Called(3, ANSWER, 1.0))
    assert done.wait(10.0)
    one.close()
    [(number, clip)] = made
    assert (number, clip.name) == (3, "yuragi answers")


def test_an_answer_that_cannot_be_made_is_told() -> None:
    made: list[tuple[int, Clip]] = []
    told: list[str] = []
    begun = threading.Event()

    def make(call: Called) -> Clip:
        begun.set()
        raise BridgeError(f"no preset for {len(call.clip.notes)} notes")

    one = answerer(made, told, make)
    one.ask(Called(0, ANSWER, 1.0))
    assert begun.wait(10.0)
    one.close()
    assert (made, told) == ([], ["no answer could be made: no preset for 2 notes"])


def test_it_answers_on_the_channel_of_the_player() -> None:
    calls: list[Call] = []
    response = Response(Steady(60.0), calls.append)
    response.hear(Event(0.0, note_on(9, 36, 80)))
    response.hear(Event(1.0, note_off(9, 36)))
    response.wake(3.9)
    assert calls[0].clip.channel == 9
