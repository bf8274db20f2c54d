from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, Loop, Notes, Stage, Tempo
from engines.clip import Role
from engines.features import CHORD_S
from engines.preset import Chain

STILL: dict[str, Any] = {
    "feel": 0.0, "drift": 0.0, "deviation": 0.0, "spread": 0.0, "melody_lead": 0.0,
}  # fmt: skip
"""Options that move nothing."""

BEAT_MS = 500.0
"""A beat at 120 bpm."""


def part(
    onset: Any, pitch: Any = 60, duration: float = 0.25, role: Role = "piano", **fields: Any
) -> Clip:
    onset = np.asarray(onset, float)
    pitches = np.broadcast_to(np.asarray(pitch, "u1"), onset.shape)
    notes = Notes(pitch=pitches.copy(), onset=onset, duration=np.full(len(onset), duration))
    return Clip(notes, length=float(onset.max()) + 4.0, role=role, **fields)


def play(*clips: Clip, seed: int = 5, **dials: Any) -> tuple[Clip, ...]:
    return Chain([Stage("rules.groove", dials)]).render(clips, seed=seed)


def late_ms(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    """Return how late each note comes at 120 bpm."""
    return BEAT_MS * (play(clip, seed=seed, **dials)[0].notes.onset - clip.notes.onset)


def chords(bars: int = 16) -> Clip:
    """Return a melody note and three under it at every beat."""
    beats = 4 * bars
    pitch = np.tile([45, 52, 57, 72], beats)
    pitch[3::4] += np.tile([0, 2, 4, 5], bars)
    return part(np.repeat(np.arange(1, beats + 1), 4), pitch, duration=1.0)


def rock(bars: int = 16) -> Clip:
    """Return eighths on the hi-hat, kick on one and three, snare on two and four."""
    hats = [(8 * bar + place, 42) for bar in range(bars) for place in range(8)]
    kicks = [(8 * bar + place, 36) for bar in range(bars) for place in (0, 4)]
    snares = [(8 * bar + place, 38) for bar in range(bars) for place in (2, 6)]
    rows = np.array(sorted(hats + kicks + snares))
    return part(1.0 * rows[:, 0] / 2, rows[:, 1], role="drums")


def lag_one(series: np.ndarray) -> float:
    return float(np.corrcoef(series[:-1], series[1:])[0, 1])


def test_nothing_moves_when_every_dial_is_at_rest() -> None:
    assert not late_ms(chords(), **STILL).any()


def test_swing_is_kept_apart_from_feel() -> None:
    # 62 % of a beat of 500 ms: the off-beat is late by 60 ms
    line = part([0, 0.5, 1, 1.5])
    assert late_ms(line, swing=62, **STILL) == pytest.approx([0, 60, 0, 60])
    assert late_ms(line, swing=62, **{**STILL, "feel": 2.0}) == pytest.approx([0, 60, 0, 60])


def test_amount_scales_swing() -> None:
    assert late_ms(part([0.5]), swing=62, amount=0.5, **STILL) == pytest.approx([30])


@pytest.mark.parametrize("push", [-20.0, 20.0])
def test_positive_push_is_late_and_negative_push_early(push: float) -> None:
    assert late_ms(part([1, 2, 3]), push=push, **STILL) == pytest.approx([push] * 3)


def test_milliseconds_follow_the_tempo() -> None:
    # 20 ms are 0.02 beats at 60 bpm and 0.06 beats at 180 bpm
    tempo = Tempo(time=np.array([0.0, 4.0]), bpm=np.array([60.0, 180.0]))
    clip = part([1.0, 6.0], tempo=tempo)
    (after,) = play(clip, push=20.0, **STILL)
    assert after.notes.onset - clip.notes.onset == pytest.approx([0.02, 0.06])


def test_all_parts_drift_together() -> None:
    bass, drums = part(np.arange(1, 60, 1.0), 40, role="bass"), part(np.arange(1, 60, 0.5), 42)
    low, high = play(bass, drums, **{**STILL, "drift": 10.0})
    at_beats = high.notes.onset[::2] - drums.notes.onset[::2]
    assert low.notes.onset - bass.notes.onset == pytest.approx(at_beats)


def test_parts_with_short_and_long_loops_drift_together() -> None:
    short = part(np.arange(1.0, 4.0), loop=Loop(0.0, 4.0))
    long = part(np.arange(1.0, 16.0), loop=Loop(0.0, 16.0))
    one, four = play(short, long, **{**STILL, "drift": 10.0})
    again = four.notes.onset[[4, 5, 6]] - long.notes.onset[[4, 5, 6]]
    assert one.notes.onset - short.notes.onset == pytest.approx(again)


def test_parts_with_loops_of_six_and_of_four_beats_drift_together() -> None:
    six = part(np.arange(0.5, 6.0), loop=Loop(0.0, 6.0))
    four = part(np.arange(0.5, 4.0), loop=Loop(0.0, 4.0))
    long, short = play(six, four, **{**STILL, "drift": 10.0})
    late = long.notes.onset - six.notes.onset, short.notes.onset - four.notes.onset
    assert np.abs(late[0]).max() > 0.001
    assert np.tile(late[0], 2) == pytest.approx(np.tile(late[1], 3))


def test_drift_has_the_dialled_standard_deviation() -> None:
    line = part(np.arange(1.0, 2000.0))
    assert late_ms(line, **{**STILL, "drift": 10.0}).std() == pytest.approx(10.0, rel=0.1)


def test_the_drift_closes_over_a_loop() -> None:
    # its shortest wave is two beats long: over the seam's tenth of a beat it hardly moves
    loop = part([0.05, 4.0, 7.95], loop=Loop(0.0, 8.0))
    seams = [late_ms(loop, seed=seed, **{**STILL, "drift": 3.0}) for seed in range(20)]
    across, within = np.array([(last - first, middle - first) for first, middle, last in seams]).T
    assert across.std() < 0.3 * within.std()


def test_straying_from_note_to_note_is_correlated() -> None:
    late = [late_ms(part(np.arange(1, 65, 0.5)), seed=seed) for seed in range(8)]
    assert np.mean([lag_one(one) for one in late]) > 0.2


def test_a_chord_moves_together() -> None:
    late = late_ms(chords(), **{**STILL, "drift": 6.0, "deviation": 6.0}).reshape(-1, 4)
    assert late.std(axis=1) == pytest.approx(0.0, abs=1e-9)
    assert late.mean(axis=1).std() > 4.0


def test_spread_parts_the_notes_of_a_chord_but_not_unisons() -> None:
    clip = part([1, 1, 1, 1], [60, 64, 67, 67], role="strings")
    late = late_ms(clip, **{**STILL, "spread": 4.0})
    assert len(set(late[:3])) == 3
    assert late[2] == late[3]


def strummed(step: float, count: int = 32, **fields: Any) -> Clip:
    """Return chords of four strings, out of order of pitch, every so many beats."""
    onset = np.repeat(1.0 + step * np.arange(count), 4)
    return part(onset, np.tile([64, 50, 57, 62], count), 0.2, "guitar", **fields)


def strings(clip: Clip, **dials: Any) -> np.ndarray:
    """Return how late each string comes, (O, 4), the lowest first."""
    late = late_ms(clip, **{**STILL, **dials}).reshape(-1, 4)
    return late[:, np.argsort(clip.notes.pitch[:4])]


def test_a_strum_goes_down_on_the_beat_and_up_off_it() -> None:
    late = strings(strummed(0.5), strum=20.0)
    assert (np.diff(late[::2]) > 0).all()
    assert (np.diff(late[1::2]) < 0).all()


def test_in_sixteenths_the_hand_goes_up_on_every_other_one() -> None:
    late = strings(strummed(0.25), strum=20.0)
    assert (np.diff(late[::2]) > 0).all()
    assert (np.diff(late[1::2]) < 0).all()


def test_a_strum_takes_its_time_around_the_beat() -> None:
    # a stroke's time has a standard deviation of 15 %: 3 ms over the root of 64
    late = strings(strummed(0.5, 64), strum=20.0)
    first_to_last = np.ptp(late, axis=1)
    assert first_to_last.mean() == pytest.approx(20.0, abs=4 * 3 / 8)
    assert first_to_last.std() > 1.0
    assert late.mean() == pytest.approx(0.0, abs=1.0)


def test_strings_follow_one_another_evenly() -> None:
    # each strays by at most 0.15 of the way to the next, so two steps differ by half at most
    steps = np.abs(np.diff(strings(strummed(0.5), strum=20.0)))
    assert (steps.max(axis=1) < 2 * steps.min(axis=1)).all()


def test_a_strum_leaves_two_notes_and_one_to_spread() -> None:
    clip = part([1, 1, 2], [50, 57, 62], role="guitar")
    assert not late_ms(clip, **{**STILL, "strum": 40.0}).any()


def test_a_strum_keeps_the_order_of_strings_whatever_the_spread() -> None:
    late = strings(strummed(1.0), strum=20.0, spread=20.0)
    assert (np.diff(late) > 0).all()


def test_spread_leaves_single_notes_alone() -> None:
    assert not late_ms(part([1, 2, 3]), **{**STILL, "spread": 4.0}).any()


def test_the_melody_leads_its_chords_on_a_piano() -> None:
    # the lead is drawn with a standard deviation of half of it, 64 times: 9 / 8 ms of error
    late = late_ms(chords(), **{**STILL, "feel": 1.0, "melody_lead": 18.0}).reshape(-1, 4)
    assert (late[:, :3].mean() - late[:, 3].mean()) == pytest.approx(18.0, abs=3 * 9 / 8)


def test_a_melody_alone_stays_on_the_beat() -> None:
    assert not late_ms(part([1, 2, 3]), **{**STILL, "feel": 1.0, "melody_lead": 18.0}).any()


def test_strings_have_no_melody_lead() -> None:
    strings = chords().replace(role="strings")
    assert not late_ms(strings, **{**STILL, "feel": 1.0, "melody_lead": 18.0}).any()


def test_the_backbeat_and_the_hats_come_late() -> None:
    clip = rock()
    late, pitch = late_ms(clip, **{**STILL, "feel": 1.0}), clip.notes.pitch
    assert np.unique(late[pitch == 36]) == pytest.approx([0.0])
    assert np.unique(late[pitch == 38].round(6)) == pytest.approx([4.0])
    assert np.unique(late[pitch == 42].round(6)) == pytest.approx([3.0])


def test_a_chord_pulled_out_of_the_loop_is_held_at_its_edge_half_as_wide() -> None:
    chord = part([0, 0, 0], [50, 57, 62], role="strings", loop=Loop(0.0, 8.0))
    free = late_ms(chord, push=30.0, **{**STILL, "spread": 4.0})
    held = late_ms(chord, push=-30.0, **{**STILL, "spread": 4.0})
    assert held.min() == 0.0
    assert held == pytest.approx(0.5 * (free - free.min()))


@pytest.mark.parametrize("start", [0.0, 8.0])
def test_the_first_chord_is_no_later_than_the_others(start: float) -> None:
    # the lead is split around the beat; at the edge it is halved, and its end stays
    chord = part([start] * 4, [45, 52, 57, 72], loop=Loop(start, start + 8.0))
    dials = {**STILL, "feel": 1.0, "melody_lead": 20.0}
    for seed in range(8):
        free = late_ms(chord.replace(loop=None), seed, push=40.0, **dials) - 40.0
        held = late_ms(chord, seed, **dials)
        assert held[3] == pytest.approx(0.0)
        assert held[:3] == pytest.approx(free[:3])


def test_wrapping_brings_an_early_note_in_at_the_end_of_the_loop() -> None:
    hit = part([8.0, 9.0], 38, role="drums", loop=Loop(8.0, 12.0))
    (after,) = play(hit, push=-10.0, edge="wrap", **STILL)
    assert after.notes.onset == pytest.approx([12.0 - 0.02, 9.0 - 0.02])
    assert after.notes.duration == pytest.approx(hit.notes.duration)


def quarters(pitch: int = 36, **fields: Any) -> Clip:
    """Return a loop of four tied quarters."""
    return part(np.arange(4.0), pitch, 1.0, role="bass", loop=Loop(0.0, 4.0), **fields)


def sixteenths() -> Clip:
    """Return a loop of tied sixteenths on the hi-hat."""
    return part(np.arange(16) / 4, 42, 0.25, role="drums", loop=Loop(0.0, 4.0))


def over_seam(clip: Clip) -> np.ndarray:
    """Return how far each note sounds into the next one of its pitch, round the loop: (N,)."""
    order = np.argsort(clip.notes.onset)
    onset, end = clip.notes.onset[order], clip.notes.end[order]
    return end - np.append(onset[1:], onset[0] + clip.region()[1] - clip.region()[0])


@pytest.mark.parametrize("clip", [quarters(), sixteenths()], ids=["bass", "drums"])
@pytest.mark.parametrize("edge", ["hold", "wrap"])
def test_no_note_of_a_loop_sounds_into_the_next_of_its_pitch(clip: Clip, edge: str) -> None:
    dials = {"drift": 20.0, "deviation": 15.0, "edge": edge}
    overlaps = [over_seam(play(clip, seed=seed, **dials)[0]).max() for seed in range(50)]
    assert max(overlaps) < 1e-9


@pytest.mark.parametrize("clip", [quarters(), sixteenths()], ids=["bass", "drums"])
@pytest.mark.parametrize("push", [-50.0, 0.0, 50.0])
def test_a_held_note_ends_with_its_loop(clip: Clip, push: float) -> None:
    ends = [play(clip, seed=seed, push=push)[0].notes.end.max() for seed in range(50)]
    assert max(ends) < 4.0 + 1e-9


def test_a_note_written_beyond_the_loop_s_end_is_not_made_longer() -> None:
    clip = quarters().replace(length=8.0)
    long = clip.replace(notes=clip.notes.replace(duration=np.array([1.0, 1.0, 1.0, 1.5])))
    (after,) = play(long, **{**STILL, "push": 50.0})
    assert after.notes.end[-1] == pytest.approx(4.5)


@pytest.mark.parametrize("edge", ["hold", "wrap"])
def test_lead_in_and_tail_stay_out_of_the_loop(edge: str) -> None:
    clip = part([3.99, 4.0, 6.0, 8.0, 8.01], 36, 0.01, role="drums", loop=Loop(4.0, 8.0))
    late, early = (play(clip, push=push, edge=edge, **STILL)[0] for push in (40.0, -40.0))
    assert late.notes.onset[0] < 4.0
    assert early.notes.onset[3:].min() >= 8.0


def test_unisons_of_a_loop_keep_their_length() -> None:
    clip = part([0, 0, 2, 2], 60, 1.0, role="strings", loop=Loop(0.0, 4.0))
    (after,) = play(clip, **{**STILL, "deviation": 9.0})
    assert after.notes.duration == pytest.approx(clip.notes.duration)


def test_wrapping_without_a_loop_holds() -> None:
    assert late_ms(part([0.0]), push=-10.0, edge="wrap", **STILL) == pytest.approx([0.0])


def test_tied_notes_stay_tied() -> None:
    line = part(np.arange(1.0, 30.0), 50 + np.arange(29) % 7, duration=1.0)
    (after,) = play(line, swing=60, **{**STILL, "drift": 9.0, "deviation": 9.0})
    assert after.notes.end[:-1] == pytest.approx(after.notes.onset[1:])


def test_detached_notes_keep_their_duration() -> None:
    line = part(np.arange(1.0, 30.0), 50 + np.arange(29) % 7, duration=0.5)
    (after,) = play(line)
    assert after.notes.duration == pytest.approx(line.notes.duration)


@settings(max_examples=40)
@given(
    bpm=st.floats(30, 400),
    grid=st.sampled_from([1 / 8, 1 / 6, 1 / 4, 1 / 2]),
    seed=st.integers(0, 99),
)
def test_no_note_overtakes_another(bpm: float, grid: float, seed: int) -> None:
    run = part(1 + grid * np.arange(40), 40 + np.arange(40), tempo=tempo_of(bpm))
    (after,) = play(run, seed=seed, deviation=30.0, drift=30.0, amount=2.0)
    gap_s = grid * 60.0 / bpm
    are_chord = gap_s <= CHORD_S
    assert are_chord or (np.diff(after.notes.onset) > 0).all()


def tempo_of(bpm: float) -> Tempo:
    return Tempo(time=np.zeros(1), bpm=np.array([bpm]))


def test_a_note_added_later_leaves_the_others_where_they_were() -> None:
    onset = np.arange(1.0, 20.0)
    late = late_ms(part(onset))
    assert late_ms(part(np.append(onset, 24.0)))[:18] == pytest.approx(late[:18])


@pytest.mark.parametrize(("clip", "low", "high"), [(chords(), 8, 15), (rock(), 5, 10)])
def test_its_defaults_stray_as_people_do(clip: Clip, low: float, high: float) -> None:
    spread = [late_ms(clip, seed=seed).std() for seed in range(8)]
    assert low < np.mean(spread) < high
