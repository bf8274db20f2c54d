import numpy as np
import pytest

from engines import Clip, ClipError, Controllers, Notes, Stage, Target
from engines.clip import SUSTAIN_PEDAL
from engines.preset import Chain


def chords(*events: tuple[int, float, int]) -> Clip:
    """Return four chords of two beats with controller events (number, time, value)."""
    pitch = np.array([48, 60, 64, 67, 53, 60, 65, 69, 55, 59, 62, 67, 48, 60, 64, 67])
    notes = Notes(pitch=pitch, onset=np.repeat(np.arange(4) * 2.0, 4), duration=np.full(16, 2.0))
    number, time, value = np.array(events, dtype=float).reshape(-1, 3).T
    controllers = Controllers(number=number, time=time, value=value)
    return Clip(notes, 8.0, role="piano", controllers=controllers)


def rendered(clip: Clip, target: Target, stage: Stage) -> Clip:
    return Chain([stage]).render((clip,), seed=1, target=target)[0]


def value_at(clip: Clip, number: int, time: float) -> int:
    events = clip.controllers.of(number)
    return int(events.value[events.time <= time][-1]) if (events.time <= time).any() else 0


def outside(clip: Clip, target: Target) -> Controllers:
    return clip.controllers.take(~target.covers(clip.controllers.time))


def test_a_range_without_length_is_refused() -> None:
    with pytest.raises(ClipError, match=r"end is 2\.0, allowed are times after 2\.0"):
        Target(2.0, 2.0)


@pytest.mark.parametrize("span", [(2.0, 4.0), (1.0, 3.0), (0.0, 3.9), (5.0, 7.5)])
@pytest.mark.parametrize("ramps", [True, False])
def test_no_pedal_hangs_after_the_range(span: tuple[float, float], ramps: bool) -> None:
    target = Target(*span)
    after = rendered(chords(), target, Stage("rules.pedal", {"ramps": ramps}))
    assert after.controllers.value.max() > 0
    assert value_at(after, SUSTAIN_PEDAL, span[1]) == 0


def test_a_pedal_that_was_held_over_the_end_is_held_there_again() -> None:
    target = Target(2.0, 4.0)
    before = chords((64, 0.0, 127), (64, 7.9, 0))
    after = rendered(before, target, Stage("rules.pedal", {"replace": True}))
    assert value_at(after, SUSTAIN_PEDAL, 4.0) == 127
    assert outside(after, target) == before.controllers


def test_an_event_at_the_end_needs_no_other_before_it() -> None:
    before = chords((64, 0.0, 127), (64, 4.0, 30))
    target = Target(2.0, 4.0)
    after = rendered(before, target, Stage("rules.pedal", {"replace": True}))
    assert np.nextafter(4.0, 0.0) not in after.controllers.time


def test_a_range_over_the_whole_clip_adds_no_event_at_its_end() -> None:
    whole = rendered(chords(), Target(0.0, 8.0), Stage("rules.pedal"))
    assert whole.controllers == rendered(chords(), Target(), Stage("rules.pedal")).controllers


def test_moved_events_are_neither_lost_nor_doubled() -> None:
    ramp = [(11, step * 0.2, step) for step in range(40)]
    before, target = chords(*ramp), Target(2.0, 4.0)
    dials = {"arch": 30, "wander": 10, "anchor": "ends"}
    after = rendered(before, target, Stage("rules.rubato", dials))
    assert after.controllers.value.tolist() == before.controllers.value.tolist()
    assert outside(after, target) == outside(before, target)
    assert after.controllers != before.controllers


def test_each_controller_is_told_apart() -> None:
    before, target = chords((1, 2.5, 9), (64, 3.0, 80), (11, 3.5, 7)), Target(2.0, 4.0)
    after = rendered(before, target, Stage("rules.pedal", {"replace": True}))
    assert after.controllers.without(SUSTAIN_PEDAL) == before.controllers.without(SUSTAIN_PEDAL)
    assert value_at(after, SUSTAIN_PEDAL, 4.0) == 80


def test_named_notes_have_no_controllers() -> None:
    before = chords((64, 0.0, 127))
    target = Target(note_ids=(1, 2))
    after = rendered(before, target, Stage("rules.pedal", {"replace": True}))
    assert after.controllers == before.controllers
