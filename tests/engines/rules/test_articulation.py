from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import Clip, Loop, Notes, Role, Stage, Tempo
from engines.engine import Context
from engines.preset import Chain
from engines.rules.articulation import Articulation, ArticulationOptions
from tests.clips import stiff_clip
from tests.engines.any_clip import overlaps

EVEN: dict[str, Any] = {"variation": 0.0, "breath": 0.0}
"""Options that leave nothing to chance."""


def line(*pitches: int, duration: float = 1.0, **fields: object) -> Clip:
    """Return a melody in quarters at 120 bpm, half a second each."""
    onset = np.arange(len(pitches), dtype=float)
    notes = Notes(
        pitch=np.array(pitches), onset=onset, duration=np.full(len(pitches), float(duration))
    )
    return Clip(notes, float(len(pitches)), role="piano").replace(**fields)


def played(clip: Clip, seed: int = 0, **options: object) -> np.ndarray:
    """Return the durations after the engine."""
    return (
        Chain([Stage("rules.articulation", options)]).render((clip,), seed=seed)[0].notes.duration
    )


def test_connected_steps_overlap_by_the_legato_rule() -> None:
    # Bresin (2001) at 500 ms: (11.315 - 0.0066 * 500) % of 500 ms = 40.1 ms = 0.0802 beats
    assert played(line(60, 62, 64, 65), **EVEN)[:3] == pytest.approx(1.08015)


def test_the_legato_dial_scales_the_overlap() -> None:
    clip = line(60, 62, 64)
    assert played(clip, legato=2.0, **EVEN)[0] - 1 == pytest.approx(2 * 0.08015)
    assert played(clip, legato=0.0, **EVEN)[0] == pytest.approx(1.0)


def test_overlap_grows_with_the_interval_and_then_stays() -> None:
    slow = Tempo(time=np.zeros(1), bpm=np.array([20.0]))  # 3 s a beat
    # the rule's maximum is at 857 ms: 5.6575 % of 857 ms = 48.5 ms = 0.0162 beats
    assert played(line(60, 62, 64, tempo=slow), **EVEN)[0] == pytest.approx(1.01616, abs=1e-5)


def test_a_repeated_key_is_let_go_before_it_is_struck_again() -> None:
    assert played(line(60, 60, 62), **EVEN)[0] == pytest.approx(0.6)  # gap of 40 %
    assert played(line(60, 60, 62), gap=20.0, **EVEN)[0] == pytest.approx(0.8)


def test_strings_repeat_a_note_with_less_silence() -> None:
    clip = line(60, 60, 62, role="strings")
    assert played(clip, **EVEN)[0] == pytest.approx(1 - 0.4 * 0.4)  # 0.4 of the piano's 40 %


def test_a_slow_repeated_note_is_left_a_quarter_second_early_at_most() -> None:
    slow = Tempo(time=np.zeros(1), bpm=np.array([30.0]))  # 40 % of 2 s is 0.8 s
    assert played(line(60, 60, 62, tempo=slow), **EVEN)[0] == pytest.approx(1 - 0.125)


def test_a_leap_beyond_reach_is_detached() -> None:
    assert played(line(60, 80, 81), **EVEN)[0] == pytest.approx(0.75)


def test_a_bass_player_s_hand_leaves_the_note_to_leap() -> None:
    assert played(line(30, 50, 51, role="bass"), **EVEN)[0] == pytest.approx(0.75)


@pytest.mark.parametrize("role", ["guitar", "pad", "strings", "winds", "lead"])
def test_where_no_hand_has_to_leap_a_leap_is_bound_as_a_step(role: Role) -> None:
    assert played(line(60, 80, 81, role=role), **EVEN)[0] == pytest.approx(1.08015)


def test_notes_written_short_keep_their_length() -> None:
    assert played(line(60, 62, 64, 65, duration=0.5), **EVEN) == pytest.approx(0.5)


def test_staccato_holds_two_fifths_of_the_interval() -> None:
    # half a second apart is the easy pace of Bresin and Battel (2000)
    assert played(line(60, 62, 64), style="staccato", **EVEN)[:2] == pytest.approx(0.4)


def test_fast_staccato_is_shorter() -> None:
    fast = Tempo(time=np.zeros(1), bpm=np.array([400.0]))  # 0.15 s a beat
    assert played(line(60, 62, 64, tempo=fast), style="staccato", **EVEN)[0] == pytest.approx(0.3)


def test_detached_holds_three_quarters() -> None:
    assert played(line(60, 62, 64), style="detached", **EVEN)[:2] == pytest.approx(0.75)


def test_legato_style_closes_small_gaps() -> None:
    clip = line(60, 62, 64, duration=0.5)
    assert played(clip, style="legato", **EVEN)[:2] == pytest.approx(1.08015)


def test_legato_style_leaves_rests() -> None:
    notes = Notes(pitch=np.array([60, 62]), onset=np.array([0.0, 4.0]), duration=np.array([1, 1.0]))
    assert played(Clip(notes, 8.0), style="legato", **EVEN)[0] == pytest.approx(1.0)


def test_a_breath_comes_before_each_phrase() -> None:
    clip = stiff_clip(256, role="lead")  # longer than a phrase can be
    starts = Context((clip,)).features.phrase_onset[1:-1]
    assert len(starts) > 0
    duration = played(clip, variation=0.0, breath=160.0)
    before = np.searchsorted(clip.notes.onset, starts) - 1
    # at intervals of 0.25 s the pause is 160 ms * (1/3 + 2/3 * 0.09 / 0.48), 0.147 beats
    assert duration[before] == pytest.approx(0.5 - 0.14667, abs=1e-4)


def test_notes_of_a_chord_are_let_go_almost_together() -> None:
    clip = chords(64)
    ratio = np.log(played(clip, breath=0.0) / clip.notes.duration).reshape(-1, 3)
    assert ratio.std(axis=1).mean() < 0.8 * ratio[:, 0].std()


def chords(count: int) -> Clip:
    """Return triads in quarters that move by step and repeat no key."""
    pitch = np.add.outer(60 + np.array([0, 1, 2, 1])[np.arange(count) % 4], [0, 4, 8]).ravel()
    onset = np.repeat(np.arange(count, dtype=float), 3)
    return Clip(Notes(pitch=pitch, onset=onset, duration=np.ones(3 * count)), float(count))


def test_drums_come_back_untouched() -> None:
    clip = stiff_clip(role="drums")
    assert Articulation()(clip, ArticulationOptions(), Context((clip,))) is clip


def test_no_amount_is_the_clip_itself() -> None:
    clip = stiff_clip()
    assert Articulation()(clip, ArticulationOptions(amount=0.0), Context((clip,))) is clip


def test_amounts_go_from_the_written_to_the_exaggerated() -> None:
    clip = line(60, 62, 64)
    shares = [played(clip, amount=a, style="staccato", **EVEN)[0] for a in (0.0, 0.5, 1.0, 2.0)]
    assert shares == pytest.approx([1.0, 0.4**0.5, 0.4, 0.16])


def test_a_seed_is_a_performance() -> None:
    clip = stiff_clip(64)
    assert np.array_equal(played(clip, 1), played(clip, 1))
    assert not np.array_equal(played(clip, 1), played(clip, 2))


def test_the_last_note_of_a_loop_stays_inside() -> None:
    clip = line(60, 62, 64, 65, loop=Loop(0.0, 4.0))
    ends = [clip.notes.onset[3] + played(clip, seed)[3] for seed in range(20)]
    assert max(ends) <= 4.0


def test_only_durations_change() -> None:
    clip = stiff_clip(64)
    changed = Chain([Stage("rules.articulation")]).render((clip,), seed=3)[0]
    assert changed.replace(notes=clip.notes) == clip
    assert changed.notes.replace(duration=clip.notes.duration) == clip.notes


@given(
    rows=st.lists(
        st.tuples(st.integers(48, 60), st.integers(0, 64), st.integers(1, 16)),
        min_size=1,
        max_size=40,
        unique_by=lambda row: row[:2],
    ),
    style=st.sampled_from(["as written", "legato", "detached", "staccato"]),
    amount=st.floats(0.01, 2),
    seed=st.integers(0, 99),
)
def test_the_engine_itself_leaves_no_overlaps(
    rows: list[tuple[int, int, int]], style: str, amount: float, seed: int
) -> None:
    pitch, onset, duration = np.array(rows).T
    clip = Clip(Notes(pitch=pitch, onset=onset / 4, duration=duration / 4), 24.0, role="piano")
    options = {"style": style, "amount": amount}
    after = Articulation()(clip, ArticulationOptions(**options), Context((clip,), seed=seed))  # type: ignore[arg-type]
    assert not overlaps(after.notes)
    assert (after.notes.duration > 0).all()
