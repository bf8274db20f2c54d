"""One performance of a kit's part."""

from typing import Any

import numpy as np
import pytest

from engines import Clip, Loop
from engines.drummer.drummer import Drummer
from engines.drummer.feel import Shares
from engines.drummer.page import Telling
from engines.drummer.take import Take, take
from engines.engine import Context
from engines.reading import REMEMBERED_NOTES
from tests.drummer.beat import KICK, part, rock
from tests.drummer.fake_player import FakePlayer


def taken(clip: Clip, player: FakePlayer | None = None, **asked: Any) -> Take:
    drummer = Drummer(player or FakePlayer(), Telling())
    return take(drummer, Context((clip, clip), **asked))


def test_engines_and_stages_play_from_one_performance() -> None:
    one = taken(rock(), seed=3, stage=0, engine="velocity")
    other = taken(rock(), seed=3, stage=2, engine="groove")
    assert np.array_equal(one.loudness, other.loudness)
    assert np.array_equal(one.lateness, other.lateness)


def test_seeds_and_parts_play_otherwise() -> None:
    takes = [taken(rock(), seed=seed, part=part) for seed in (1, 2) for part in (0, 1)]
    assert len({one.loudness.tobytes() for one in takes}) == 4
    assert len({one.lateness.tobytes() for one in takes}) == 4


def test_how_loud_and_how_late_are_drawn_apart() -> None:
    one = taken(rock(40), seed=1)
    assert abs(np.corrcoef(one.loudness, one.lateness)[0, 1]) < 0.2


def test_without_variation_the_medians_are_played() -> None:
    one = taken(rock(), FakePlayer(velocity=70.0, late=-5.0))
    assert one.velocity(0.0) == pytest.approx(70.0, abs=1e-4)
    assert one.late_ms(0.0) == pytest.approx(-5.0, abs=1e-4)


def test_variation_says_how_much_of_the_noise_there_is() -> None:
    one = taken(rock(40), FakePlayer(late=0.0, width=30.0))
    none, half, whole = (np.std(one.late_ms(much)) for much in (0.0, 0.5, 1.0))
    assert none < 1e-3 < half < whole
    # of what is even from -30 to 30: 60 over the root of 12, more or less with the clip
    assert whole == pytest.approx(17.3, rel=0.6)


def test_the_card_says_how_the_noise_is_made_up() -> None:
    clip = rock(40)
    player = FakePlayer()
    player.card.shares.update(late=Shares(voice=1.0))
    one = taken(clip, player)
    assert len(np.unique(one.lateness)) == 3  # a number for each voice
    assert one.loudness.std() == pytest.approx(1.0, rel=0.6)


def test_a_loop_s_clock_closes() -> None:
    player = FakePlayer()
    player.card.shares.update(late=Shares(clock=1.0))
    time = np.arange(0.0, 8.0, 0.125)
    clip = part([(at, KICK) for at in time.tolist()], length=8.0, loop=Loop(0.0, 8.0))
    steps = np.abs(np.diff(taken(clip, player).lateness))
    around = abs(taken(clip, player).lateness[0] - taken(clip, player).lateness[-1])
    assert around < 2 * steps.max()


def test_a_performance_is_remembered() -> None:
    clip, drummer = rock(), Drummer(FakePlayer(), Telling())
    context = Context((clip,), seed=1)
    assert take(drummer, context) is take(drummer, context)


def test_a_long_clip_is_taken_alike_each_time() -> None:
    clip = part([(at / 4, KICK) for at in range(REMEMBERED_NOTES + 1)])
    context, drummer = Context((clip,), seed=1), Drummer(FakePlayer(), Telling())
    one, other = take(drummer, context), take(drummer, context)
    assert one is not other
    assert np.array_equal(one.lateness, other.lateness)


def test_a_part_without_hits_can_be_taken() -> None:
    one = taken(part([]))
    assert len(one.velocity(1.0)) == len(one.late_ms(1.0)) == 0
