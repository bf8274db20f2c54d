"""Asking the drummer how a clip is played: windows, loops, what is told."""

from typing import Any

import numpy as np
import pytest

from engines import Clip, Loop, Metre, Tempo
from engines.drummer.drummer import MARGIN, WINDOW, Drummer, Interpretation, interpret
from engines.drummer.hits import read_hits
from engines.drummer.page import COLUMNS, Sight, Telling
from engines.features import Features
from engines.kit import SNARE as SNARE_VOICE
from tests.drummer.beat import HAT, KICK, NOTHING, SNARE, part, rock
from tests.drummer.fake_player import FakePlayer


def asked(clip: Clip, network: FakePlayer, **told: Any) -> Interpretation:
    return Drummer(network, Telling(**told))(Features(clip))


class Listening(FakePlayer):
    """Keeps what was said of the hits, window for window."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[np.ndarray] = []

    def run(
        self, said: np.ndarray, around: np.ndarray, beats: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        self.told.append(said)
        return super().run(said, around, beats)


def heard(clip: Clip, column: str, **told: Any) -> list[float]:
    """Return what is said of the hits of a clip in a column."""
    network = Listening()
    asked(clip, network, **told)
    found: list[float] = network.told[0][:, COLUMNS.index(column)].tolist()
    return found


def test_every_hit_is_answered_in_its_place() -> None:
    clip = part([(0.0, HAT), (0.0, KICK), (1.0, SNARE), (2.0, NOTHING)])
    found = asked(clip, FakePlayer(late=lambda voice, beats: voice + 10 * beats))
    # in order of time, then of voice: kick 0, closed hat 2, and the snare, 1, on beat 1
    assert found.late.mean() == pytest.approx([0.0, 2.0, 11.0])


@pytest.mark.parametrize("bars", [1, 6, 7, 13, 40])
def test_windows_leave_no_seam_and_no_hit_out(bars: int) -> None:
    player = FakePlayer(late=lambda _voice, beats: beats / 4)
    found = asked(rock(bars), player)
    assert found.late.mean() == pytest.approx(read_hits(Features(rock(bars))).time / 4)
    assert max(np.ptp(window) for window in player.windows) <= WINDOW + 2 * MARGIN


def test_hits_see_the_beats_on_either_side_of_their_window() -> None:
    player = FakePlayer()
    asked(rock(18), player)  # 72 beats: 3 windows
    first, second, third = player.windows
    assert (first[0], first[-1]) == (0.0, WINDOW + MARGIN - 0.5)
    assert (second[0], second[-1]) == (WINDOW - MARGIN, 2 * WINDOW + MARGIN - 0.5)
    assert third[0] == 2 * WINDOW - MARGIN


def test_the_cost_is_linear_in_the_hits() -> None:
    looked = []
    for bars in (60, 120):
        player = FakePlayer()
        asked(rock(bars), player)
        looked.append(sum(len(window) for window in player.windows))
    assert looked[1] == pytest.approx(2 * looked[0], rel=0.1)


def test_a_crowd_of_hits_is_asked_about_in_parts() -> None:
    player = FakePlayer()
    hits = [(at / 20, pitch) for at in range(200) for pitch in (HAT, KICK, SNARE, 46, 51)]
    clip = part(hits, tempo=Tempo(time=np.zeros(1), bpm=np.array([60.0])))
    assert len(asked(clip, player).late.mean()) == 1000
    assert max(len(window) for window in player.windows) < 900


def test_long_rests_are_not_asked_about() -> None:
    player = FakePlayer()
    asked(part([(0.0, KICK), (900_000.0, KICK)]), player)
    assert [len(window) for window in player.windows] == [1, 1]


def test_late_in_a_song_hits_are_heard_as_exactly_as_at_its_beginning() -> None:
    here, there = FakePlayer(), FakePlayer()
    triplets = np.arange(12) / 3
    asked(part([(at, KICK) for at in triplets.tolist()]), here)
    asked(part([(1024 * 400 + at, KICK) for at in triplets.tolist()]), there)
    # single precision tells beats apart by 0.03 there
    assert there.windows[0] == pytest.approx(here.windows[0], abs=1e-6)


def test_a_clip_without_hits_is_not_asked_about() -> None:
    for clip in (part([]), part([(0.0, NOTHING)]), part([(0.0, NOTHING)], loop=Loop(0.0, 4.0))):
        player = FakePlayer()
        assert len(asked(clip, player).late.mean()) == 0
        assert not player.windows


def test_a_loop_is_seen_to_come_round() -> None:
    player = FakePlayer(late=lambda _voice, beats: beats)
    loop = rock(2, loop=Loop(0.0, 8.0))
    found = asked(loop, player)
    seen = player.windows[0]
    assert (seen[0], seen[-1]) == (-MARGIN, 8.0 + MARGIN - 0.5)
    # each hit of the loop is answered once, at its own time
    assert found.late.mean() == pytest.approx(read_hits(Features(loop)).time)


def test_a_loop_is_played_alike_wherever_it_was_cut() -> None:
    # the answer is how many hits are seen within a beat
    def crowd(_voice: np.ndarray, beats: np.ndarray) -> np.ndarray:
        return (np.abs(beats[:, None] - beats) <= 1.0).sum(axis=1).astype(float)

    clip = rock(2, loop=Loop(0.0, 8.0))
    turned = np.mod(clip.notes.onset + 4.0, 8.0)
    other = clip.replace(notes=clip.notes.replace(onset=turned))
    one, two = (asked(each, FakePlayer(late=crowd)).late.mean() for each in (clip, other))
    assert one == pytest.approx(two)  # its two bars are alike
    assert asked(rock(2), FakePlayer(late=crowd)).late.mean()[0] < one[0]


def test_what_is_outside_of_a_loop_is_not_heard_where_it_comes_round() -> None:
    clip = part([(beat, KICK) for beat in range(12)], loop=Loop(4.0, 8.0))

    def fresh(_voice: np.ndarray, beats: np.ndarray) -> np.ndarray:
        """Return how many hits are seen at the time of each."""
        return (beats[:, None] == beats).sum(axis=1).astype(float)

    assert asked(clip, FakePlayer(late=fresh)).late.mean() == pytest.approx(1.0)


def test_the_metre_and_tempo_at_each_hit_are_said() -> None:
    metre = (Metre(0.0, 3, 4), Metre(6.0, 6, 8))
    tempo = Tempo(time=np.array([0.0, 6.0]), bpm=np.array([120.0, 60.0]))
    clip = part([(0.0, KICK), (3.0, KICK), (6.0, KICK), (7.5, KICK)], metre=metre, tempo=tempo)
    assert heard(clip, "bar") == [-0.25] * 4  # of three quarters, both of them
    assert heard(clip, "compound") == [0, 0, 1, 1]
    assert heard(clip, "tempo") == [0, 0, -1, -1]
    assert heard(clip, "downbeat") == [1, 1, 1, 0]


def test_what_the_drummer_is_told_is_said() -> None:
    assert heard(rock(1), "style jazz", style="jazz") == [1.0] * 12
    assert heard(rock(1), "player drummer3", player="drummer3") == [1.0] * 12
    assert heard(rock(1), "style jazz") == [0.0] * 12


def test_a_clip_is_interpreted_once() -> None:
    player, features = FakePlayer(), Features(rock(2))
    first = features.once(Drummer(player, Telling()))
    assert features.once(Drummer(player, Telling())) is first
    assert features.once(Drummer(player, Telling(style="funk"))) is not first
    assert len(player.windows) == 2


def test_a_sight_can_be_interpreted_without_a_clip() -> None:
    one = np.zeros(1)
    sight = Sight(one, np.array([SNARE_VOICE]), np.array([1]), one, one + 4, one, one + 120)
    assert interpret(sight, Telling(), FakePlayer(velocity=70.0)).velocity.mean() == pytest.approx(
        [70.0]
    )
