"""All engines of a request play from one performance."""

from typing import Any

import msgspec
import numpy as np
import pytest

from engines.engine import Context
from engines.performance.interpreter import Interpreter
from engines.performance.take import KEPT, Take, take
from engines.performance.traces import kept, traced
from engines.reading import REMEMBERED_NOTES
from tests.clips import stiff_clip
from tests.performance.fake_network import FakeNetwork


def duo(**asked: Any) -> Context:
    return Context((stiff_clip(40), stiff_clip(40)), **asked)


def taken(interpreter: Interpreter, **asked: Any) -> Take:
    return take(interpreter, duo(**asked))


def test_engines_and_stages_play_from_one_performance() -> None:
    interpreter = Interpreter(FakeNetwork())
    one = taken(interpreter, seed=3, stage=0, engine="velocity")
    other = taken(interpreter, seed=3, stage=2, engine="groove")
    assert np.array_equal(one.noise, other.noise)


def test_seeds_and_parts_play_otherwise() -> None:
    interpreter = Interpreter(FakeNetwork())
    takes = [taken(interpreter, seed=seed, part=part) for seed in (1, 2) for part in (0, 1)]
    assert len({one.noise.tobytes() for one in takes}) == 4


def test_another_part_s_performance_is_its_own() -> None:
    interpreter = Interpreter(FakeNetwork())
    own = taken(interpreter, seed=1, part=1)
    assert np.array_equal(take(interpreter, duo(seed=1, part=0), 1).noise, own.noise)


def test_who_is_loud_is_late_as_with_the_players() -> None:
    page = Context((stiff_clip(300),)).features
    score = np.random.default_rng(0).standard_normal((300, 4))
    score[:, 2] = score[:, 0]
    traces = msgspec.to_builtins(kept([traced(page, score)]))
    one = take(Interpreter(FakeNetwork(traces=traces)), Context((stiff_clip(200),), seed=1))
    assert np.corrcoef(one.drawn("velocity"), one.drawn("asynchrony"))[0, 1] > 0.99
    assert abs(np.corrcoef(one.drawn("velocity"), one.drawn("articulation"))[0, 1]) < 0.3


def test_variation_says_how_much_of_the_noise_there_is() -> None:
    one = taken(Interpreter(FakeNetwork()), seed=1)
    none, half, whole = (np.std(one.drawn("velocity", much)) for much in (0.0, 0.5, 1.0))
    assert none < 1e-6 < half < whole


def test_what_is_drawn_is_kept_and_cannot_be_changed() -> None:
    one = taken(Interpreter(FakeNetwork()), seed=1)
    drawn = one.drawn("velocity")
    assert np.shares_memory(one.drawn("velocity"), drawn)
    assert not drawn.flags.writeable
    assert not one.noise.flags.writeable


def test_a_dial_that_turns_leaves_what_other_engines_play_kept() -> None:
    one = taken(Interpreter(FakeNetwork()), seed=1)
    late, touch = one.drawn("asynchrony", 0.5), one.drawn("articulation", 0.5)
    for place in range(2 * KEPT):
        one.drawn("velocity", place / KEPT)
        assert np.shares_memory(one.drawn("asynchrony", 0.5), late)
        assert np.shares_memory(one.drawn("articulation", 0.5), touch)


def test_a_parameter_is_drawn_alike_alone_and_with_others() -> None:
    alone, together = (taken(Interpreter(FakeNetwork()), seed=1) for _ in range(2))
    alone.drawn("velocity", 0.25)
    assert alone.drawn("stretch", 0.5) == pytest.approx(together.drawn("stretch", 0.5))


def test_of_a_dial_that_turns_not_every_place_is_kept() -> None:
    one = taken(Interpreter(FakeNetwork()), seed=1)
    first = one.drawn("velocity", 0.0)
    for place in range(1, 2 * KEPT):
        one.drawn("velocity", place / KEPT)
    again = one.drawn("velocity", 0.0)
    assert not np.shares_memory(again, first)
    assert np.array_equal(again, first)


def test_a_long_clip_is_drawn_alike_each_time() -> None:
    interpreter = Interpreter(FakeNetwork())
    long = Context((stiff_clip(REMEMBERED_NOTES + 1),), seed=1)
    one, other = (take(interpreter, long).drawn("velocity") for _ in range(2))
    assert np.array_equal(one, other)
