"""What the learned player sees of a written clip."""

import numpy as np
import pytest
from hypothesis import given, settings

from engines import Clip, Metre, Notes, Tempo
from engines.features import Features
from engines.performance.page import FARTHEST, HANDS_PART, WIDEST, Page, mean
from engines.performance.view import BLOCKS, COLUMNS, View
from tests.engines.any_clip import any_clip
from tests.engines.music import piano

NAMES = list(COLUMNS)


def clip(*rows: tuple[float, int, float], **fields: object) -> Clip:
    """Return a clip of notes, each an onset in beats, a pitch and a duration."""
    onset, pitch, duration = np.array(rows, float).T
    notes = Notes(pitch=pitch, onset=onset, duration=duration)
    return Clip(notes, length=max(4.0, float(notes.end.max()))).replace(**fields)


def page(*rows: tuple[float, int, float], **fields: object) -> Page:
    return Page(Features(clip(*rows, **fields)))


def table(of: Clip) -> np.ndarray:
    return View(Features(of)).table()


def column(name: str, of: Clip) -> list[float]:
    return [round(float(value), 4) for value in table(of)[:, NAMES.index(name)]]


@settings(max_examples=60)
@given(any_clip(least=1))
def test_the_view_of_any_clip_is_finite(of: Clip) -> None:
    found = table(of)
    assert found.dtype == np.float32
    assert found.shape == (len(of.notes), len(COLUMNS))
    assert np.isfinite(found).all()


def test_notes_of_one_pitch_at_once_and_of_no_length_differ_by_what_lies_beside_them_alone() -> (
    None
):
    found = table(clip(*[(0.0, 60, 0.0)] * 10))
    differs = {NAMES[at] for at in np.flatnonzero(np.ptp(found, axis=0))}
    assert differs <= {"gap_below", "gap_above", "since_same", "until_same", "struck_again"}


def test_ten_thousand_notes_in_a_beat_are_seen() -> None:
    row = np.arange(10_000)
    notes = Notes(pitch=20 + row % 90, onset=row / 10_000, duration=np.full(10_000, 0.001))
    assert np.isfinite(table(Clip(notes, length=4.0))).all()


def test_a_view_follows_the_rows_of_its_clip() -> None:
    of = piano(4)
    rows = np.random.default_rng(0).permutation(len(of.notes))
    shuffled = of.replace(notes=of.notes.take(rows))
    np.testing.assert_allclose(table(shuffled), table(of)[rows], atol=1e-5)


def test_a_note_is_seen_the_same_whatever_velocity_it_has() -> None:
    of = piano(4)
    loud = of.replace(notes=of.notes.replace(velocity=np.linspace(1, 127, len(of.notes))))
    np.testing.assert_array_equal(table(loud), table(of))


def test_another_tempo_changes_only_what_is_told_in_seconds() -> None:
    of = piano(4)
    faster = of.replace(tempo=Tempo(time=np.zeros(1), bpm=np.full(1, 240.0)))
    changed = np.abs(table(faster) - table(of)).max(axis=0) > 1e-4
    told = {NAMES[at] for at in np.flatnonzero(changed)}
    # phrases depend on how long rests are in seconds
    seconds = {"duration_s", "interval_s", "tempo", "piece_notes", "notes_1", "notes_4", "notes_16"}
    assert seconds <= told
    assert all("boundary" in name or "phrase" in name for name in told - seconds)


def test_an_interval_lasts_to_the_next_onset_and_the_last_one_as_long_as_its_note() -> None:
    # 2 beats, half a beat, and a note of 4 beats: log2 of them
    assert column("interval", clip((0, 60, 1), (2, 62, 1), (2.5, 64, 4))) == [1.0, -1.0, 2.0]


def test_lengths_are_told_in_seconds_too() -> None:
    slow = Tempo(time=np.zeros(1), bpm=np.full(1, 30.0))
    # at 30 bpm a beat takes 2 s: log2(2)
    assert column("duration_s", clip((0, 60, 1), tempo=slow)) == [1.0]


def test_what_is_shorter_than_a_256th_note_counts_as_that() -> None:
    assert column("duration", clip((0, 60, 0.0))) == [-6.0]


def test_the_bar_is_that_of_the_metre_in_force() -> None:
    metres = (Metre(0.0, 4, 4), Metre(4.0, 3, 4))
    # a bar of 4 beats is 0; log2(3) - 2 = -0.415
    assert column("bar", clip((0, 60, 1), (4, 60, 1), length=7.0, metre=metres)) == [0.0, -0.415]


def test_the_gaps_of_a_chord_are_told_in_octaves() -> None:
    chord = clip((0, 48, 1), (0, 60, 1), (0, 66, 1))
    assert column("gap_below", chord) == [WIDEST, 1.0, 0.5]
    assert column("gap_above", chord) == [1.0, 0.5, WIDEST]


def test_hands_part_at_the_widest_gap_of_a_chord() -> None:
    wide = page((0, 48, 1), (0, 52, 1), (0, 64, 1), (0, 67, 1))
    assert wide.upper_hand.tolist() == [-1.0, -1.0, 1.0, 1.0]


def test_a_gap_of_many_octaves_counts_as_the_widest() -> None:
    # 96 - 48 = 48 semitones are 4 octaves, 48 - 36 = 12 are one
    far = clip((0, 36, 1), (0, 48, 1), (0, 96, 1))
    assert column("gap_below", far) == [WIDEST, 1.0, WIDEST]
    assert column("gap_above", far) == [1.0, WIDEST, WIDEST]
    assert column("hand_gap", far) == [WIDEST] * 3


def test_hands_part_at_a_gap_of_many_octaves() -> None:
    far = page((0, 36, 1), (0, 48, 1), (0, 96, 1), (0, 99, 1))
    assert far.upper_hand.tolist() == [-1.0, -1.0, 1.0, 1.0]


def test_a_lone_note_is_in_one_hand() -> None:
    assert page((0, 60, 1)).upper_hand.tolist() == [0.0]


def test_a_narrow_chord_is_in_one_hand() -> None:
    narrow = page((0, 60, 1), (0, 60 + round(12 * HANDS_PART) - 1, 1))
    assert narrow.upper_hand.tolist() == [0.0, 0.0]


def test_notes_that_are_held_over_an_onset_sound_there() -> None:
    # at beat 1 the note of 4 beats sounds, that of 1 has ended; at beat 2 so has the second
    held = page((0, 48, 4), (0, 60, 1), (1, 62, 1), (2, 64, 1))
    assert held.sounding.tolist() == [0.0, 1.0, 1.0]


def test_a_pitch_that_is_struck_again_knows_when() -> None:
    since, until = page((0, 60, 1), (3, 60, 1), (3.5, 62, 1)).same_pitch
    assert since.tolist() == [FARTHEST, 3.0, FARTHEST]
    assert until.tolist() == [3.0, FARTHEST, FARTHEST]


def test_each_block_has_as_many_columns_as_names() -> None:
    view = View(Features(piano(8)))
    for names, block in BLOCKS.items():
        rows = np.atleast_2d(block(view))
        assert rows.shape == (len(names.split()), len(view.pitch)), names


def test_sums_around_an_onset_go_from_so_many_beats_before_to_after() -> None:
    line = page(*[(beat, 60 + beat, 1.0) for beat in range(4)])
    before, after = 0, 1
    # one before and itself; the first has none before
    sums = line.sums_around([(1.0, 0.0), (0.0, 2.0)])
    assert mean(sums, "pitch")[before].tolist() == [60.0, 60.5, 61.5, 62.5]
    assert sums["notes"][after].tolist() == [3.0, 3.0, 2.0, 1.0]


@pytest.mark.parametrize("step", [0, 3, 9])
def test_the_key_of_a_scale_is_heard(step: int) -> None:
    scale = [(0.5 * n, 60 + step + at, 0.5) for n, at in enumerate((0, 2, 4, 5, 7, 9, 11, 12))]
    heard = page(*scale, (4.0, 60 + step, 2.0))
    assert set(heard.tonic.tolist()) == {step}
    assert heard.degree[:3].tolist() == [0, 2, 4]


def test_harmony_changes_where_other_notes_sound() -> None:
    rows = [(0, 60, 1), (0, 64, 1), (0.75, 60, 1), (0.75, 64, 1), (2.5, 61, 1), (3.25, 66, 1)]
    # what comes in a beat against what was in a beat: the same; nothing was; none of it is left
    assert page(*rows).change[1:].tolist() == pytest.approx([0.0, 0.5, 1.0])


def test_a_bar_that_comes_again_is_noticed_from_both_sides() -> None:
    tune, other = (60, 64, 67, 64), (62, 65, 69, 65)
    bars = [tune, other, tune, tune]
    rows = [(4 * bar + n, p, 1.0) for bar, notes in enumerate(bars) for n, p in enumerate(notes)]
    said = page(*rows, length=16.0).repeats
    # 1 over the bars since: the third bar is that of two before, the fourth that of one before
    assert said[:, 0].tolist() == [0.0, 0.0, 0.5, 1.0]
    assert said[:, 1].tolist() == [0.5, 0.0, 1.0, 0.0]
    assert said[:, 2].tolist() == [0.0, 1.0, 1.0, 1.0]
    assert said[:, 3].tolist() == [1.0, 1.0, 1.0, 0.0]


def test_chords_have_the_rhythm_of_single_notes() -> None:
    single = [(beat, 60, 1.0) for beat in (0, 1, 2.5)]
    chords = [(4 + beat, pitch, 1.0) for beat in (0, 1, 2.5) for pitch in (60, 64, 67)]
    said = page(*single, *chords, length=8.0).repeats
    assert said[:, 2].tolist() == [0.0, 1.0]
    assert said[:, 3].tolist() == [1.0, 0.0]


def test_empty_bars_do_not_come_again() -> None:
    assert not page((0, 60, 1.0), (12, 62, 1.0), length=16.0).repeats[1:3].any()
