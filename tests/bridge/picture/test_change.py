import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.picture import describe, sentence, summary
from engines import Clip, Controllers, Notes, Tempo
from tests.clips import stiff_clip


def told(before: Clip, after: Clip) -> str:
    return sentence(describe((before,), (after,)))


def changed(clip: Clip, **columns: np.ndarray) -> Clip:
    return clip.replace(notes=clip.notes.replace(**columns))


def pedalled(clip: Clip, *values: int) -> Clip:
    time = np.arange(len(values), dtype=float)
    number = np.full(len(values), 64)
    return clip.replace(controllers=Controllers(number=number, time=time, value=np.array(values)))


def test_a_change_is_told_in_one_sentence() -> None:
    clip = stiff_clip()
    onset = clip.notes.onset + np.where(np.arange(16) < 12, 0.02, 0.0)
    velocity = 64.0 + np.arange(16)
    after = pedalled(changed(clip, onset=onset, velocity=velocity), 127, 0, 127, 0)
    tempo = Tempo(time=np.array([0.0, 4.0]), bpm=np.array([96.0, 108.0]))
    # 0.02 beats at 96 bpm are 12.5 ms (8 notes), at 108 bpm 11.1 ms (4 notes): 12.04 on average
    assert told(clip, after.replace(tempo=tempo)) == (
        "16 notes: 12 moved by 12 ms on average (mostly late), "
        "velocities 64\N{EN DASH}79 instead of 80, pedal 2 presses, "
        "tempo 96\N{EN DASH}108 bpm instead of 120"
    )


def test_a_clip_beside_itself_has_not_changed() -> None:
    assert told(stiff_clip(), stiff_clip()) == "16 notes, none changed"


@given(st.integers(0, 40), st.integers(0, 2**32))
def test_no_clip_differs_from_itself(count: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    notes = Notes(
        pitch=rng.integers(0, 128, count),
        onset=rng.uniform(0, 1e6, count),
        duration=rng.uniform(0, 1e5, count),
        velocity=rng.uniform(1, 127, count),
    )
    assert told(Clip(notes, length=1e6), Clip(notes, length=1e6)).endswith("none changed")


def test_notes_that_came_and_went_are_counted() -> None:
    clip = stiff_clip(4)
    fewer = clip.replace(notes=clip.notes.take(np.arange(3)))
    change = describe((clip,), (fewer,))
    assert (change.notes, change.removed, change.added) == (3, 1, 0)
    assert told(fewer, clip) == "4 notes: 1 added"


def test_a_shift_that_is_rounding_moves_no_note() -> None:
    clip = stiff_clip()
    # 0.4 ms at 120 bpm
    assert describe((clip,), (changed(clip, onset=clip.notes.onset + 0.0008),)).moved == 0


def test_early_and_late_have_their_signs() -> None:
    clip = stiff_clip(4)
    after = changed(clip, onset=clip.notes.onset + np.array([0.0, -0.04, -0.04, 0.02]))
    change = describe((clip,), (after,))
    # 20 + 20 + 10 ms over three notes, and -20 - 20 + 10
    assert change.shift_ms == pytest.approx(50 / 3)
    assert change.lateness_ms == pytest.approx(-10.0)


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        ([-0.02, -0.02, -0.02, -0.02], "all moved by 10 ms on average (mostly early)"),
        ([-0.02, 0.02, -0.02, 0.02], "all moved by 10 ms on average"),
    ],
)
def test_notes_that_moved_one_way_are_said_to(shift: list[float], said: str) -> None:
    clip = stiff_clip(4)
    clip = changed(clip, onset=clip.notes.onset + 1)
    assert told(clip, changed(clip, onset=clip.notes.onset + np.array(shift))) == f"4 notes: {said}"


def test_lengths_are_told_by_their_median() -> None:
    clip = stiff_clip(4)
    after = changed(clip, duration=clip.notes.duration * np.array([0.8, 0.8, 0.8, 0.5]))
    assert told(clip, after) == "4 notes: lengths 20 % shorter"


def test_some_lengths_are_counted() -> None:
    clip = stiff_clip(4)
    after = changed(clip, duration=clip.notes.duration * np.array([1.0, 1.0, 1.5, 1.5]))
    assert told(clip, after) == "4 notes: 2 lengths 50 % longer"


def test_the_length_of_a_drum_says_nothing() -> None:
    clip = stiff_clip(4, role="drums")
    assert told(clip, changed(clip, duration=clip.notes.duration / 2)) == "4 notes, none changed"


def test_a_pedal_is_pressed_when_it_passes_the_middle() -> None:
    # half pedal, a tremble above the middle, and a second press from one below it
    assert describe((stiff_clip(),), (pedalled(stiff_clip(), 30, 64, 90, 70, 63, 127),)).pedal == 2


def test_the_pedal_before_is_told_beside_the_pedal_after() -> None:
    before, after = pedalled(stiff_clip(), 127, 0), pedalled(stiff_clip(), 127, 0, 127, 0)
    assert told(before, after) == "16 notes: pedal 2 presses instead of 1"


def test_a_tempo_that_a_file_rounded_has_not_changed() -> None:
    # 76 bpm is 789,474 us a quarter in a file, which is 75.99995 bpm
    was, now = (Tempo(time=np.zeros(1), bpm=np.full(1, bpm)) for bpm in (76.0, 75.99995))
    clip = stiff_clip()
    assert not describe((clip.replace(tempo=was),), (clip.replace(tempo=now),)).tempo_changed


def test_a_tempo_after_the_end_is_not_told() -> None:
    tempo = Tempo(time=np.array([0.0, 900.0]), bpm=np.array([120.0, 20.0]))
    assert describe((stiff_clip(),), (stiff_clip(tempo=tempo),)).tempo.low == 120.0


def test_parts_are_told_together() -> None:
    clip = stiff_clip(4)
    late = changed(clip, onset=clip.notes.onset + 0.02)
    assert sentence(describe((clip, clip), (late, clip))).startswith("8 notes: 4 moved by 10 ms")


def test_a_part_that_is_new_adds_all_its_notes() -> None:
    clip = stiff_clip(4)
    assert sentence(describe((clip,), (clip, clip))) == "8 notes: 4 added"


def test_one_version_is_told_by_what_is_in_it() -> None:
    assert summary((pedalled(stiff_clip(), 127, 0),)) == (
        "16 notes, on the sixteenths, velocity 80, pedal 1 press, tempo 120 bpm"
    )


def test_no_parts_are_told_as_no_notes() -> None:
    assert summary(()) == "0 notes"
    assert sentence(describe((), ())) == "0 notes, none changed"


def test_a_change_can_be_sent() -> None:
    change = describe((stiff_clip(),), (stiff_clip(),))
    assert msgspec.convert(msgspec.to_builtins(change), type(change)) == change
