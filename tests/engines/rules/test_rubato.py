from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import Clip, Controllers, Loop, Metre, Notes, Stage, Tempo
from engines.engine import Context
from engines.preset import Chain
from engines.rules.rubato import Rubato, RubatoOptions
from tests.clips import stiff_clip

STEADY: dict[str, Any] = {"write": "tempo", "arch": 0.0, "wander": 0.0, "final": 0.0}


def bent(*clips: Clip, seed: int = 0, **options: object) -> tuple[Clip, ...]:
    return Chain([Stage("rules.rubato", options)]).render(clips, seed=seed)


def song(bars: int = 8, **fields: object) -> Clip:
    """Return a melody in quarters at 120 bpm that rests on the last beat of every fourth bar."""
    onset = np.array([beat for beat in range(4 * bars) if beat % 16 != 15], dtype=float)
    pitch = 60 + (onset.astype(int) * 5) % 7
    notes = Notes(pitch=pitch, onset=onset, duration=np.full(len(onset), 0.9))
    tempo = Tempo(time=np.zeros(1), bpm=np.full(1, 120.0))
    return Clip(notes, 4.0 * bars, tempo=tempo, role="lead").replace(**fields)


def test_a_tempo_map_leaves_the_notes_on_the_grid() -> None:
    clip = song()
    changed = bent(clip, write="tempo")[0]
    assert changed.notes == clip.notes
    assert len(changed.tempo) > len(clip.tempo)


def test_without_the_final_ritard_the_clip_lasts_as_long() -> None:
    clip = song()
    changed = bent(clip, write="tempo", final=0.0)[0]
    end = np.array(clip.length)
    assert changed.tempo.seconds(end) == pytest.approx(clip.tempo.seconds(end))


def test_a_phrase_ends_slower_than_it_peaks_by_the_arch() -> None:
    options = {**STEADY, "arch": 10.0}
    for seed in range(5):
        bpm = bent(song(), seed=seed, **options)[0].tempo.bpm
        # one phrase's arch is 10 %, give or take the spread of 25 % cut off at half a cell
        assert 1.02 < bpm.max() / bpm.min() < 1.25


def test_the_tempo_rises_into_each_phrase() -> None:
    clip = song()
    start, second = Context((clip,)).features.phrase_onset[:2]
    tempo = bent(clip, **{**STEADY, "arch": 15.0})[0].tempo
    beats = np.array([start, start + 0.4 * (second - start), second - 0.1])
    first, peak, last = tempo.at(beats)
    assert first < peak
    assert last < first


def test_the_final_ritard_follows_its_formula() -> None:
    clip = song()
    tempo = bent(clip, **{**STEADY, "final": 30.0})[0].tempo
    last = clip.notes.onset[-1]  # beat 30, the ritard takes the bar before it
    x = np.array([0.0, 0.5625, 1.0])  # cells are half a beat, their middles a quarter further
    speed = (1 + (0.7**3 - 1) * x) ** (1 / 3)
    assert tempo.at(last + np.array([-4.5, -2.0, 0.0])) / 120 == pytest.approx(speed)


def test_a_loop_has_no_final_ritard() -> None:
    clip = song(loop=Loop(0.0, 32.0))
    tempo = bent(clip, **{**STEADY, "final": 50.0})[0].tempo
    assert tempo.bpm == pytest.approx(120.0)


def test_the_tempo_map_that_was_there_is_bent_along() -> None:
    clip = song(tempo=Tempo(time=np.array([0.0, 10.25]), bpm=np.array([60.0, 90.0])))
    flat = bent(clip, **STEADY)[0].tempo
    assert flat.at(np.array([0.0, 10.2, 10.3, 30.0])) == pytest.approx([60, 60, 90, 90])


def test_bar_lines_stay_where_they_are() -> None:
    clip = song(metre=(Metre(0, 3, 4),))
    moved = bent(clip, arch=30.0)[0].notes.onset
    downbeats = clip.notes.onset % 3 == 0
    assert moved[downbeats] == pytest.approx(clip.notes.onset[downbeats], abs=1e-9)
    assert not np.allclose(moved[~downbeats], clip.notes.onset[~downbeats])


def test_phrase_starts_stay_where_they_are_between_phrases_bars_move() -> None:
    clip = song()
    starts = Context((clip,)).features.phrase_onset
    moved = bent(clip, arch=30.0, anchor="phrases")[0].notes.onset
    at_start = np.isin(clip.notes.onset, starts)
    assert moved[at_start] == pytest.approx(clip.notes.onset[at_start], abs=1e-9)
    assert np.abs(moved - clip.notes.onset).max() > 0.05


def test_notes_between_the_ends_keep_their_order() -> None:
    clip = song()
    moved = bent(clip, arch=30.0, final=80.0, wander=10.0, amount=2.0, anchor="ends")[0].notes
    assert (np.diff(moved.onset) > 0).all()
    assert moved.end.max() <= clip.length


def test_controllers_move_with_the_notes() -> None:
    clip = song()
    onset = clip.notes.onset
    wheel = Controllers(
        number=np.ones(len(onset), dtype=int), time=onset, value=np.zeros(len(onset), dtype=int)
    )
    changed = bent(clip.replace(controllers=wheel), anchor="phrases")[0]
    assert np.array_equal(changed.controllers.time, changed.notes.onset)


@pytest.mark.parametrize("anchor", ["bars", "phrases", "ends"])
def test_parts_of_a_request_stay_together(anchor: str) -> None:
    melody = song()
    bass = Notes(pitch=np.full(16, 40), onset=np.arange(16) * 2.0, duration=np.full(16, 1.5))
    parts = (Clip(bass, 32.0, role="bass"), melody, stiff_clip(64, role="drums"))
    low, high, drums = bent(*parts, anchor=anchor, seed=4)
    shared = np.isin(bass.onset, melody.notes.onset)
    rows = np.searchsorted(melody.notes.onset, bass.onset[shared])
    assert low.notes.onset[shared] == pytest.approx(high.notes.onset[rows])
    assert drums.notes.onset[::4] == pytest.approx(low.notes.onset)


@pytest.mark.parametrize("anchor", ["bars", "phrases", "ends"])
@pytest.mark.parametrize(("short", "shared"), [(4.0, 4.0), (6.0, 2.0)])
def test_parts_with_short_and_long_loops_bend_together(
    anchor: str, short: float, shared: float
) -> None:
    # 16 and 6 beats have two in common: the curve comes round with them
    piano = stiff_clip(32, role="piano", loop=Loop(0.0, 16.0))
    drums = stiff_clip(32, role="drums", loop=Loop(8.0, 8.0 + short))
    parts = bent(piano, drums, anchor=anchor, arch=30.0, wander=5.0)
    late, other = ((part.notes.onset - piano.notes.onset)[:-1] for part in parts)
    rounds = np.append(late, 0.0).reshape(-1, int(2 * shared))  # two eighths a beat
    assert np.abs(late).max() > 0.005
    assert late == pytest.approx(other, abs=1e-9)
    assert rounds[:-1] == pytest.approx(np.broadcast_to(rounds[0], rounds[:-1].shape), abs=1e-9)


def test_parts_share_one_tempo_map() -> None:
    melody = song()
    drums = stiff_clip(64, role="drums")
    one, other = bent(drums, melody, write="tempo", seed=4)
    assert one.tempo == other.tempo


def test_no_amount_is_the_clip_itself() -> None:
    clip = song()
    assert Rubato()(clip, RubatoOptions(amount=0.0), Context((clip,))) is clip


def test_twice_the_amount_bends_twice_as_far() -> None:
    options = {**STEADY, "arch": 10.0}
    spread = [np.ptp(np.log(bent(song(), amount=a, **options)[0].tempo.bpm)) for a in (1.0, 2.0)]
    assert spread[1] == pytest.approx(2 * spread[0])


def test_a_seed_is_a_performance() -> None:
    assert bent(song(), seed=1) == bent(song(), seed=1)
    assert bent(song(), seed=1) != bent(song(), seed=2)


@given(
    onsets=st.lists(st.integers(0, 255), min_size=1, max_size=40),
    anchor=st.sampled_from(["bars", "phrases", "ends"]),
    write=st.sampled_from(["notes", "tempo"]),
    arch=st.floats(0, 30),
    loop=st.sampled_from([None, Loop(3.0, 17.5)]),
)
def test_any_clip_keeps_its_length_and_its_order(
    onsets: list[int], anchor: str, write: str, arch: float, loop: Loop | None
) -> None:
    onset = np.sort(onsets) / 8
    notes = Notes(pitch=np.full(len(onset), 60), onset=onset, duration=np.full(len(onset), 0.1))
    clip = Clip(notes, 40.0, loop=loop)
    changed = bent(clip, anchor=anchor, write=write, arch=arch)[0]
    assert (np.diff(changed.notes.onset) >= 0).all()
    assert changed.length == clip.length
    if loop:
        inside = (onset >= loop.start) & (onset < loop.end)
        moved = changed.notes.onset[inside]
        assert ((moved >= loop.start) & (moved < loop.end)).all()
