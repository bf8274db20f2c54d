"""Batches that are cut from lessons."""

import numpy as np
import pytest

from engines.performance.interpreter import PARAMETERS, SAID
from engines.performance.view import COLUMNS, MARKS
from engines.training.lesson import Lesson
from engines.training.window import FAR, LENGTH, TELLTALES, WINDOWS, Batch, Class

EMPTY = np.full(len(COLUMNS), 9.0)
"""The view of an empty place, which no lesson has."""

NAMES = list(COLUMNS)


def made(value: float, notes: int = 2 * LENGTH, piece: str = "piece") -> Lesson:
    """Return a lesson whose view and targets are one value, a beat a note."""
    return Lesson(
        piece=piece,
        view=np.full((notes, len(COLUMNS)), value, np.float16),
        said=np.ones((notes, SAID), np.uint8),
        beats=np.arange(notes, dtype=np.float32),
        target=np.full((notes, PARAMETERS), value, np.float32),
        weight=np.ones((notes, PARAMETERS), np.float32),
    )


def drawn(school: Class, batches: int = 20) -> Batch:
    """Return the windows of many batches as one."""
    rng = np.random.default_rng(0)
    found = [school.batch(rng) for _ in range(batches)]
    return Batch(*(np.concatenate(arrays) for arrays in zip(*found, strict=True)))


def test_a_batch_is_float32_of_the_shapes_that_a_network_takes() -> None:
    batch = Class([(1.0, [made(1.0)])], EMPTY).batch(np.random.default_rng(0))
    widths = (len(COLUMNS), SAID, 2 * PARAMETERS)
    assert [array.shape for array in batch[:3]] == [(WINDOWS, LENGTH, width) for width in widths]
    assert batch.beats.shape == (WINDOWS, LENGTH)
    assert {array.dtype for array in batch} == {np.dtype(np.float32)}


def test_the_same_stream_draws_the_same_bytes() -> None:
    school = Class([(0.5, [made(1.0)]), (0.5, [made(2.0)])], EMPTY, coy=0.5)
    first, again = (school.batch(np.random.default_rng(7)) for _ in range(2))
    assert [array.tobytes() for array in first] == [array.tobytes() for array in again]


def test_what_is_given_is_told_as_it_was_and_not_asked_for() -> None:
    batch = drawn(Class([(1.0, [made(3.0)])], EMPTY))
    value, given = np.split(batch.known, 2, axis=-1)
    assert 0.05 < given.mean() < 0.3
    assert (value == np.where(given, batch.target, 0.0)).all()
    assert (batch.weight == 1.0 - given).all()


def test_what_is_not_known_is_not_given() -> None:
    silent = made(3.0)
    silent.weight[:, 4:] = 0.0
    assert not drawn(Class([(1.0, [silent])], EMPTY)).known[..., [4, 5, 10, 11]].any()


@pytest.mark.parametrize("notes", [1, LENGTH - 1])
def test_places_behind_a_short_piece_are_empty_far_away_and_count_nothing(notes: int) -> None:
    batch = drawn(Class([(1.0, [made(1.0, notes)])], EMPTY), 2)
    assert (batch.beats[:, :notes] < FAR).all()
    assert (batch.beats[:, notes:] == FAR).all()
    assert not batch.weight[:, notes:].any()
    assert not batch.said[:, notes:].any()
    assert (batch.view[:, notes:, NAMES.index("duration")] == 9.0).all()


def test_windows_reach_both_ends_of_a_piece() -> None:
    beats = drawn(Class([(1.0, [made(1.0)])], EMPTY)).beats
    assert beats.min() == 0.0
    assert beats.max() == 2 * LENGTH - 1


def test_each_source_has_its_share_of_the_windows() -> None:
    school = Class([(1.0, [made(1.0, 300)]), (3.0, [made(2.0, 9_000)])], EMPTY)
    second = drawn(school).target[:, 0, 0] == 2.0
    # 320 windows of share 3/4: five standard deviations are 5 * sqrt(3/16 / 320) = 0.12
    assert second.mean() == pytest.approx(0.75, abs=0.12)


def test_a_piece_is_drawn_by_the_root_of_its_notes_however_often_it_was_recorded() -> None:
    often = [made(1.0, 400, "often") for _ in range(9)]
    long = [made(2.0, 3_600 * 9, "long")]
    second = drawn(Class([(1.0, [*often, *long])], EMPTY)).target[:, 0, 0] == 2.0
    # notes are 1 to 9, their roots 1 to 3: the long one has 3/4 of the windows
    assert second.mean() == pytest.approx(0.75, abs=0.12)


def test_marks_and_style_are_each_told_in_half_of_the_windows() -> None:
    said = drawn(Class([(1.0, [made(1.0)])], EMPTY)).said[:, 0]
    # 320 windows of share 1/2: five standard deviations are 5 * sqrt(1/4 / 320) = 0.14
    for told in (said[:, : MARKS + 2], said[:, MARKS + 2 :]):
        assert (told.min(axis=1) == told.max(axis=1)).all()
        assert told[:, 0].mean() == pytest.approx(0.5, abs=0.14)


def test_coy_lessons_do_not_tell_their_piece() -> None:
    view = drawn(Class([(1.0, [made(1.0)])], EMPTY, coy=1.0), 2).view
    assert (view[..., TELLTALES] == 9.0).all()
    assert (view[..., NAMES.index("duration")] == 1.0).mean() > 0.8


def test_a_window_is_transposed_and_hurried_as_a_whole() -> None:
    view = drawn(Class([(1.0, [made(1.0)])], EMPTY), 2).view
    pitch, tempo, length = (
        view[..., NAMES.index(name)] for name in ("pitch", "tempo", "duration_s")
    )
    assert (np.ptp(pitch, axis=1) == 0).all()
    assert np.ptp(pitch) > 0.1
    shown = (tempo[:, 0] != 9.0) & (length[:, 0] != 9.0)
    # a faster window has shorter notes by as much
    np.testing.assert_allclose((tempo + length)[shown], 2.0, atol=1e-6)
