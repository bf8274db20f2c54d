"""Play scores by a pulse."""

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.live.clip_player import ClipPlayer
from bridge.live.follower import Follower
from bridge.live.score import SETS, Moment, Score, lay_out
from bridge.live.timeline import Mapped, Steady, Timeline
from engines.clip import Tempo
from engines.live.engine import NEVER
from engines.live.event import Event
from tests.bridge.live.scores import hung, ons, score_of, scores

TICK, START, CONTINUE, STOP = (bytes([code]) for code in (0xF8, 0xFA, 0xFB, 0xFC))
AT_120 = 60 / 120 / 24

FOUR = score_of([(float(beat), beat + 0.5, 60 + beat) for beat in range(4)])
"""A bar of four notes, 60 to 63."""


class Movable(Steady):
    """Be a song of one tempo that somebody moves."""

    def move(self, time_s: float, beat: float) -> None:
        """Let a beat sound at a time."""
        self._start_s = time_s - beat * self._beat_s
        self.landing, self.jumps = beat, self.jumps + 1


def played(player: ClipPlayer, until_s: float, begin_s: float = 0.0) -> list[Event]:
    """Return what a player says that is woken every 5 ms."""
    return [
        event
        for step in range(round((until_s - begin_s) / 0.005))
        for event in player.wake(begin_s + step * 0.005)
    ]


def with_clock(
    player_of: Callable[[Timeline], ClipPlayer], messages: list[tuple[float, bytes]]
) -> tuple[ClipPlayer, list[Event]]:
    """Return what a player says that is woken with each message of a clock."""
    follower = Follower()
    player, said = player_of(follower), []
    for time_s, data in messages:
        follower.hear(Event(time_s, data))
        said += player.wake(time_s)
    return player, said


def clock(count: int, begin: int = 0) -> list[tuple[float, bytes]]:
    """Return ticks at 120 bpm."""
    return [(index * AT_120, TICK) for index in range(begin, begin + count)]


def test_each_message_sounds_at_its_beat() -> None:
    said = played(ClipPlayer(FOUR, Steady(120.0, 1.0), loops=1), 4.0)
    assert ons(said) == [(1.0, 60), (1.5, 61), (2.0, 62), (2.5, 63)]


def test_what_is_handed_out_lies_within_the_horizon() -> None:
    player = ClipPlayer(FOUR, Steady(120.0), horizon_s=0.02)
    assert ons(player.wake(0.479)) == [(0.479, 60)]  # late: its time was 0.0
    assert ons(player.wake(0.48)) == [(0.5, 61)]


def test_it_wants_to_be_woken_a_horizon_before_the_next_message() -> None:
    player = ClipPlayer(FOUR, Steady(120.0), horizon_s=0.02)
    player.wake(0.0)
    assert player.due_s == 0.25 - 0.02  # the first note ends at half a beat


@pytest.mark.parametrize("bpm", [97.3, 120.0, 181.7])
def test_no_note_of_ten_thousand_is_off_by_a_sample(bpm: float) -> None:
    player = ClipPlayer(FOUR, Steady(bpm, 1234.5), loops=2500)
    said = played(player, 1234.5 + 10_000 * 60 / bpm, 1234.5)
    beat_s = Fraction(60) / Fraction(bpm)
    off_s = [abs(Fraction(1234.5) + n * beat_s - Fraction(t)) for n, (t, _) in enumerate(ons(said))]
    assert len(off_s) == 10_000
    assert max(off_s) < Fraction(1, 48_000)


def test_a_loop_comes_round_in_its_exact_length() -> None:
    loop = lay_out([Moment(0.0, SETS, b"\xb0\x01\x01")], length=1.75)
    said = played(ClipPlayer(loop, Steady(60.0)), 6.0)
    assert [event.time_s for event in said] == [0.0, 1.75, 3.5, 5.25]


def test_it_plays_as_often_as_it_should() -> None:
    player = ClipPlayer(FOUR, Steady(120.0), loops=3)
    assert len(ons(played(player, 20.0))) == 12
    assert (player.ended, player.due_s) == (True, NEVER)


def test_it_starts_at_the_next_bar_line_of_a_song_that_goes_on() -> None:
    said = played(ClipPlayer(FOUR, Steady(120.0)), 13.0, 10.2)  # beat 20.4
    assert ons(said)[0] == (12.0, 60)


def test_it_starts_with_the_song() -> None:
    messages = [(0.0, START), *clock(96)]
    _, said = with_clock(lambda pulse: ClipPlayer(FOUR, pulse), messages)
    assert [pitch for _, pitch in ons(said)] == [60, 61, 62, 63]
    assert ons(said)[0] == (0.0, 60)  # with the first tick


def test_at_a_start_it_plays_from_its_beginning() -> None:
    messages = [*clock(30), (29.5 * AT_120, START), *clock(96, 30)]
    _, said = with_clock(lambda pulse: ClipPlayer(FOUR, pulse, at=0.0), messages)
    assert [pitch for _, pitch in ons(said)] == [60, 61, 60, 61, 62, 63]


def test_a_stop_ends_what_sounds_and_a_continue_goes_on_there() -> None:
    long = score_of([(0.0, 4.0, 60), (1.0, 4.0, 61), (3.0, 4.0, 63)])
    stop = [(40.5 * AT_120, STOP), *clock(50, 41)]
    follower, said = Follower(), []
    player = ClipPlayer(long, follower, at=0.0)
    for time_s, data in [*clock(41), *stop]:
        follower.hear(Event(time_s, data))
        said += player.wake(time_s)
    assert not hung(said)
    follower.hear(Event(90.5 * AT_120, CONTINUE))
    for time_s, data in clock(54, 91):
        follower.hear(Event(time_s, data))
        said += player.wake(time_s)
    assert [pitch for _, pitch in ons(said)] == [60, 61, 63]  # the song stood at 41 ticks
    assert ons(said)[-1][0] == pytest.approx((91 + 72 - 41) * AT_120)


def test_a_jump_of_the_song_goes_to_the_note_that_is_there() -> None:
    position = (48.5 * AT_120, bytes((0xF2, 12, 0)))  # beat 3
    messages = [*clock(49), position, *clock(24, 49)]
    _, said = with_clock(lambda pulse: ClipPlayer(FOUR, pulse, at=0.0), messages)
    assert [pitch for _, pitch in ons(said)] == [60, 61, 62, 63]
    assert ons(said)[-1][0] == pytest.approx(49 * AT_120)


def test_a_jump_brings_programs_controllers_and_bends_along() -> None:
    settings = [b"\xb0\x00\x02", b"\xc0\x05", b"\xb0\x00\x03", b"\xb0\x07\x20", b"\xe0\x00\x50"]
    rows = [Moment(index / 4, SETS, data) for index, data in enumerate(settings)]
    score = lay_out([*rows, Moment(1.5, SETS, b"\xb0\x07\x30"), Moment(3.0, SETS, b"\xb0\x07\x40")])
    player = ClipPlayer(score, Steady(120.0, -1.0), at=0.0)
    said = [event.data for event in player.wake(0.0)]  # beat 2
    assert said == [*settings[:3], settings[4], b"\xb0\x07\x30"]


def test_a_jump_lifts_a_pedal_that_is_not_down_there() -> None:
    pedal = lay_out([Moment(1.0, SETS, b"\xb0\x40\x7f"), Moment(2.0, SETS, b"\xb0\x40\x00")])
    messages = [*clock(30), (29.5 * AT_120, START), *clock(2, 30)]
    _, said = with_clock(lambda pulse: ClipPlayer(pedal, pulse, at=0.0), messages)
    assert [event.data for event in said] == [b"\xb0\x40\x7f", b"\xb0\x40\x00"]


def test_a_change_of_tempo_is_followed_within_a_horizon() -> None:
    later = [95 * AT_120 + (index + 1) * AT_120 / 2 for index in range(96)]
    messages = [*clock(96), *[(time_s, TICK) for time_s in later]]
    _, said = with_clock(lambda pulse: ClipPlayer(FOUR, pulse, at=0.0), messages)
    times = [time_s for time_s, _ in ons(said)]
    assert times[7] - times[6] == pytest.approx(0.25, abs=1e-3)


def test_a_tempo_map_of_its_own_begins_again_with_each_turn() -> None:
    tempo = Tempo(time=np.array([0.0, 2.0]), bpm=np.array([120.0, 60.0]))  # a turn lasts 3 s
    said = played(ClipPlayer(FOUR, Mapped(tempo, 5.0, 4.0)), 11.0, 5.0)
    expected = [5.0, 5.5, 6.0, 7.0, 8.0, 8.5, 9.0, 10.0]
    assert [time_s for time_s, _ in ons(said)] == pytest.approx([*expected, 11.0])


def test_another_score_enters_at_the_next_bar_line_in_its_right_bar() -> None:
    first = score_of([(beat, beat + 1.0, int(beat)) for beat in range(8)])
    second = score_of([(beat, beat + 1.0, int(beat) + 20) for beat in range(8)])
    player = ClipPlayer(first, Steady(60.0), loops=1)
    said = played(player, 2.0)
    player.swap(second)
    said += played(player, 9.0, 2.0)
    assert ons(said) == [(float(n), n if n < 4 else n + 20) for n in range(8)]
    assert not hung(said)


def test_a_note_that_sounds_at_the_bar_line_is_ended_there() -> None:
    player = ClipPlayer(score_of([(3.0, 8.0, 60)]), Steady(60.0))
    said = played(player, 3.5)
    player.swap(score_of([(0.0, 1.0, 70)], bars=2))
    said += played(player, 6.0, 3.5)
    assert [(event.time_s, event.data[1]) for event in said] == [(3.0, 60), (4.0, 60)]


def test_a_swap_before_the_start_needs_no_bar_line() -> None:
    player = ClipPlayer(FOUR, Steady(60.0), at=4.0)
    player.wake(0.0)
    player.swap(score_of([(0.0, 1.0, 70)]))
    assert ons(played(player, 7.0)) == [(4.0, 70)]


def test_the_later_of_two_swaps_is_the_one_that_plays() -> None:
    player = ClipPlayer(FOUR, Steady(60.0))
    player.wake(1.0)
    player.swap(score_of([(0.0, 1.0, 70)]))
    player.swap(score_of([(0.0, 1.0, 71)]))
    assert ons(played(player, 5.0, 3.9)) == [(4.0, 71)]


def test_the_end_ends_all() -> None:
    held = lay_out([Moment(0.0, SETS, b"\xb0\x40\x7f"), Moment(3.0, SETS, b"\xb0\x40\x00")])
    player = ClipPlayer(held, Steady(60.0))
    player.wake(0.0)
    assert [event.data for event in player.end(1.0)] == [b"\xb0\x40\x00"]
    assert (player.wake(4.0), player.due_s, player.ended) == ([], NEVER, True)


def test_what_is_late_is_played_at_once_in_order_and_counted() -> None:
    player = ClipPlayer(FOUR, Steady(120.0))
    player.wake(0.0)
    said = player.wake(1.6)  # four ends and three beginnings lie between, until 1.6 + 0.02
    assert [event.time_s for event in said] == [1.6] * 6
    assert ons(said) == [(1.6, 61), (1.6, 62), (1.6, 63)]
    assert player.late == 6


def test_it_wants_to_be_woken_at_once_when_the_song_begins_jumps_and_stops() -> None:
    follower = Follower()
    player = ClipPlayer(FOUR, follower)
    followed = [(0.0, TICK), (0.01, START), (0.02, TICK), (0.03, STOP)]
    wanted = []
    for time_s, data in followed:
        follower.hear(Event(time_s, data))
        wanted.append(player.due_s)
        player.wake(time_s)
    assert wanted[0] == wanted[1] == wanted[3] == -NEVER
    assert player.due_s == NEVER


def test_an_endless_loop_keeps_its_phase_when_the_song_goes_back_before_its_start() -> None:
    pulse = Movable(60.0)
    player = ClipPlayer(score_of([(0.0, 1.0, 60), (5.0, 6.0, 65)]), pulse)  # two bars
    assert ons(played(player, 12.5, 10.0)) == [(12.0, 60)]
    pulse.move(12.5, 1.5)  # the turns that started at 12 + 8 n start at -4 + 8 n
    assert ons(played(player, 20.5, 12.5)) == [(15.0, 60), (20.0, 65)]  # beats 4 and 9


def test_a_score_that_waits_for_its_bar_line_enters_with_a_jump_of_the_song() -> None:
    pulse = Movable(60.0)
    player = ClipPlayer(FOUR, pulse)
    said = played(player, 1.5)
    player.swap(score_of([(beat, beat + 0.5, 70 + int(beat)) for beat in (0.0, 1.0, 2.0, 3.0)]))
    pulse.move(1.5, 1.5)
    said += played(player, 3.5, 1.5)
    assert [pitch for _, pitch in ons(said)] == [60, 61, 72, 73]


def test_a_song_that_jumps_behind_the_end_plays_nothing() -> None:
    player = ClipPlayer(FOUR, Steady(60.0), at=0.0, loops=1)
    assert (player.wake(40.0), player.ended) == ([], True)


def test_without_a_pulse_it_wants_nothing() -> None:
    player = ClipPlayer(FOUR, Follower())
    assert (player.wake(1.0), player.due_s) == ([], NEVER)


Step = tuple[str, float, Score]


def steps() -> st.SearchStrategy[list[Step]]:
    kinds = st.sampled_from(["wake", "wake", "wake", "wake", "swap", "start", "move", "stop", "go"])
    return st.lists(st.tuples(kinds, st.floats(0.0, 0.3), scores(40)), max_size=40)


@settings(deadline=None)
@given(scores(), steps(), st.sampled_from([1, 3, NEVER]), st.integers(0, 2**32))
def test_whatever_happens_nothing_hangs_or_comes_before_its_time(
    score: Score, happens: list[Step], loops: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    follower, said, now_s, tick = Follower(), [], 0.0, 0.0
    player = ClipPlayer(score, follower, loops=loops)
    for kind, wait_s, other in happens:
        now_s += wait_s
        while tick < now_s:
            follower.hear(Event(tick + rng.uniform(0, 1e-3), TICK))
            tick += AT_120 * rng.uniform(0.9, 1.1)
        if kind == "swap":
            player.swap(other)
        elif kind != "wake":
            codes = {"start": START, "stop": STOP, "go": CONTINUE, "move": b"\xf2\x07\x00"}
            follower.hear(Event(now_s, codes[kind]))
        heard = player.wake(now_s)
        assert all(event.time_s >= now_s for event in heard)
        said += heard
    said += player.end(now_s)
    hung(said)
    assert all(before.time_s <= after.time_s for before, after in pairwise(said))
    assert not hung(said)


@settings(deadline=None, max_examples=50)
@given(scores(), st.lists(scores(40), max_size=5), st.integers(0, 2**32))
def test_swaps_neither_lose_nor_double_a_note(first: Score, others: list[Score], seed: int) -> None:
    """Each bar is played by the score that was given last before it; the clock jitters."""
    rng = np.random.default_rng(seed)
    given_by_bar = [first, *others, *[others[-1] if others else first] * (5 - len(others))]
    follower, said = Follower(), []
    player = ClipPlayer(first, follower, at=0.0)
    follower.hear(Event(0.0, START))
    for tick in range(6 * 96 - 4):  # so that nothing of a seventh bar is handed out
        follower.hear(Event(tick * AT_120 + rng.normal(0, 5e-4), TICK))
        bar, at = divmod(tick, 96)
        if at == 90 and bar < len(others):  # a sixteenth before the bar line
            player.swap(others[bar])
        said += player.wake(tick * AT_120 + 0.002)
    expected = [pitch for bar, score in enumerate(given_by_bar) for pitch in _pitches(score, bar)]
    assert Counter(pitch for _, pitch in ons(said)) == Counter(expected)
    hung(said)


def _pitches(score: Score, bar: int) -> list[int]:
    """Return the pitches that a looped score begins in a bar of the song."""
    at = bar % round(score.length / 4) * 4.0
    return [
        data[1]
        for beat, data in zip(score.beats.tolist(), score.messages, strict=True)
        if data[0] == 0x90 and at <= beat < at + 4
    ]


@pytest.mark.slow
def test_200_000_notes_at_500_a_second_are_all_played_once_under_jitter() -> None:
    """A bar of 1,000 notes of 2 s at 120 bpm, 200 times."""
    busy = score_of([(n / 250, (n + 0.5) / 250, n % 128) for n in range(1000)])
    rng = np.random.default_rng(1)
    follower, said = Follower(), []
    player = ClipPlayer(busy, follower, at=0.0, loops=200)
    follower.hear(Event(0.0, START))
    for tick in range(200 * 96 + 2):
        follower.hear(Event(tick * AT_120 + rng.normal(0, 1e-3), TICK))
        said += player.wake(tick * AT_120 + 0.004)
    begun = ons(said)
    assert [pitch for _, pitch in begun] == [n % 128 for n in range(1000)] * 200
    assert not hung(said)
    assert player.ended
    off_s = np.array([time_s for time_s, _ in begun]) - np.arange(200_000) * 0.002
    assert abs(off_s[2000:]).max() < 3e-3
