from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engines import Clip, Metre, Notes, Tempo
from engines.features import CHORD_S, Features
from tests.clips import stiff_clip
from tests.engines.any_clip import any_clip


def read(*notes: tuple[float, float, int], length: float = 16.0, **fields: Any) -> Features:
    """Return the features of notes given as onset, duration and pitch."""
    onset, duration, pitch = np.array(notes, float).reshape(-1, 3).T
    table = Notes(pitch=pitch.astype("u1"), onset=onset, duration=duration)
    return Features(Clip(table, length=length, **fields))


CHORD_AND_LINE = read((0, 2, 48), (0, 2, 60), (0, 1, 72), (1, 1, 74), (2, 1, 52), (2, 2, 67))


def test_notes_that_begin_together_are_one_onset() -> None:
    assert CHORD_AND_LINE.group.tolist() == [0, 0, 0, 1, 2, 2]
    assert CHORD_AND_LINE.group_onset.tolist() == [0, 1, 2]
    assert CHORD_AND_LINE.group_size.tolist() == [3, 1, 2]


def test_a_chord_is_played_within_thirty_milliseconds() -> None:
    # at 120 bpm 0.03 s are 0.06 beats
    assert read((0, 1, 60), (0.05, 1, 64)).group.tolist() == [0, 0]
    assert read((0, 1, 60), (0.07, 1, 64)).group.tolist() == [0, 1]


def test_a_roll_has_an_onset_for_every_stroke() -> None:
    # a sixty-fourth at 160 bpm lasts 23 ms
    fast = Tempo(time=np.zeros(1), bpm=np.array([160.0]))
    roll = read(*[(place / 16, 1 / 16, 42) for place in range(64)], tempo=fast)
    assert len(roll.group_onset) == 64


def test_a_run_is_no_endless_chord() -> None:
    # steps of 25 ms at 120 bpm: two notes lie within 30 ms, three do not
    run = read(*[(0.05 * place, 0.05, 40 + place) for place in range(40)])
    assert run.group_size.tolist() == [2] * 20


def test_unisons_are_one_onset() -> None:
    assert read((0, 1, 60), (0, 2, 60), (0, 1, 64)).group.tolist() == [0, 0, 0]


def test_rows_keep_the_order_of_the_notes() -> None:
    assert read((2, 1, 60), (0, 1, 60), (1, 1, 60)).group.tolist() == [2, 0, 1]


def test_top_and_bottom_are_the_ends_of_each_onset() -> None:
    assert CHORD_AND_LINE.top.tolist() == [False, False, True, True, False, True]
    assert CHORD_AND_LINE.bottom.tolist() == [True, False, False, True, True, False]


def test_an_onset_reaches_from_its_lowest_pitch_to_its_highest() -> None:
    assert CHORD_AND_LINE.group_top.tolist() == [72, 74, 67]
    assert CHORD_AND_LINE.group_bottom.tolist() == [48, 74, 52]


def test_the_melody_is_the_upper_line() -> None:
    assert CHORD_AND_LINE.melody.tolist() == [False, False, True, True, False, True]


def test_a_note_under_a_held_melody_note_is_accompaniment() -> None:
    held = read((0, 4, 76), (0, 1, 48), (1, 1, 55), (2, 1, 60), (3, 1, 55), (4, 1, 74))
    assert held.melody.tolist() == [True, False, False, False, False, True]


def test_what_fills_a_rest_far_below_the_melody_is_accompaniment() -> None:
    notes = [(0, 1, 76), (0, 1, 48), (1, 0.5, 52), (1.5, 0.5, 55), (2, 1, 74), (2, 1, 48)]
    assert read(*notes).melody.tolist() == [True, False, False, False, True, False]


def test_a_line_that_leaps_is_all_melody() -> None:
    leaps = read((0, 1, 72), (1, 1, 48), (2, 1, 74), (3, 1, 50))
    assert leaps.melody.all()


def test_the_slot_reaches_to_the_next_onset_after_the_note() -> None:
    assert CHORD_AND_LINE.slot.tolist() == [2, 2, 1, 1, 1, 2]
    assert read((0, 0.5, 60), (2, 1, 60)).slot.tolist() == [2.0, 1.0]


def test_a_slightly_overlapping_note_still_fills_its_slot() -> None:
    assert read((0, 1.05, 60), (1, 1, 62)).slot.tolist() == [1.0, 1.0]


def test_the_next_group_after_the_last_is_none() -> None:
    assert CHORD_AND_LINE.next_group.tolist() == [2, 2, 1, 2, 3, 3]


def test_intervals_run_from_onset_to_onset() -> None:
    assert CHORD_AND_LINE.ioi.tolist() == [1, 1, 1, 1, 1, 2]


def test_four_four_is_the_metre_where_none_is_given() -> None:
    assert read((0, 1, 60)).metres == (Metre(),)
    assert read((0, 1, 60), metre=(Metre(8.0, 3, 4),)).metres == (Metre(), Metre(8.0, 3, 4))


def test_bars_follow_the_metre_as_it_changes() -> None:
    changing = read((9, 1, 60), metre=(Metre(0.0, 4, 4), Metre(8.0, 3, 8)), length=11.0)
    assert changing.bar_onset.tolist() == [0.0, 4.0, 8.0, 9.5, 11.0]
    assert (changing.bar.tolist(), changing.beat.tolist()) == ([2], [1.0])


def test_a_metre_after_the_end_adds_no_bars() -> None:
    assert read((0, 1, 60), metre=(Metre(), Metre(99.0, 3, 4)), length=6.0).bar_onset.tolist() == [
        0.0, 4.0, 6.0,
    ]  # fmt: skip


def test_tiny_bars_are_counted_together() -> None:
    # a bar of 1/128 is 1/32 beat: 32 of them make the shortest bar that is counted, one beat
    assert len(read((0, 1, 60), metre=(Metre(0.0, 1, 128),), length=8.0).bar_onset) == 9


def test_a_note_just_before_the_bar_line_belongs_to_the_bar() -> None:
    early = read((3.97, 1, 60))
    assert early.bar.tolist() == [1]
    assert early.beat == pytest.approx([-0.03])


def test_strength_falls_from_bar_to_half_beat() -> None:
    levels = read(*[(onset, 0.1, 60) for onset in (0, 2, 1, 0.5, 1 / 3, 0.25, 0.42)])
    assert levels.strength.tolist() == [1.0, 0.75, 0.5, 0.25, 0.15, 0.1, 0.0]


def test_compound_time_has_dotted_beats() -> None:
    levels = read(*[(onset, 0.1, 60) for onset in (0, 1.5, 0.5, 0.25)], metre=(Metre(0.0, 6, 8),))
    assert levels.strength.tolist() == [1.0, 0.75, 0.25, 0.1]
    assert levels.beat_length.tolist() == [1.5] * 4


def test_a_waltz_has_no_half_bar() -> None:
    waltz = read(*[(onset, 1, 60) for onset in range(3)], metre=(Metre(0.0, 3, 4),))
    assert waltz.strength.tolist() == [1.0, 0.5, 0.5]


def test_phrases_cover_the_clip_and_place_every_note() -> None:
    line = read(*[(beat, 1.0, 60) for beat in range(32)], length=32.0)
    assert line.phrase_onset.tolist() == [0, 16, 32]
    assert line.phrase.tolist() == [0] * 16 + [1] * 16
    assert line.phrase_position[[0, 8, 16]].tolist() == [0.0, 0.5, 0.0]


def test_onsets_in_seconds_follow_the_tempo() -> None:
    tempo = Tempo(time=np.zeros(1), bpm=np.array([60.0]))
    assert read((3, 1, 60), tempo=tempo).onset_s.tolist() == [3.0]


FACTS = (
    "melody",
    "slot",
    "ioi",
    "strength",
    "beat",
    "bar",
    "phrase",
    "phrase_position",
    "next_group",
)


@settings(max_examples=60)
@given(clip=any_clip())
def test_every_fact_has_a_finite_row_for_every_note(clip: Clip) -> None:
    features = Features(clip)
    rows = [getattr(features, fact) for fact in FACTS]
    assert {len(row) for row in rows} == {len(clip.notes)}
    assert all(np.isfinite(row).all() for row in rows)


@settings(max_examples=60)
@given(clip=any_clip(least=1))
def test_bars_and_phrases_rise_and_hold_every_note(clip: Clip) -> None:
    features = Features(clip)
    for edges in (features.bar_onset, features.phrase_onset):
        assert (np.diff(edges) > 0).all()
        assert edges[0] == 0
        assert edges[-1] >= clip.notes.onset.max()


@settings(max_examples=60)
@given(clip=any_clip(least=1))
def test_every_onset_is_a_chord_s_width_from_the_next_or_strikes_a_pitch_again(clip: Clip) -> None:
    features = Features(clip)
    apart = np.diff(clip.tempo.seconds(features.group_onset)) > CHORD_S - 1e-6
    for first in np.flatnonzero(~apart):
        one, next_one = (set(clip.notes.pitch[features.group == first + k]) for k in (0, 1))
        assert one & next_one


@settings(max_examples=60)
@given(clip=any_clip(least=1))
def test_no_onset_is_wider_than_a_chord(clip: Clip) -> None:
    features = Features(clip)
    wait = features.onset_s - clip.tempo.seconds(features.group_onset)[features.group]
    assert wait.max() < CHORD_S + 1e-6


@pytest.mark.parametrize(("length", "bars"), [(0.01, 1), (4.0, 1), (4.002, 1), (4.1, 2), (8.0, 2)])
def test_a_sliver_at_the_end_is_no_bar_but_a_short_clip_has_one(length: float, bars: int) -> None:
    clip = stiff_clip(1, length=length)
    assert len(Features(clip).bar_onset) == bars + 1
