"""Notes become what a drummer does."""

import numpy as np
from hypothesis import given, settings

from engines import Clip, Tempo
from engines.drummer.hits import Hits, moments, read_chords, read_hits
from engines.features import CHORD_S, Features
from engines.kit import CLOSED_HAT, UNMAPPED, kit_of
from engines.kit import KICK as KICK_VOICE
from engines.kit import SNARE as SNARE_VOICE
from tests.drummer.beat import HAT, KICK, NOTHING, PEDAL, SNARE, part, rock
from tests.engines.any_clip import any_clip

MS = 1 / 500
"""A ms in beats, at 120 bpm."""


def hits_of(clip: Clip) -> Hits:
    return read_hits(Features(clip))


def test_hits_come_in_order_of_time_and_then_of_voice() -> None:
    found = hits_of(part([(1.0, SNARE), (0.0, HAT), (0.0, KICK)]))
    assert found.time.tolist() == [0.0, 0.0, 1.0]
    assert found.voice.tolist() == [KICK_VOICE, CLOSED_HAT, SNARE_VOICE]
    assert found.row.tolist() == [2, 1, 0]
    assert found.of_note.tolist() == [2, 1, 0]


def test_a_flam_is_one_hit_for_its_loudest_note() -> None:
    found = hits_of(part([(1.0 - 15 * MS, SNARE), (1.0, SNARE)], [60, 100]))
    assert found.row.tolist() == [1]
    assert found.of_note.tolist() == [0, 0]
    assert found.time.tolist() == [1.0]


def test_a_flam_may_be_written_wide() -> None:
    wide = part([(1.0, SNARE), (2.0 - 40 * MS, SNARE), (2.0, SNARE)])
    assert hits_of(wide).of_note.tolist() == [0, 1, 1]
    strokes = part([(2.0 - 40 * MS, SNARE), (2.0 + 1 * MS, SNARE)])  # no page has either
    assert hits_of(strokes).of_note.tolist() == [0, 1]


def test_thirty_seconds_at_a_fast_tempo_are_no_flams() -> None:
    fast = part([(1.0, SNARE), (1.125, SNARE), (1.25, SNARE)])
    fast = fast.replace(tempo=Tempo(time=np.zeros(1), bpm=np.full(1, 200.0)))
    assert hits_of(fast).of_note.tolist() == [0, 1, 2]


def test_of_notes_as_loud_as_each_other_the_last_is_the_stroke() -> None:
    assert hits_of(part([(1.0 - 15 * MS, SNARE), (1.0, SNARE)])).row.tolist() == [1]


def test_two_notes_of_a_voice_on_one_tick_are_one_hit() -> None:
    found = hits_of(part([(1.0, 35), (1.0, 36), (1.0, SNARE), (1.0, 37)]))
    assert found.voice.tolist() == [KICK_VOICE, SNARE_VOICE]
    assert found.of_note.tolist() == [0, 0, 1, 1]


def test_a_foot_and_a_hand_on_the_hats_are_two_hits() -> None:
    found = hits_of(part([(1.0, HAT), (1.0, PEDAL)]))
    assert found.voice.tolist() == [CLOSED_HAT, CLOSED_HAT]
    assert found.of_note.tolist() == [0, 1]


def test_strokes_of_the_distance_of_a_chord_are_two_hits() -> None:
    assert len(hits_of(part([(0.0, SNARE), (CHORD_S * 2, SNARE)])).row) == 2
    assert len(hits_of(part([(0.0, SNARE), (CHORD_S * 2 - MS, SNARE)])).row) == 1


def test_a_roll_is_no_endless_flam() -> None:
    found = hits_of(part([(20 * MS * stroke, SNARE) for stroke in range(9)]))
    # two notes of 20 ms fit into 30 ms, a third does not
    assert np.bincount(found.of_note).tolist() == [2, 2, 2, 2, 1]


def test_a_voice_does_not_take_notes_of_another_into_its_flam() -> None:
    found = hits_of(part([(0.0, SNARE), (5 * MS, KICK), (10 * MS, SNARE), (15 * MS, KICK)]))
    assert found.of_note.tolist() == [0, 1, 0, 1]


def test_a_note_of_no_voice_belongs_to_no_hit() -> None:
    found = hits_of(part([(0.0, NOTHING), (0.0, KICK)]))
    assert found.of_note.tolist() == [UNMAPPED, 0]
    assert found.mapped.tolist() == [False, True]


def test_an_empty_clip_and_one_without_drums_have_no_hits() -> None:
    for clip in (part([]), part([(0.0, NOTHING)])):
        found = hits_of(clip)
        notes = len(clip.notes)
        assert [len(column) for column in found[:-1]] == [0, notes, notes, notes, 0, 0, 0]


def test_the_order_of_rows_does_not_matter() -> None:
    clip = rock()
    rows = np.random.default_rng(0).permutation(len(clip.notes))
    straight, mixed = hits_of(clip), hits_of(clip.replace(notes=clip.notes.take(rows)))
    assert np.array_equal(mixed.of_note, straight.of_note[rows])
    assert np.array_equal(mixed.voice, straight.voice)


@settings(max_examples=50)
@given(any_clip())
def test_each_mapped_note_is_in_one_hit_of_its_voice_at_its_moment(clip: Clip) -> None:
    found, kit, time = hits_of(clip), kit_of(clip), Features(clip).onset_s
    voice = kit.voice[clip.notes.pitch]
    assert np.array_equal(found.mapped, voice != UNMAPPED)
    rows = np.flatnonzero(found.mapped)
    assert np.array_equal(found.voice[found.of_note[rows]], voice[rows])
    assert (np.abs(time[rows] - time[found.row[found.of_note[rows]]]) <= CHORD_S).all()
    assert np.array_equal(found.of_note[found.row], np.arange(len(found.row)))
    assert (np.diff(found.time) >= 0).all()


def test_moments_are_counted_from_0() -> None:
    assert moments(np.array([0.0, 0.0, 1.0, 2.5, 2.5])).tolist() == [0, 0, 1, 2, 2]
    assert moments(np.zeros(0)).tolist() == []


def test_hits_within_a_chord_s_time_are_one_chord() -> None:
    clip = part([(0.0, KICK), (10 * MS, HAT), (1.0 - 15 * MS, SNARE), (1.0, SNARE), (1.0, HAT)])
    found = read_chords(Features(clip))
    assert found.of_hit.tolist() == [0, 0, 1, 1]
    first, last = found.span(clip.notes.onset)
    assert first.tolist() == [0.0, 1.0 - 15 * MS]
    assert last.tolist() == [10 * MS, 1.0]


def test_a_clip_without_hits_has_no_chords() -> None:
    for clip in (part([]), part([(0.0, NOTHING)])):
        found = read_chords(Features(clip))
        assert [len(column) for column in (*found, *found.span(clip.notes.onset))] == [0] * 6


@settings(deadline=None)
@given(any_clip())
def test_a_chord_spans_all_notes_of_its_hits(clip: Clip) -> None:
    features = Features(clip.replace(role="drums"))
    hits, found = features.once(read_hits), features.once(read_chords)
    onset, first, last = features.notes.onset, *found.span(features.notes.onset)
    for chord in range(len(first)):
        own = np.flatnonzero(hits.mapped & (found.of_hit[hits.of_note] == chord))
        assert (first[chord], last[chord]) == (onset[own].min(), onset[own].max())
        assert hits.of_note[own].min() == found.first_hit[chord]
