from typing import Any

import numpy as np
import pytest

from engines import Clip, Metre, Notes, Stage
from engines.loudness import to_level
from engines.preset import Chain

RULES = ("metre", "phrase", "high_loud", "melody", "contrast")
FLAT: dict[str, Any] = {**dict.fromkeys(RULES, 0.0), "variation": 0.0, "range": 40.0}
"""Options that change nothing."""


def part(onset: Any, pitch: Any = 60, velocity: Any = 80.5, **fields: Any) -> Clip:
    """Return eighths; the fractional velocity keeps the result from being rounded."""
    onset = np.asarray(onset, float)
    notes = Notes(
        pitch=np.broadcast_to(np.asarray(pitch), onset.shape).astype("u1"),
        onset=onset,
        duration=np.full(len(onset), 0.5),
        velocity=np.broadcast_to(np.asarray(velocity, float), onset.shape).copy(),
    )
    return Clip(notes, length=float(onset.max()) + 1.0).replace(**{"role": "piano", **fields})


def play(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    return Chain([Stage("rules.velocity", dials)]).render((clip,), seed=seed)[0].notes.velocity


def gain(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    """Return what is added to each note in decibels."""
    return to_level(play(clip, seed, **dials)) - to_level(clip.notes.velocity)


def lag_one(series: np.ndarray) -> float:
    return float(np.corrcoef(series[:-1], series[1:])[0, 1])


def piano(bars: int = 32, velocity: float = 80.0) -> Clip:
    """Return a tune in quarters over chords in halves."""
    tune = [
        (4.0 * bar + beat, 67 + (7 * bar + 3 * beat) % 10)
        for bar in range(bars)
        for beat in range(4)
    ]
    chords = [(2.0 * half, pitch) for half in range(2 * bars) for pitch in (43, 50, 55, 59)]
    rows = np.array(sorted(tune + chords))
    return part(rows[:, 0], rows[:, 1], velocity)


def test_nothing_changes_when_every_dial_is_at_rest() -> None:
    assert gain(part(np.arange(0, 8, 0.5)), **FLAT) == pytest.approx(0.0)


def test_strong_beats_are_louder() -> None:
    accents = gain(part(np.arange(0, 4, 0.5)), **{**FLAT, "metre": 1.0})
    bar, half_bar, beat, off_beat = accents[[0, 4, 2, 1]]
    assert bar > half_bar > beat > off_beat


def test_the_bar_line_moves_with_the_metre() -> None:
    waltz = part(np.arange(6.0), metre=(Metre(0.0, 3, 4),))
    assert np.flatnonzero(gain(waltz, **{**FLAT, "metre": 1.0}) > 0).tolist() == [0, 3]


def test_an_octave_is_three_decibels() -> None:
    low, high = gain(part([0, 1], [60, 72]), **{**FLAT, "high_loud": 1.0})
    assert high - low == pytest.approx(3.0, abs=0.1)  # a little less: the range squeezes softly


def test_the_melody_stands_four_decibels_above_inner_voices() -> None:
    chord = part([0, 0, 0], [48, 60, 72])
    bass, inner, melody = gain(chord, **{**FLAT, "melody": 1.0})
    assert melody - inner == pytest.approx(4.0, abs=0.1)
    assert melody - bass == pytest.approx(3.0, abs=0.1)


def test_a_phrase_swells_and_sinks() -> None:
    # four bars of quarters in step, and a long note before the next four
    onset = np.concatenate([np.arange(0, 14.0), np.arange(16, 30.0)])
    pitch = 60 + np.tile([0, 2, 4, 5, 7, 5, 4, 2, 0, 2, 4, 2, 0, 0], 2)
    line = gain(part(onset, pitch), **{**FLAT, "phrase": 1.0})[:14]
    assert line.argmax() in range(3, 8)
    assert line[0] < line.max() - 0.5
    assert line[-1] < line.max() - 0.5


def test_short_notes_are_softer() -> None:
    # 0.4 beats of 500 ms are 200 ms: 0.825 dB softer than a note of 600 ms or more
    clip = part([0, 4], 60)
    clip = clip.replace(notes=clip.notes.replace(duration=np.array([0.4, 4.0])))
    short, long = gain(clip, **{**FLAT, "contrast": 1.0})
    assert long - short == pytest.approx(0.825, abs=0.01)


def test_variation_has_the_dialled_standard_deviation() -> None:
    line = part(np.arange(0, 1000, 0.5))
    assert gain(line, **{**FLAT, "variation": 2.0}).std() == pytest.approx(2.0, rel=0.1)


def test_variation_is_not_white() -> None:
    line = part(np.arange(0, 1000, 0.5))
    assert lag_one(gain(line, **{**FLAT, "variation": 2.0})) > 0.3


def test_the_notes_of_a_chord_vary_mostly_together() -> None:
    chords = gain(
        part(np.repeat(np.arange(200.0), 3), role="strings"), **{**FLAT, "variation": 2.0}
    )
    between, within = chords.reshape(-1, 3).mean(axis=1).std(), chords.reshape(-1, 3).std(axis=1)
    assert within.mean() < between


def test_range_limits_the_span() -> None:
    wide = gain(piano(), variation=6.0, range=40.0)
    narrow = gain(piano(), variation=6.0, range=6.0)
    assert np.ptp(wide) > 12.0
    assert np.ptp(narrow) < 6.5


def test_the_feel_is_added_to_the_accents_that_are_there() -> None:
    accented = np.where(np.arange(64) % 3 == 0, 110.5, 60.5)
    after = play(part(np.arange(0, 32, 0.5), 60, accented))
    assert after[accented > 100].min() > after[accented < 100].max()


def test_without_keeping_accents_only_their_mean_remains() -> None:
    onset = np.arange(0, 32, 0.5)
    accented = np.where(np.arange(64) % 3 == 0, 90.5, 60.5)
    mean = to_level(accented).mean()
    replaced = play(part(onset, 60, accented), keep_accents=False)
    assert to_level(replaced).mean() == pytest.approx(mean, abs=0.3)
    assert abs(np.corrcoef(replaced, accented)[0, 1]) < 0.3


def test_replaced_drums_keep_the_balance_of_the_kit() -> None:
    hats_and_kick = part(np.arange(16.0), [36, 42] * 8, [110.5, 60.5] * 8, role="drums")
    after = play(hats_and_kick, keep_accents=False, **{**FLAT, "metre": 0.0})
    assert after == pytest.approx(hats_and_kick.notes.velocity)


def test_replacing_fades_with_amount() -> None:
    accented = part(np.arange(8.0), 60, np.where(np.arange(8) % 2, 90.5, 60.5))
    spans = [np.ptp(play(accented, amount=a, keep_accents=False, **FLAT)) for a in (0, 0.5, 1)]
    assert spans[0] > spans[1] > spans[2]
    assert spans[2] == pytest.approx(0.0, abs=1e-9)


def test_whole_velocities_stay_whole() -> None:
    after = play(part(np.arange(16.0), 60, 80))
    assert np.array_equal(after, np.rint(after))


def test_fractional_velocities_stay_fractional() -> None:
    after = play(part(np.arange(16.0), 60, 80.25))
    assert not np.array_equal(after, np.rint(after))


def test_amount_exaggerates() -> None:
    assert gain(piano(), amount=2.0).std() > 1.5 * gain(piano(), amount=1.0).std()


def test_a_clip_at_the_top_of_the_range_keeps_its_shape() -> None:
    takes = [play(piano(velocity=127.0), seed) for seed in range(8)]
    # half of the notes are lifted and would all end there; a quarter of these may, by rounding
    assert np.mean([loud == 127 for loud in takes]) < 0.5 / 4
    assert min(len(np.unique(loud)) for loud in takes) > 15


@pytest.mark.parametrize("seed", range(4))
def test_strong_accents_of_a_loud_kit_do_not_pile_up_at_the_top(seed: int) -> None:
    onset, pitch = (
        np.repeat(np.arange(0, 64, 0.5), 2),
        np.tile([36, 42, 42, 51, 38, 42, 42, 51], 32),
    )
    loud = play(part(onset, pitch, 96, role="drums"), seed, metre=1.8)
    assert (loud == 127).mean() < 0.02
    assert loud.max() > 115


def test_a_note_near_the_top_is_lifted_less_and_none_past_it() -> None:
    soft, loud = (
        play(part([0, 0.5], 60, level), **{**FLAT, "metre": 2.0}) for level in (80.5, 120.5)
    )
    assert soft[0] - 80.5 > loud[0] - 120.5 > 0
    assert loud[0] < 127


@pytest.mark.parametrize("seed", range(4))
def test_its_defaults_spread_velocities_as_pianists_do(seed: int) -> None:
    assert 7 < play(piano(), seed).std() < 13
