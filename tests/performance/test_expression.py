"""The two-way codec between played notes and expressive parameters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, Notes, Tempo
from engines.features import Features
from engines.performance.expression import (
    CLOSEST_S,
    SHORTEST_BEATS,
    Expression,
    Played,
    beat_period,
    decode,
    encode,
    onset_times,
)
from tests.engines.any_clip import any_clip

WITHIN_S = 0.001

SEED = st.integers(0, 2**32 - 1)
SPREAD_S = st.sampled_from([0.0, 0.01, 0.3, 10.0])


def clip_of(onset: list[float], duration: float = 1.0, bpm: float = 60.0) -> Clip:
    """Return a clip with a note of its own pitch at each onset in beats."""
    notes = Notes(
        pitch=60 + np.arange(len(onset)),
        onset=np.array(onset, float),
        duration=np.full(len(onset), duration),
        velocity=np.full(len(onset), 64.0),
    )
    tempo = Tempo(time=np.zeros(1), bpm=np.array([bpm]))
    return Clip(notes, length=max([1.0, *notes.end.tolist()]), tempo=tempo)


def played_at(onset_s: list[float], duration_s: float = 0.5) -> Played:
    """Return notes played at times in seconds."""
    onset = np.array(onset_s, float)
    return Played(onset, onset + duration_s, np.full(len(onset), 80.0))


def any_playing(clip: Clip, spread_s: float, seed: int) -> Played:
    """Play a clip's notes at random around their written times, some of them of length 0."""
    rng, notes = np.random.default_rng(seed), len(clip.notes)
    onset = clip.tempo.seconds(clip.notes.onset) + spread_s * rng.standard_normal(notes)
    duration = rng.choice([0.0, 1e-4, 0.2, 30.0], notes)
    return Played(onset, onset + duration, rng.uniform(1, 127, notes))


def assert_same(ours: Played, theirs: Played) -> None:
    np.testing.assert_allclose(ours.onset_s, theirs.onset_s, rtol=0, atol=WITHIN_S)
    np.testing.assert_allclose(ours.release_s, theirs.release_s, rtol=0, atol=WITHIN_S)
    np.testing.assert_allclose(ours.velocity, theirs.velocity, rtol=0, atol=1.0)


@given(any_clip(), SPREAD_S, SEED, st.booleans())
def test_any_performance_of_any_clip_comes_back(
    clip: Clip, spread_s: float, seed: int, with_grace: bool
) -> None:
    features, played = Features(clip), any_playing(clip, spread_s, seed)
    grace = np.random.default_rng(seed).random(len(clip.notes)) < 0.5 if with_grace else None
    expression = encode(features, played, grace)
    assert all(np.isfinite(part).all() for part in expression)
    assert_same(decode(features, expression), played)


@settings(max_examples=50)
@given(any_clip(), SPREAD_S, SEED)
def test_onset_times_rise(clip: Clip, spread_s: float, seed: int) -> None:
    features = Features(clip)
    expression = encode(features, any_playing(clip, spread_s, seed))
    time = onset_times(features, expression.stretch, expression.start_s)
    assert time.shape == features.group_onset.shape
    assert (np.diff(time) >= CLOSEST_S * 0.99).all()


@settings(max_examples=50)
@given(any_clip())
def test_zeros_are_the_written_clip(clip: Clip) -> None:
    features = Features(clip)
    notes, onsets = len(clip.notes), len(features.group_onset)
    stiff = Expression(0.0, np.zeros(onsets), np.zeros(notes), np.zeros(notes), np.ones(notes))
    written_s = clip.tempo.seconds(features.group_onset)
    onset_s = decode(features, stiff).onset_s
    expected = (written_s - written_s[:1])[features.group] if notes else np.zeros(0)
    # an interval may be raised to a microsecond, at most once for each onset
    np.testing.assert_allclose(onset_s, expected, rtol=1e-9, atol=1e-6 * max(onsets, 1))


@pytest.mark.parametrize("count", [1, 10])
def test_notes_of_one_pitch_at_one_onset_come_back(count: int) -> None:
    notes = Notes(
        pitch=np.full(count, 60),
        onset=np.zeros(count),
        duration=np.zeros(count),
        velocity=np.full(count, 64.0),
    )
    features = Features(Clip(notes, length=1.0))
    played = played_at([0.01 * row for row in range(count)], duration_s=0.0)
    assert_same(decode(features, encode(features, played)), played)


def test_an_empty_clip_has_an_empty_performance() -> None:
    features = Features(clip_of([]))
    expression = encode(features, played_at([]))
    assert [len(part) for part in expression[1:]] == [0, 0, 0, 0]
    assert [len(part) for part in decode(features, expression)] == [0, 0, 0]


def test_an_interval_that_is_played_twice_as_long_has_stretch_one() -> None:
    features = Features(clip_of([0, 1, 2], bpm=60.0))
    expression = encode(features, played_at([5.0, 7.0, 8.0]))
    # written 1 s each, played 2 s and 1 s: log2(2) and log2(1), and 0 for the last onset
    np.testing.assert_allclose(expression.stretch, [1.0, 0.0, 0.0], atol=1e-12)
    assert expression.start_s == 5.0


def test_asynchrony_is_measured_from_the_mean_of_the_onset() -> None:
    features = Features(clip_of([0, 0, 1]))
    expression = encode(features, played_at([0.00, 0.02, 1.0]))
    # the mean of 0.00 and 0.02 is 0.01
    np.testing.assert_allclose(expression.asynchrony_s, [-0.01, 0.01, 0.0], atol=1e-12)


def test_a_grace_note_does_not_say_when_its_onset_is() -> None:
    features = Features(clip_of([0, 1, 1]))
    grace = np.array([False, True, False])
    expression = encode(features, played_at([0.0, 0.9, 1.0]), grace)
    np.testing.assert_allclose(expression.asynchrony_s, [0.0, -0.1, 0.0], atol=1e-6)


def test_grace_notes_alone_say_when_their_onset_is() -> None:
    features = Features(clip_of([0, 1]))
    expression = encode(features, played_at([0.0, 1.3]), np.array([False, True]))
    np.testing.assert_allclose(expression.asynchrony_s, [0.0, 0.0], atol=1e-12)


def test_articulation_is_measured_at_the_local_tempo() -> None:
    features = Features(clip_of([0, 1, 2], duration=1.0))
    expression = encode(features, played_at([0.0, 2.0, 4.0], duration_s=1.0))
    # a beat takes 2 s, so a note of 1 beat that is held for 1 s is half as long: log2(1/2)
    np.testing.assert_allclose(expression.articulation, [-1.0, -1.0, -1.0], atol=1e-12)


def test_very_short_notes_count_as_long_as_the_shortest() -> None:
    features = Features(clip_of([0, 1], duration=0.0))
    expression = encode(features, played_at([0.0, 1.0], duration_s=SHORTEST_BEATS))
    # a beat takes 1 s: held as long as the shortest length that counts
    np.testing.assert_allclose(expression.articulation, [0.0, 0.0], atol=1e-12)


def test_one_onset_that_goes_astray_leaves_the_next_ones_in_time() -> None:
    features = Features(clip_of([0, 1, 2, 3, 4, 5]))
    expression = encode(features, played_at([0.0, 1.0, 4.5, 3.0, 4.0, 5.0]))
    time = onset_times(features, expression.stretch)
    # 4.5 and the 3 and 4 behind it meet halfway: (4.5 + 3) / 2, (4.5 + 3) / 2 and (4.5 + 4) / 2
    np.testing.assert_allclose(time, [0.0, 1.0, 3.75, 3.75, 4.25, 5.0], atol=3 * CLOSEST_S)


def test_the_beat_period_of_a_lone_onset_is_the_written_one() -> None:
    tempo = Tempo(time=np.array([0.0, 4.0]), bpm=np.array([60.0, 120.0]))
    features = Features(clip_of([5.0]).replace(tempo=tempo))
    # at beat 5 the tempo is 120 bpm: 0.5 s a beat
    np.testing.assert_allclose(beat_period(features, np.zeros(1)), [0.5])


def test_the_beat_period_follows_the_played_tempo() -> None:
    features = Features(clip_of([0, 1, 2, 3]))
    period = beat_period(features, np.array([0.0, 1.0, 3.0, 5.0]))
    # from a beat before to a beat after: 1 s; 3 s over 2 beats; 4 s over 2 beats; 2 s
    np.testing.assert_allclose(period, [1.0, 1.5, 2.0, 2.0])
