import numpy as np

from engines import Chord, Clip, Loop, Notes
from engines.features import Features
from engines.harmony import Harmonies


def chorale(*chords: tuple[int, ...], beats: float = 2.0) -> Clip:
    onset = np.repeat(np.arange(len(chords)) * beats, [len(chord) for chord in chords])
    pitch = np.concatenate(chords)
    notes = Notes(pitch=pitch, onset=onset, duration=np.full(len(pitch), beats))
    return Clip(notes, len(chords) * beats, role="piano")


def heard(clip: Clip) -> list[float]:
    """Return when each harmony begins, in beats, in the likeliest reading."""
    features = Features(clip)
    found = Harmonies(features, np.zeros(len(features.group_onset))).first
    return features.group_onset[found].tolist()


def test_every_new_chord_is_a_harmony() -> None:
    assert heard(chorale((48, 64, 67, 72), (53, 65, 69, 72), (55, 62, 67, 71))) == [0, 2, 4]


def test_a_chord_struck_again_and_again_is_one_harmony() -> None:
    assert heard(chorale(*[(60, 72)] * 6, beats=0.5)) == [0]


def test_a_broken_chord_is_one_harmony() -> None:
    arpeggio = [(48,), (55,), (60,), (64,), (67,), (64,), (60,), (55,)]
    assert heard(chorale(*arpeggio, beats=0.25)) == [0]


def test_a_passing_tone_over_a_held_chord_changes_nothing() -> None:
    clip = chorale((48, 64, 67, 72), (74,), (76,), beats=0.5)
    assert heard(clip) == [0]


def test_a_rest_ends_a_harmony() -> None:
    notes = Notes(pitch=np.array([60, 60]), onset=np.array([0.0, 4.0]), duration=np.ones(2))
    assert heard(Clip(notes, 8.0)) == [0, 4]


def test_chord_symbols_and_loop_edges_are_harmonies() -> None:
    clip = chorale(*[(60, 72)] * 8, beats=0.5)
    assert heard(clip.replace(chords=(Chord(1.0, "C"), Chord(1.5, "Am")))) == [0, 1.0, 1.5]
    assert heard(clip.replace(loop=Loop(1.0, 2.0))) == [0, 1.0, 2.0]


def test_doubt_can_overrule_weak_evidence() -> None:
    features = Features(chorale(*[(60, 72)] * 4, beats=0.5))
    assert len(Harmonies(features, np.full(4, 9.0)).first) == 4


def test_the_last_onset_counts_as_followed_by_silence() -> None:
    harmonies = Harmonies(Features(chorale((60,), (62,))), np.zeros(2))
    assert harmonies.silent_after.tolist() == [False, True]
