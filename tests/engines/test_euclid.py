from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import CancelledError, Clip, Key, Loop, Metre, Notes, OptionError, Stage, Target
from engines.bjorklund import bjorklund
from engines.euclid import MAX_NOTES
from engines.preset import Chain
from tests.clips import stiff_clip
from tests.engines.any_clip import overlaps

ONE_VOICE: dict[str, Any] = {
    "pitch": [36],
    "pulses": [3],
    "rotation": [0],
    "steps": 8,
    "accent": 0,
    "velocity": [90],
}


def empty_clip(length: float = 4.0, **fields: object) -> Clip:
    return Clip(Notes(), length).replace(**fields)


def generated(clip: Clip, seed: int = 0, **options: object) -> Clip:
    return Chain([Stage("euclid", options)]).render((clip,), seed=seed)[0]


def drawn(pattern: np.ndarray) -> str:
    return "".join("x" if sounds else "." for sounds in pattern)


@pytest.mark.parametrize(
    ("pulses", "steps", "pattern"),
    [  # Toussaint (2005), section 4
        (2, 3, "x.x"),
        (2, 5, "x.x.."),
        (3, 4, "x.xx"),
        (3, 5, "x.x.x"),
        (3, 7, "x.x.x.."),
        (3, 8, "x..x..x."),
        (4, 7, "x.x.x.x"),
        (4, 9, "x.x.x.x.."),
        (4, 11, "x..x..x..x."),
        (5, 6, "x.xxxx"),
        (5, 7, "x.xx.xx"),
        (5, 8, "x.xx.xx."),
        (5, 9, "x.x.x.x.x"),
        (5, 11, "x.x.x.x.x.."),
        (5, 12, "x..x.x..x.x."),
        (5, 16, "x..x..x..x..x..."),
        (7, 8, "x.xxxxxx"),
        (7, 12, "x.xx.x.xx.x."),
        (7, 16, "x..x.x.x..x.x.x."),
        (9, 16, "x.xx.x.x.xx.x.x."),
        (11, 24, "x..x.x.x.x.x..x.x.x.x.x."),
        (13, 24, "x.xx.x.x.x.x.xx.x.x.x.x."),
    ],
)
def test_patterns_are_those_of_traditional_music(pulses: int, steps: int, pattern: str) -> None:
    assert drawn(bjorklund(pulses, steps)) == pattern


@pytest.mark.parametrize("steps", range(1, 33))
def test_gaps_between_pulses_differ_by_one_step_at_most(steps: int) -> None:
    for pulses in range(1, steps + 1):
        at = np.flatnonzero(bjorklund(pulses, steps))
        gaps = np.diff(at, append=at[0] + steps)
        assert len(at) == pulses
        assert gaps.max() - gaps.min() <= 1


def test_no_pulses_are_silence_and_too_many_fill_every_step() -> None:
    assert drawn(bjorklund(0, 4)) == "...."
    assert drawn(bjorklund(9, 4)) == "xxxx"


def test_the_tresillo_fills_a_bar_of_eighths() -> None:
    notes = generated(empty_clip(), division="1/8", **ONE_VOICE).notes
    assert notes.onset.tolist() == [0.0, 1.5, 3.0]  # steps 0, 3 and 6 of half a beat
    assert notes.pitch.tolist() == [36] * 3


def test_rotation_starts_the_pattern_later() -> None:
    options = {**ONE_VOICE, "rotation": [1], "division": "1/8"}
    assert generated(empty_clip(), **options).notes.onset.tolist() == [0.5, 2.0, 3.5]


def test_triplet_steps_divide_the_beat_into_three() -> None:
    options = {**ONE_VOICE, "pulses": [8], "division": "1/8T"}
    onset = generated(empty_clip(1.0), **options).notes.onset
    assert onset == pytest.approx([0, 1 / 3, 2 / 3])


def test_a_pattern_of_five_steps_runs_on_over_the_bar_line() -> None:
    options = {**ONE_VOICE, "pulses": [1], "steps": 5, "division": "1/4"}
    assert generated(empty_clip(12.0), **options).notes.onset.tolist() == [0.0, 5.0, 10.0]


def test_a_pattern_that_restarts_begins_at_every_bar_line() -> None:
    options = {**ONE_VOICE, "pulses": [1], "steps": 5, "division": "1/4", "restart": True}
    assert generated(empty_clip(12.0), **options).notes.onset.tolist() == [0.0, 4.0, 8.0]


def test_bars_follow_the_metre() -> None:
    clip = empty_clip(metre=(Metre(0, 7, 8), Metre(3.5, 3, 4)))
    options = {**ONE_VOICE, "pulses": [1], "steps": 32, "bars": 3, "restart": True}
    changed = generated(clip, **options)
    assert changed.notes.onset.tolist() == [0.0, 3.5, 6.5]  # 7/8 lasts 3.5 beats, 3/4 lasts 3
    assert changed.length == 9.5


def test_the_clip_and_its_loop_grow_to_the_bars_asked_for() -> None:
    changed = generated(empty_clip(loop=Loop(0.0, 4.0)), bars=3, **ONE_VOICE)
    assert changed.length == 12.0
    assert changed.loop == Loop(0.0, 12.0)


def test_without_bars_the_loop_is_filled_and_no_more() -> None:
    clip = empty_clip(16.0, loop=Loop(4.0, 8.0))
    changed = generated(clip, **{**ONE_VOICE, "pulses": [8]})
    assert changed.notes.onset.min() == 4.0
    assert changed.notes.onset.max() == 7.75
    assert (changed.length, changed.loop) == (16.0, Loop(4.0, 8.0))


def test_a_short_list_goes_on_with_its_last_value() -> None:
    notes = generated(empty_clip(), pitch=[36, 38], pulses=[1], rotation=[0], velocity=[70]).notes
    assert notes.pitch.tolist() == [36, 38]
    assert set(notes.velocity.tolist()) == {82.0}  # 70 and the accent of 12


def test_the_first_step_of_the_pattern_is_accented() -> None:
    options = {**ONE_VOICE, "accent": 20, "division": "1/8"}
    assert generated(empty_clip(), **options).notes.velocity.tolist() == [110, 90, 90]


def test_velocities_stay_in_range_under_any_accent() -> None:
    options = {**ONE_VOICE, "accent": 64, "velocity": [120]}
    assert generated(empty_clip(), **options).notes.velocity.max() == 127


def test_a_long_gate_ends_at_the_next_note() -> None:
    options = {**ONE_VOICE, "gate": 4, "division": "1/8"}
    notes = generated(empty_clip(), **options).notes
    assert notes.duration.tolist() == [1.5, 1.5, 1.0]  # not 4 steps of half a beat, 2.0


def test_existing_notes_stay_byte_for_byte_and_new_ids_are_above_theirs() -> None:
    clip = stiff_clip(8)
    changed = generated(clip, **ONE_VOICE)
    assert changed.notes.take(np.arange(8)) == clip.notes
    assert changed.notes.note_id[8:].tolist() == list(range(8, len(changed.notes)))


def test_without_keep_only_the_bars_are_cleared() -> None:
    clip = stiff_clip(16)
    changed = generated(clip, keep=False, bars=1, **ONE_VOICE)
    old = changed.notes.pitch != 36
    assert changed.notes.take(old) == clip.notes.take(clip.notes.onset >= 4.0)


def test_a_new_note_never_sounds_into_an_old_one_of_its_pitch() -> None:
    old = Notes(pitch=np.array([36]), onset=np.array([1.0]), duration=np.array([1.0]))
    options = {**ONE_VOICE, "pulses": [8], "division": "1/8", "gate": 2}
    notes = generated(Clip(old, 4.0), **options).notes
    assert notes.onset.tolist() == [1.0, 0.0, 0.5, 2.0, 2.5, 3.0, 3.5]  # none at 1.0 and 1.5
    assert not overlaps(notes)


def test_the_last_note_ends_with_the_bars() -> None:
    options = {**ONE_VOICE, "pulses": [8], "gate": 4}
    changed = generated(empty_clip(8.0, loop=Loop(0.0, 4.0)), **options)
    assert changed.notes.end.max() == 4.0


def test_a_pattern_restarts_at_bar_lines_within_the_loop() -> None:
    options = {**ONE_VOICE, "pulses": [2], "restart": True}  # steps 0 and 4 of 8 sixteenths
    onset = generated(empty_clip(12.0, loop=Loop(1.5, 6.5)), **options).notes.onset
    assert onset.tolist() == [2.0, 3.0, 4.0, 5.0, 6.0]
    whole = {**options, "pulses": [1], "steps": 16}
    assert generated(empty_clip(12.0, loop=Loop(1.0, 9.0)), **whole).notes.onset.tolist() == [4, 8]


def test_bars_are_counted_from_the_start_of_the_loop() -> None:
    assert generated(empty_clip(loop=Loop(1.0, 3.0)), bars=2, **ONE_VOICE).loop == Loop(1.0, 9.0)


def test_ids_are_found_beside_the_highest() -> None:
    old = Notes(
        pitch=np.array([60, 60]),
        onset=np.arange(2.0),
        duration=np.ones(2),
        note_id=np.array([1, 2**53]),
    )
    assert generated(Clip(old, 4.0), **ONE_VOICE).notes.note_id[2:].tolist() == [0, 2, 3, 4, 5, 6]


def test_cleared_bars_under_a_target_leave_room_for_the_notes_outside() -> None:
    pitch, onset, duration = np.array([36, 36]), np.array([1.0, 6.0]), np.array([3.0, 0.25])
    clip = Clip(Notes(pitch=pitch, onset=onset, duration=duration), 8.0, role="drums")
    stage, target = Stage("euclid", {"keep": False, **ONE_VOICE, "bars": 9}), Target(2.0)
    for target in (Target(2.0, 6.0), Target(2.0)):
        after = Chain([stage]).render((clip,), seed=0, target=target)[0]
        assert not overlaps(after.notes)
        assert after.length == 8.0
        assert after.notes.onset.max() < 8.0


def test_pitches_move_into_the_key() -> None:
    clip = empty_clip(key=Key(tonic=2), role="bass")  # D major has F sharp and C sharp
    changed = generated(clip, pitch=[36, 38, 41, 46], pulses=[1], rotation=[0])
    assert changed.notes.pitch.tolist() == [35, 38, 40, 45]  # of two neighbours the lower


def test_drums_keep_their_pitches_in_any_key() -> None:
    clip = empty_clip(key=Key(tonic=2), role="drums")
    changed = generated(clip, pitch=[36, 41], pulses=[1], rotation=[0])
    assert changed.notes.pitch.tolist() == [36, 41]


def test_chance_draws_another_bar_for_another_seed() -> None:
    options = {**ONE_VOICE, "pulses": [8], "chance": [0.5], "bars": 8}
    one, again, other = (generated(empty_clip(), seed, **options) for seed in (1, 1, 2))
    assert one == again
    assert one.notes != other.notes
    assert len(one.notes) == pytest.approx(64, abs=24)  # 128 pulses at 0.5, sd 5.7


def test_without_chance_the_seed_does_not_matter() -> None:
    assert generated(empty_clip(), 1) == generated(empty_clip(), 2)


def test_progress_is_told_at_every_bar() -> None:
    told: list[float] = []
    Chain([Stage("euclid", {"bars": 4})]).render((empty_clip(),), seed=0, progress=told.append)
    assert told == [0.25, 0.5, 0.75, 1.0]


def test_it_stops_where_the_request_is_cancelled() -> None:
    told: list[float] = []

    def cancel(fraction: float) -> None:
        told.append(fraction)
        if fraction > 0.1:
            raise CancelledError("enough")

    chain = Chain([Stage("euclid", {"bars": 1000})])
    with pytest.raises(CancelledError):
        chain.render((empty_clip(),), seed=0, progress=cancel)
    assert len(told) == 101  # the first fraction above 0.1 is 101 / 1000


def test_more_notes_than_fit_are_refused_with_the_bars_that_do() -> None:
    options: dict[str, Any] = {"pitch": [36], "pulses": [16], "bars": 10_000}  # 16 notes a bar
    with pytest.raises(OptionError, match=f"up to {MAX_NOTES // 16} bars") as caught:
        generated(empty_clip(), **options)
    assert caught.value.field == "bars"


def test_a_clip_of_more_bars_than_can_be_written_is_refused() -> None:
    with pytest.raises(OptionError, match="up to 10000 bars"):
        generated(empty_clip(1e6, metre=(Metre(0, 1, 128),)), pulses=[0])


def test_ten_thousand_sparse_bars_are_written() -> None:
    changed = generated(empty_clip(), bars=10_000, **ONE_VOICE)
    assert len(changed.notes) == 60_000  # 16 steps a bar are two patterns of 3
    assert changed.length == 40_000


@given(
    options=st.fixed_dictionaries(
        {
            "pulses": st.lists(st.integers(0, 32), min_size=1, max_size=4),
            "rotation": st.lists(st.integers(-32, 32), min_size=1, max_size=4),
            "pitch": st.lists(st.integers(0, 127), min_size=1, max_size=4),
            "steps": st.integers(1, 32),
            "gate": st.floats(0.05, 4),
            "division": st.sampled_from(["1/4", "1/4T", "1/8", "1/8T", "1/16", "1/16T", "1/32"]),
            "restart": st.booleans(),
        }
    )
)
def test_any_pattern_is_free_of_overlaps_and_keeps_the_clip(options: dict[str, Any]) -> None:
    clip = stiff_clip(8)
    notes = generated(clip, **options).notes
    assert notes.take(np.arange(8)) == clip.notes
    assert not overlaps(notes)
    assert len(np.unique(notes.note_id)) == len(notes)
    places = np.stack([notes.pitch, np.round(notes.onset, 6)])
    assert len(np.unique(places, axis=1).T) == len(notes)
