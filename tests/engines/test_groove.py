from typing import Any

import numpy as np
import pytest

from engines import Clip, Loop, Stage
from engines.features import Features
from engines.preset import Chain
from tests.engines.music import piano

STILL: dict[str, Any] = {"drift": 0.0, "deviation": 0.0, "asynchrony": 0.0}
"""Options that move nothing."""

BEAT_MS = 500.0
"""The music is at 120 bpm, where none is given."""


def late_ms(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    after = Chain([Stage("groove", dials)]).render((clip,), seed=seed)[0]
    return (after.notes.onset - clip.notes.onset) * BEAT_MS


def by_onset(clip: Clip, late: np.ndarray) -> np.ndarray:
    features = Features(clip)
    return np.bincount(features.group, late) / features.group_size


def test_nothing_moves_when_every_dial_is_at_rest() -> None:
    assert late_ms(piano(), **STILL) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("most", [5.0, 10.0])
def test_deviation_limits_how_far_onsets_stray(most: float) -> None:
    strays = [
        by_onset(piano(), late_ms(piano(), seed, **{**STILL, "deviation": most}))
        for seed in range(4)
    ]
    # the seam holds the first onset, and the room between onsets the farthest
    assert np.sqrt(np.mean(np.square(strays))) == pytest.approx(most, rel=0.2)


def test_timing_stays_with_the_grid() -> None:
    late = by_onset(piano(64), late_ms(piano(64), **{**STILL, "deviation": 20.0}))
    thirds = np.array_split(late, 3)
    assert np.abs([third.mean() for third in thirds]).max() < 6.0


def test_chords_fall_apart_and_stay_where_they_are() -> None:
    clip = piano()
    late = late_ms(clip, **{**STILL, "asynchrony": 1.0})
    features = Features(clip)
    mean = by_onset(clip, late)
    within = np.sqrt(by_onset(clip, (late - mean[features.group]) ** 2))
    assert 3.0 < within[features.group_size > 1].mean() < 40.0
    assert late[(features.group_size == 1)[features.group]] == pytest.approx(0.0, abs=1e-9)
    assert np.abs(mean[1:]).mean() < 3.0


def test_twice_the_asynchrony_is_about_twice_as_wide() -> None:
    once, twice = (
        np.std(late_ms(piano(), **{**STILL, "asynchrony": dial, "variation": 0.0}))
        for dial in (0.5, 1.0)
    )
    assert twice == pytest.approx(2 * once, rel=0.1)


def test_unisons_stay_together() -> None:
    clip = piano()
    doubled = clip.replace(notes=clip.notes.take(np.repeat(np.arange(len(clip.notes)), 2)))
    late = late_ms(doubled).reshape(-1, 2)
    assert np.ptp(late, axis=1) == pytest.approx(0.0, abs=1e-9)


def test_push_and_swing_are_those_of_the_rules() -> None:
    clip = piano()
    dials = {"push": 12.0, "swing": 62.0}
    rules = {"feel": 0.0, "spread": 0.0, "melody_lead": 0.0, "deviation": 0.0, "drift": 0.0}
    mine = late_ms(clip, **{**STILL, **dials})
    after = Chain([Stage("rules.groove", {**rules, **dials})]).render((clip,), seed=5)[0]
    assert mine == pytest.approx((after.notes.onset - clip.notes.onset) * BEAT_MS)


def test_a_band_drifts_together() -> None:
    band = (piano(8), piano(8, role="drums"))
    dials = {**STILL, "drift": 10.0}
    piano_late, drums_late = (
        after.notes.onset - before.notes.onset
        for before, after in zip(
            band, Chain([Stage("groove", dials)]).render(band, seed=3), strict=True
        )
    )
    mine, theirs = by_onset(band[0], piano_late), by_onset(band[1], drums_late)
    assert np.corrcoef(mine[1:], theirs[1:])[0, 1] > 0.5


def test_no_onset_overtakes_another() -> None:
    fast = piano(8)
    fast = fast.replace(notes=fast.notes.replace(onset=fast.notes.onset / 8), length=4.0)
    onset = fast.notes.onset + late_ms(fast, amount=2.0, deviation=60.0) / BEAT_MS
    first = Features(fast).first_played(onset)
    assert (np.diff(first) > 0).all()


def test_a_loop_keeps_its_notes() -> None:
    loop = piano(8, loop=Loop(8.0, 24.0))
    onset = loop.notes.onset + late_ms(loop, amount=2.0) / BEAT_MS
    inside = (loop.notes.onset >= 8.0) & (loop.notes.onset < 24.0)
    assert ((onset >= 8.0) & (onset < 24.0)).tolist() == inside.tolist()
