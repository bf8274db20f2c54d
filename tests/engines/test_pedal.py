from typing import Any

import numpy as np
import pytest

from engines import Clip, Controllers, Loop, Stage
from engines.clip import SUSTAIN_PEDAL
from engines.preset import Chain
from tests.engines.music import piano


def pedal(clip: Clip, seed: int = 5, **dials: Any) -> Controllers:
    after = Chain([Stage("pedal", dials)]).render((clip,), seed=seed)[0]
    return after.controllers.of(SUSTAIN_PEDAL)


def presses(events: Controllers) -> tuple[np.ndarray, np.ndarray]:
    """Return when the pedal goes down and up through its half, in beats."""
    turns = np.diff((events.value >= 64).astype(int), prepend=0)
    return events.time[turns == 1], events.time[turns == -1]


def share_down(events: Controllers, length: float = 64.0) -> float:
    down, up = presses(events)
    return float((up - down).sum() / length)


def test_a_piano_gets_a_pedal_that_changes() -> None:
    down, up = presses(pedal(piano()))
    assert len(down) == len(up)
    assert 4 <= len(down) <= 200


def test_events_come_in_order_inside_the_clip_and_end_up() -> None:
    events = pedal(piano())
    assert (np.diff(events.time) >= 0).all()
    assert events.time.max() <= 64.0
    assert events.value[-1] == 0


def test_half_the_amount_holds_half_as_long() -> None:
    half, whole = (share_down(pedal(piano(), amount=amount)) for amount in (0.5, 1.0))
    # a press ends by its half; those that would be too short are left out
    assert 0.3 * whole < half < 0.7 * whole


def test_more_than_all_of_it_lets_go_later() -> None:
    assert share_down(pedal(piano(), amount=2.0)) > share_down(pedal(piano()))


def test_depth_is_the_mean_of_the_presses() -> None:
    deepest = pedal(piano(), depth=80.0, ramps=False, variation=0.0).value
    assert set(deepest.tolist()) == {0, 80}


def test_with_ramps_the_pedal_passes_its_half() -> None:
    assert len(np.unique(pedal(piano()).value)) > 4


def test_only_a_piano_and_keys_get_one_unless_any_are_asked_for() -> None:
    guitar = piano(role="guitar")
    assert not len(pedal(guitar))
    assert len(pedal(guitar, roles="any"))


def test_a_pedal_that_is_there_is_kept_unless_it_is_to_be_replaced() -> None:
    own = Controllers(number=np.full(2, 64), time=np.array([0.0, 3.0]), value=np.array([127, 0]))
    pedalled = piano(controllers=own)
    assert pedal(pedalled) == own
    assert pedal(pedalled, replace=True) != own


def test_other_controllers_stay() -> None:
    modulation = Controllers(number=np.full(1, 1), time=np.ones(1), value=np.full(1, 99))
    clip = piano(controllers=modulation)
    after = Chain([Stage("pedal")]).render((clip,), seed=1)[0]
    assert after.controllers.of(1) == modulation
    assert (np.diff(after.controllers.time) >= 0).all()


def test_no_press_sounds_over_the_seam_of_a_loop() -> None:
    loop = piano(8, loop=Loop(8.0, 24.0))
    down, up = presses(pedal(loop))
    assert not ((down < 24.0) & (up > 24.0)).any()


def test_the_foot_follows_notes_that_have_moved() -> None:
    rest = dict.fromkeys(("feel", "drift", "deviation", "spread", "melody_lead"), 0.0)
    likeliest = Stage("pedal", {"variation": 0.0})
    late = Chain([Stage("rules.groove", {**rest, "push": 40.0}), likeliest])
    (there,) = late.render((piano(),), seed=1)
    moved = presses(there.controllers)[0] - presses(pedal(piano(), variation=0.0))[0]
    # 40 ms are 0.08 beats at 120 bpm
    assert np.median(moved) == pytest.approx(0.08, abs=1e-3)


@pytest.mark.parametrize("variation", [0.0, 1.0])
def test_variation_is_how_far_seeds_differ(variation: float) -> None:
    same = pedal(piano(), 1, variation=variation) == pedal(piano(), 2, variation=variation)
    assert same is (variation == 0.0)
