"""When drums are struck."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, Loop, Stage
from engines.preset import Chain
from tests.drummer.beat import CRASH, HAT, KICK, PEDAL, RIDE, SNARE, TOM, part, rock
from tests.engines.any_clip import any_clip
from tests.engines.drums import (
    BEAT_MS,
    GRID,
    LOUD,
    ghosted,
    in_order,
    is_voice,
    late_ms,
    played,
)
from tests.engines.music import piano

SEEDS = st.integers(0, 2**63 - 1)


@given(any_clip(least=2, pitch=st.sampled_from([KICK, SNARE, HAT, PEDAL, TOM])), SEEDS)
@settings(max_examples=25)
def test_no_hit_overtakes_another_whatever_is_dialled(clip: Clip, seed: int) -> None:
    clip = clip.replace(role="drums", loop=None)
    assert in_order(clip, played("groove", clip, seed, **LOUD["groove"]))


def test_no_hit_of_swung_sixteenths_overtakes_another() -> None:
    clip = ghosted()
    for seed in range(4):
        dials: dict[str, Any] = {
            "swing": 75.0,
            "swing_grid": "16th",
            "amount": 2.0,
            "kick_push": 50.0,
        }
        after = played("groove", clip, seed, tightness=0.0, **dials)
        assert in_order(clip, after)


@pytest.mark.parametrize("dials", [{}, {"swing": 70.0}, {"push": 20.0, "drift": 30.0}])
def test_flams_keep_their_distance(dials: dict[str, Any]) -> None:
    grace = 18 / BEAT_MS
    hits = [
        (bar + at - ahead, SNARE) for bar in range(1, 9) for at in (0, 0.5) for ahead in (grace, 0)
    ]
    clip = part(hits, [50.0, 100.0] * 16)
    after = played("groove", clip, **dials).notes.onset
    assert np.diff(after)[::2] == pytest.approx(grace)


@pytest.mark.parametrize("edge", ["hold", "wrap"])
def test_nothing_leaves_a_loop(edge: str) -> None:
    clip = rock(4, loop=Loop(4.0, 12.0))
    inside = (clip.notes.onset >= 4) & (clip.notes.onset < 12)
    for seed in range(4):
        after = played("groove", clip, seed, edge=edge, amount=2.0, tightness=0.0).notes.onset
        assert ((after >= 4) & (after < 12)).tolist() == inside.tolist()


def test_the_timing_of_a_loop_closes() -> None:
    # eighths of a kick: what comes last is as near to what comes first as others are
    clip = part([(at / 4, KICK) for at in range(32)], length=8.0, loop=Loop(0.0, 8.0))
    late = np.array(
        [late_ms(clip, seed, edge="wrap", drift=20.0, tightness=1.0) for seed in range(20)]
    )
    late = np.mod(late + 2000.0, 4000.0) - 2000.0  # wrapped round the loop of 8 beats
    steps = np.abs(np.diff(late, axis=1))
    assert np.abs(late[:, 0] - late[:, -1]).mean() < 2 * steps.mean()


def test_tightness_of_1_is_the_grid() -> None:
    assert late_ms(rock(), **GRID) == pytest.approx(0.0, abs=1e-6)


def test_tightness_draws_hits_in() -> None:
    loose, tight = (
        np.std(late_ms(rock(8), tightness=much, drift=0.0, variation=1.0)) for much in (0.0, 0.7)
    )
    assert tight == pytest.approx(0.3 * loose, rel=0.15)


@pytest.mark.parametrize(
    ("dial", "pitches"),
    [
        ("kick_push", (KICK,)),
        ("snare_push", (SNARE,)),
        ("hat_push", (HAT, PEDAL, 46)),
        ("tom_push", (TOM,)),
        ("cymbal_push", (CRASH, RIDE)),
    ],
)
def test_a_push_moves_one_part_of_the_kit_by_so_many_ms(
    dial: str, pitches: tuple[int, ...]
) -> None:
    kit = [KICK, SNARE, HAT, PEDAL, 46, TOM, CRASH, RIDE]
    clip = part([(1.0 + beat, pitch) for beat in range(4) for pitch in kit])
    meant = np.where(is_voice(clip, *pitches), 12.0, 0.0)
    leaning: dict[str, Any] = {**GRID, dial: 12.0}
    assert late_ms(clip, **leaning) == pytest.approx(meant, abs=1e-6)
    half = late_ms(clip, amount=0.5, **leaning)
    assert half == pytest.approx(0.5 * meant, abs=1e-6)


def test_push_moves_the_whole_kit() -> None:
    clip = rock()
    assert late_ms(clip, push=15.0, **GRID) == pytest.approx(15.0)


def test_swing_swings_the_kit() -> None:
    clip = rock()
    offbeat = np.mod(clip.notes.onset, 1.0) == 0.5
    # 60 % of a beat are 0.1 beats, 50 ms, more than the half
    meant = np.where(offbeat, 50.0, 0.0)
    assert late_ms(clip, swing=60.0, **GRID) == pytest.approx(meant, abs=1e-6)


def test_a_band_with_drums_drifts_together() -> None:
    band = (rock(8), piano(8, role="bass"))
    dials = {"drift": 20.0, "tightness": 1.0, "deviation": 0.0, "asynchrony": 0.0}
    drums, bass = Chain([Stage("groove", dials)]).render(band, seed=3)
    late = [
        np.interp(np.arange(1, 32), before.notes.onset, after.notes.onset - before.notes.onset)
        for before, after in zip(band, (drums, bass), strict=True)
    ]
    assert np.corrcoef(late)[0, 1] > 0.8
