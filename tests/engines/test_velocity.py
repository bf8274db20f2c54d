from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engines import Clip, Stage
from engines.engine import Context
from engines.performance.weights import Library
from engines.preset import Chain
from engines.velocity import HEADROOM, Velocity, VelocityOptions
from tests.engines.music import piano


def play(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    return Chain([Stage("velocity", dials)]).render((clip,), seed=seed)[0].notes.velocity


def by_rules(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    context = Context((clip,), seed=seed, engine="velocity")
    rules = Chain([Stage("rules.velocity", dials)]).steps[0]
    return rules[0](clip, rules[1], context).notes.velocity


def test_it_plays_otherwise_than_the_rules() -> None:
    assert not np.array_equal(play(piano()), by_rules(piano()))


def test_without_variation_all_seeds_play_the_same() -> None:
    assert np.array_equal(play(piano(), 1, variation=0.0), play(piano(), 2, variation=0.0))


def test_variation_spreads_performances() -> None:
    spread = [
        np.std([play(piano(), seed, variation=dial) for seed in range(6)], axis=0).mean()
        for dial in (0.5, 1.0, 2.0)
    ]
    assert spread[0] < spread[1] < spread[2]


def test_performances_spread_as_wide_as_pianists_do() -> None:
    # the spread of velocities within a performance of the ASAP dataset: 15.1, less in plain music
    assert 6 < np.mean([play(piano(), seed).std() for seed in range(4)]) < 22


def test_the_feel_is_added_to_the_accents_that_are_there() -> None:
    clip = piano()
    accent = np.where(np.arange(len(clip.notes)) % 3 == 0, 20.0, -10.0)
    accented = clip.replace(notes=clip.notes.replace(velocity=70.5 + accent))
    flat = clip.replace(notes=clip.notes.replace(velocity=np.full(len(accent), 70.5)))
    # what remains of the difference is the softly drawn in top
    assert play(accented) - play(flat) == pytest.approx(accent, abs=6.0)


def test_without_keeping_accents_only_their_mean_remains() -> None:
    clip = piano()
    accented = np.random.default_rng(0).choice([60.5, 90.5], len(clip.notes))
    replaced = play(clip.replace(notes=clip.notes.replace(velocity=accented)), keep_accents=False)
    assert abs(np.corrcoef(replaced, accented)[0, 1]) < 0.3


def test_amount_scales_the_feel() -> None:
    half, whole = (
        play(piano(velocity=64.5), amount=amount, variation=0.0) - 64.5 for amount in (0.5, 1.0)
    )
    assert half == pytest.approx(whole / 2, abs=1.0)


def test_range_limits_the_span() -> None:
    assert np.ptp(play(piano(), range=10.0)) <= 10


def test_whole_velocities_stay_whole_and_others_do_not() -> None:
    whole, free = play(piano(velocity=80.0)), play(piano(velocity=80.25))
    assert np.array_equal(whole, np.rint(whole))
    assert not np.array_equal(free, np.rint(free))


def test_a_clip_at_the_top_of_the_range_keeps_its_shape() -> None:
    takes = [play(piano(velocity=127.0), seed) for seed in range(4)]
    assert np.mean([loud == 127 for loud in takes]) < 0.2
    assert min(len(np.unique(loud)) for loud in takes) > 15
    assert np.mean(takes) > 127 - HEADROOM - 15


@pytest.mark.parametrize("keep_accents", [True, False])
def test_without_weights_the_rules_play(tmp_path: Path, keep_accents: bool) -> None:
    options = VelocityOptions(amount=0.7, keep_accents=keep_accents, variation=0.5)
    context = Context((piano(),), seed=5, engine="velocity")
    after = Velocity(Library(tmp_path))(piano(), options, context).notes.velocity
    # 0.5 of the 1.2 dB that the rules vary by
    same = by_rules(piano(), amount=0.7, keep_accents=keep_accents, variation=0.6)
    assert np.array_equal(after, same)
