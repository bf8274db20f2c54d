import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bridge.picture.pairing import pair, pair_clips
from engines import Clip, Notes
from tests.clips import stiff_clip


def notes(pitch: list[int], onset: list[float], ids: list[int] | None = None) -> Notes:
    length = len(pitch)
    return Notes(
        pitch=np.array(pitch, int),
        onset=np.array(onset, float),
        duration=np.full(length, 0.5),
        velocity=np.full(length, 80.0),
        note_id=np.array(ids if ids is not None else range(length), int),
    )


def partners(before: Notes, after: Notes) -> dict[int, int]:
    pairs = pair(before, after)
    return dict(zip(pairs.before.tolist(), pairs.after.tolist(), strict=True))


def named(*names: str) -> tuple[Clip, ...]:
    return tuple(stiff_clip(name=name) for name in names)


def test_notes_are_paired_by_their_ids_wherever_they_moved() -> None:
    before = notes([60, 60], [0, 1], ids=[7, 9])
    after = notes([60, 60], [0.9, 0.1], ids=[7, 9])
    assert partners(before, after) == {0: 0, 1: 1}


def test_row_numbers_that_fit_other_pitches_are_no_ids() -> None:
    # in the second file the 64 is a hair earlier than the 60, so the rows have changed places
    before = notes([60, 64, 67], [0, 0, 1])
    after = notes([64, 60, 67], [0.01, 0.02, 1])
    assert partners(before, after) == {0: 1, 1: 0, 2: 2}


def test_without_ids_a_repeated_note_goes_to_the_nearest_of_its_pitch() -> None:
    # the middle one of three was taken away
    before = notes([60, 60, 60, 70], [0, 1, 2, 3])
    after = notes([60, 70, 60], [0.1, 3, 1.9])
    pairs = pair(before, after)
    assert partners(before, after) == {0: 0, 2: 2, 3: 1}
    assert pairs.removed.tolist() == [1]
    assert pairs.added.tolist() == []


def test_without_ids_a_piece_with_the_same_pitches_is_paired_at_any_distance() -> None:
    before, after = notes([60, 60, 62], [0, 4, 8]), notes([62, 60, 60], [20, 10, 14])
    assert partners(before, after) == {0: 1, 1: 2, 2: 0}


def test_without_ids_notes_far_apart_are_two_notes() -> None:
    before, after = notes([60, 72], [0, 0]), notes([72, 60, 50], [0, 30, 0])
    pairs = pair(before, after)
    assert (pairs.removed.tolist(), pairs.added.tolist()) == ([0], [1, 2])


def test_a_note_with_a_new_id_is_added_and_one_with_a_lost_id_removed() -> None:
    pairs = pair(notes([60, 62], [0, 1], ids=[1, 2]), notes([60, 64], [0, 1], ids=[1, 3]))
    assert (pairs.removed.tolist(), pairs.added.tolist()) == ([1], [1])


SOME_NOTES = st.lists(st.tuples(st.integers(58, 62), st.floats(0, 16)), max_size=12).map(
    lambda rows: notes([row[0] for row in rows], [row[1] for row in rows])
)


@given(SOME_NOTES, SOME_NOTES)
def test_each_note_is_in_one_pair_or_in_none(before: Notes, after: Notes) -> None:
    pairs = pair(before, after)
    assert sorted([*pairs.before, *pairs.removed]) == list(range(len(before)))
    assert sorted([*pairs.after, *pairs.added]) == list(range(len(after)))


@given(SOME_NOTES, SOME_NOTES)
def test_notes_of_a_pair_have_one_pitch(before: Notes, after: Notes) -> None:
    pairs = pair(before, after)
    assert (before.pitch[pairs.before] == after.pitch[pairs.after]).all()


def test_as_many_parts_are_paired_in_order() -> None:
    (a, b), (c, d) = named("Bass", "Lead"), named("Lead", "Bass")
    assert pair_clips((a, b), (c, d)) == ((a, c), (b, d))


def test_parts_of_other_counts_are_paired_by_name() -> None:
    (bass, lead), (new_lead, pad) = named("Bass", "Lead"), named("Lead", "Pad")
    drums = stiff_clip(name="Drums")
    assert pair_clips((bass, lead), (new_lead, pad, drums)) == (
        (bass, None),
        (lead, new_lead),
        (None, pad),
        (None, drums),
    )
