from time import perf_counter

import numpy as np
import pytest
from hypothesis import given, settings

from engines import Clip, Metre, Notes, Tempo
from engines.boundary import REACH, Line, describe, probability
from engines.features import Features
from tests.engines.any_clip import any_clip


def line(*rests: int, length: int = 64, held: float = 0.5) -> Clip:
    """Return eighths up and down a scale, all but those, at 100 bpm in 4/4."""
    place = np.setdiff1d(np.arange(length), rests)
    scale = np.array([60, 62, 64, 65, 67, 65, 64, 62])
    notes = Notes(
        pitch=scale[place % 8], onset=0.5 * place, duration=np.full(len(place), 0.5 * held)
    )
    return Clip(notes, length=0.5 * length, tempo=Tempo(time=np.zeros(1), bpm=np.array([100.0])))


def at(clip: Clip, beat: float) -> float:
    """Return how likely a phrase begins at the note of a beat."""
    return float(Features(clip).boundary[clip.notes.onset == beat][0])


def scattered(count: int) -> Line:
    """Return a line of notes and rests by lot."""
    rng = np.random.default_rng(0)
    onset = np.cumsum(rng.choice([0.25, 0.5, 0.5, 1.0, 2.0], count))
    pitch = rng.integers(50, 80, count).astype(float)
    bar, strength = np.full(count, 4.0), np.full(count, 0.5)
    return Line(pitch, onset, onset + 0.4, 0.5 * onset, strength, onset % 4, bar)


def test_a_phrase_is_likely_after_a_rest() -> None:
    resting = line(27, 28, 29, 30, 31)
    assert at(resting, 16.0) > 0.5


def test_a_phrase_is_not_likely_in_the_middle_of_a_run() -> None:
    assert at(line(27, 28, 29, 30, 31), 10.0) < 0.05


def test_a_longer_rest_is_likelier_to_end_a_phrase() -> None:
    likely = [at(line(*range(32 - rests, 32)), 16.0) for rests in (0, 2, 4, 6)]
    assert likely == sorted(likely)


def test_the_first_note_begins_a_phrase() -> None:
    assert at(line(), 0.0) == 1.0


def test_notes_under_the_melody_have_the_likelihood_of_their_onset() -> None:
    above = line(27, 28, 29, 30, 31).notes
    bass = Notes(pitch=np.array([36]), onset=np.array([16.0]), duration=np.ones(1))
    both = {
        name: np.append(getattr(above, name), getattr(bass, name))
        for name in ("pitch", "onset", "duration")
    }
    features = Features(Clip(Notes(**both), length=32.0))
    (sung,) = np.flatnonzero(above.onset == 16.0)
    assert features.boundary[-1] == features.boundary[sung] > 0.5
    assert not features.melody[-1]


def test_an_onset_without_melody_begins_nothing() -> None:
    sung = ((0, 4, 76), (4, 4, 74), (8, 4, 72), (1, 1, 55), (2, 1, 55), (3, 1, 55), (5, 1, 55))
    onset, duration, pitch = np.array(sung, float).T
    features = Features(Clip(Notes(pitch=pitch, onset=onset, duration=duration), length=12.0))
    assert features.melody.tolist() == [True] * 3 + [False] * 4
    assert features.boundary[3:].tolist() == [0.0] * 4


def test_nothing_sounds_and_nothing_begins() -> None:
    assert len(Features(Clip(Notes(), length=4.0)).boundary) == 0


def test_beyond_the_ends_of_the_line_there_is_nothing() -> None:
    one = scattered(1)
    seen = describe(one).reshape(2 * REACH + 1, -1)
    assert not np.delete(seen, REACH, axis=0).any()
    assert seen[REACH, 0] == 1.0


@pytest.mark.parametrize(("count", "most_ms"), [(64, 3.0), (1000, 30.0)])
def test_a_line_is_judged_in_no_time(count: int, most_ms: float) -> None:
    # ten times what it takes at rest: other work goes on beside the tests
    notes = scattered(count)
    spent = []
    for _ in range(20):
        start = perf_counter()
        probability(notes)
        spent.append(1e3 * (perf_counter() - start))
    assert min(spent) < most_ms


@settings(max_examples=30)
@given(clip=any_clip())
def test_every_note_has_a_probability(clip: Clip) -> None:
    boundary = Features(clip).boundary
    assert len(boundary) == len(clip.notes)
    assert ((boundary >= 0) & (boundary <= 1)).all()


@settings(max_examples=15)
@given(clip=any_clip(least=1))
def test_a_transposed_line_has_the_same_phrases(clip: Clip) -> None:
    fitting = clip.replace(notes=clip.notes.replace(pitch=clip.notes.pitch // 2 + 20))
    higher = fitting.replace(notes=fitting.notes.replace(pitch=fitting.notes.pitch + 12))
    assert np.allclose(Features(fitting).boundary, Features(higher).boundary, atol=1e-4)


def test_a_metre_of_one_beat_has_bars_too() -> None:
    clip = line(27, 28, 29, 30, 31).replace(metre=(Metre(0.0, 1, 4),))
    assert np.isfinite(Features(clip).boundary).all()
