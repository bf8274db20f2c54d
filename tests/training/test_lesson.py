"""What a recording or a score teaches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, Notes, Tempo
from engines.features import Features
from engines.performance.expression import Played
from engines.performance.interpreter import PARAMETERS, PRESS, SAID, STYLES, UNITS
from engines.performance.view import COLUMNS, MARKS, View
from engines.training.lesson import (
    LARGEST_ASYNCHRONY_S,
    LARGEST_STRETCH,
    LONGEST_ARTICULATION,
    SHORTEST_ARTICULATION,
    UNMARKED_ARTICULATION,
    WRITTEN_ARTICULATION,
    WRITTEN_SPAN,
    Lesson,
    lesson,
    written_lesson,
)
from engines.training.notation import Notated
from engines.training.recording import ARPEGGIO, GRACE, IN_SLUR, STACCATO, Recording
from tests.engines.any_clip import any_clip

VELOCITY, STRETCH, ASYNCHRONY, ARTICULATION = range(4)


def recording(clip: Clip, played: Played) -> Recording:
    """Return a recording without marks and without pedal."""
    notes, empty = len(clip.notes), np.zeros(0)
    return Recording(
        name="one",
        piece="piece",
        player="someone",
        split="train",
        clip=clip,
        played=played,
        marks=np.zeros(notes, np.uint16),
        staff=np.ones(notes, np.uint8),
        sustain_s=empty,
        sustain=empty,
    )


def line(*rows: tuple[float, float, float], pitches: tuple[int, ...] = ()) -> Recording:
    """Return notes of a beat at 60 bpm: onset in beats, onset in seconds, velocity."""
    onset, onset_s, velocity = np.array(rows, float).T
    notes = Notes(
        pitch=np.array(pitches or range(60, 60 + len(rows))),
        onset=onset,
        duration=np.ones(len(rows)),
    )
    tempo = Tempo(time=np.zeros(1), bpm=np.full(1, 60.0))
    clip = Clip(notes, length=float(notes.end.max()), tempo=tempo, role="piano")
    return recording(clip, Played(onset_s, onset_s + 1.0, velocity))


def notated(marks: list[int], dynamic: list[float]) -> Notated:
    count = len(marks)
    clip = line(*[(float(row), float(row), 64.0) for row in range(count)]).clip
    return Notated(
        name="score/1/1",
        work="Studies",
        split="train",
        clip=clip,
        marks=np.array(marks, np.uint16),
        dynamic=np.array(dynamic, np.float32),
    )


def assert_sound(taught: Lesson, notes: int) -> None:
    assert taught.view.shape == (notes, len(COLUMNS))
    assert taught.said.shape == (notes, SAID)
    assert taught.target.shape == taught.weight.shape == (notes, PARAMETERS)
    assert all(np.isfinite(array).all() for array in taught[1:])
    assert (taught.weight >= 0).all()
    assert (np.diff(taught.beats) >= 0).all()


@settings(max_examples=50)
@given(any_clip(least=1), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.05, 30.0]))
def test_any_performance_of_any_clip_teaches_finite_numbers(
    clip: Clip, seed: int, spread_s: float
) -> None:
    rng, notes = np.random.default_rng(seed), len(clip.notes)
    onset_s = clip.tempo.seconds(clip.notes.onset) + spread_s * rng.standard_normal(notes)
    played = Played(onset_s, onset_s + rng.choice([0.0, 0.5], notes), rng.uniform(1, 127, notes))
    marks = rng.integers(0, 2**MARKS, notes).astype(np.uint16)
    pedal_s = np.sort(rng.uniform(0, 10, 6))
    pedal = rng.integers(0, 128, 6)
    taught = lesson(recording(clip, played)._replace(marks=marks, sustain_s=pedal_s, sustain=pedal))
    assert_sound(taught, notes)
    assert np.abs(taught.target[:, STRETCH]).max() <= LARGEST_STRETCH
    assert np.abs(taught.target[:, ASYNCHRONY]).max() <= LARGEST_ASYNCHRONY_S / UNITS[2] + 1e-6
    held = taught.target[:, ARTICULATION]
    assert SHORTEST_ARTICULATION <= held.min() <= held.max() <= LONGEST_ARTICULATION


def test_notes_of_a_loose_chord_begin_where_it_begins() -> None:
    loose = line((0, 0, 64), (0.004, 0.004, 64), (1, 1, 64))
    assert lesson(loose).beats.tolist() == [0.0, 0.0, 1.0]


def test_velocities_are_taught_about_their_mean() -> None:
    taught = lesson(line((0, 0, 50), (1, 1, 80)))
    # 15 below and above the mean of 65
    assert taught.target[:, VELOCITY].tolist() == [-1.0, 1.0]


def test_stretches_are_taught_about_the_tempo_of_the_piece() -> None:
    slower = line((0, 0, 64), (1, 1, 64), (2, 2, 64), (3, 4, 64))
    # 1, 1 and 2 s: log2 is 0, 0 and 1, of mean 1/3; nothing is known of the last
    found = lesson(slower)
    assert found.target[:, STRETCH].tolist() == pytest.approx([-1 / 3, -1 / 3, 2 / 3, 0.0])
    assert (found.weight[:, STRETCH] > 0).tolist() == [True, True, True, False]


def test_the_notes_of_a_chord_are_taught_against_its_mean() -> None:
    chord = line((0, 0.00, 64), (0, 0.06, 64), (1, 1, 64))
    found = lesson(chord)
    # 0.03 s is the unit
    assert found.target[:, ASYNCHRONY].tolist() == pytest.approx([-1.0, 1.0, 0.0])
    assert found.weight[:, ASYNCHRONY].tolist() == [1.0, 1.0, 0.0]


@pytest.mark.parametrize("mark", [ARPEGGIO, GRACE])
def test_arpeggios_and_grace_notes_teach_no_asynchrony(mark: int) -> None:
    chord = line((0, 0.00, 64), (0, 0.06, 64), (1, 1, 64))
    marked = chord._replace(marks=np.array([0, mark, 0], np.uint16))
    assert lesson(marked).weight[1, ASYNCHRONY] == 0.0


def test_what_belongs_to_an_onset_counts_once_however_many_notes_it_has() -> None:
    found = lesson(line((0, 0, 64), (0, 0, 64), (1, 1, 64), (2, 2, 64)))
    assert found.weight[:2, PRESS].sum() == found.weight[2, PRESS] == 1.0


def test_a_source_teaches_only_what_it_knows() -> None:
    knows = (True, False, False, False, True, True)
    found = lesson(line((0, 0, 64), (1, 1.2, 80), (2, 2, 64)), knows)
    assert [bool(column.any()) for column in found.weight.T] == list(knows)


def test_the_pedal_is_taught_by_the_onset() -> None:
    stiff = line((0, 0, 64), (1, 1, 64), (2, 2, 64))
    found = lesson(stiff._replace(sustain_s=np.array([0.97, 1.97]), sustain=np.array([100, 0])))
    # down from 0.03 s before the second onset to 0.03 s before the third
    np.testing.assert_allclose(found.target[:, 4:], [[0, 0], [1, 1], [0, 0]], atol=1e-5)


def test_a_lesson_goes_by_onset_whatever_the_order_of_the_rows() -> None:
    forth = line((0, 0, 50), (1, 1, 60), (2, 2.5, 70))
    back = line((2, 2.5, 70), (1, 1, 60), (0, 0, 50), pitches=(62, 61, 60))
    for one, other in zip(lesson(forth)[1:], lesson(back)[1:], strict=True):
        np.testing.assert_array_equal(one, other)


def test_marks_are_told_where_a_pack_has_them_and_not_in_a_style_of_its_own() -> None:
    marked = line((0, 0, 64), (1, 1, 64))._replace(marks=np.array([STACCATO, 0], np.uint16))
    said = lesson(marked).said
    assert said[:, 0].tolist() == [1, 0]
    assert said[:, MARKS + 1].tolist() == [1, 1]
    styled = lesson(marked, style="pop").said
    assert not styled[:, : MARKS + 2].any()
    assert styled[:, MARKS + 2 + STYLES.index("pop")].all()


def test_written_dynamics_are_taught_less_wide_than_they_stand() -> None:
    taught = written_lesson(notated([0, 0, 0], [49.0, 79.0, np.nan]), "written")
    # 15 below and above their mean, which is 1 unit
    expected = [-WRITTEN_SPAN, WRITTEN_SPAN]
    assert taught.target[:2, VELOCITY].tolist() == pytest.approx(expected)
    assert taught.weight[:, VELOCITY].tolist() == [1.0, 1.0, 0.0]


def test_written_articulation_is_that_of_the_first_mark_that_says_one() -> None:
    marks = [STACCATO | IN_SLUR, IN_SLUR, 0, GRACE]
    taught = written_lesson(notated(marks, [64.0] * 4), "written")
    said = dict(WRITTEN_ARTICULATION)
    held = [said[STACCATO], said[IN_SLUR], UNMARKED_ARTICULATION]
    assert taught.target[:3, ARTICULATION].tolist() == pytest.approx(held)
    assert taught.weight[:, ARTICULATION].tolist() == [1.0, 1.0, 1.0, 0.0]


def test_a_part_without_slurs_teaches_no_articulation() -> None:
    assert not written_lesson(notated([STACCATO, 0], [64.0] * 2), "").weight[:, ARTICULATION].any()


def test_a_part_without_dynamics_teaches_no_velocity() -> None:
    taught = written_lesson(notated([IN_SLUR, 0], [np.nan] * 2), "written")
    assert_sound(taught, 2)
    assert not taught.weight[:, VELOCITY].any()


def test_a_lesson_is_seen_as_the_clip_is_when_it_is_played() -> None:
    taught = line((0, 0, 50), (1, 1, 60), (1.5, 1.6, 70))
    seen = View(Features(taught.clip)).table()
    # float16 keeps 11 bits
    np.testing.assert_allclose(lesson(taught).view, seen, rtol=2**-11, atol=1e-6)
