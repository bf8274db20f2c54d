from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engines import Chord, Clip, Controllers, Loop, Notes, Role, Stage
from engines.engine import Context
from engines.preset import Chain
from engines.rules.pedal import Pedal, PedalOptions
from tests.clips import stiff_clip

C, F, G = (36, 60, 64, 67), (41, 60, 65, 69), (43, 59, 62, 67)
HALF = 45
"""What counts as down: presses go to between 91 and 120, and half of their way is 0.65 of it."""


def harmonies(*chords: tuple[int, ...], length: float = 2.0) -> Clip:
    """Return chords at 120 bpm, a second each."""
    pitch = np.concatenate(chords)
    start = np.repeat(np.arange(len(chords)) * length, [len(chord) for chord in chords])
    notes = Notes(pitch=pitch, onset=start, duration=np.full(len(pitch), length))
    return Clip(notes, len(chords) * length, role="piano")


def pedalled(clip: Clip, seed: int = 0, **options: object) -> Controllers:
    changed = Chain([Stage("rules.pedal", options)]).render((clip,), seed=seed)[0]
    return changed.controllers.of(64)


def presses(pedal: Controllers) -> list[tuple[float, float]]:
    """Return when the pedal is down past half depth, in beats."""
    down = pedal.value >= HALF
    change = np.diff(down.astype(int), prepend=0)
    return list(zip(pedal.time[change > 0], pedal.time[change < 0], strict=True))


def up_at(pedal: Controllers, beats: float) -> bool:
    """Return whether the pedal is up at a time."""
    before = pedal.value[pedal.time <= beats]
    return not len(before) or bool(before[-1] == 0)


def test_the_pedal_changes_with_each_harmony() -> None:
    assert len(presses(pedalled(harmonies(C, F, G, C)))) == 4


@pytest.mark.parametrize("seed", range(5))
def test_it_goes_down_after_the_chord_and_up_after_the_next(seed: int) -> None:
    found = presses(pedalled(harmonies(C, F, G, C), seed))
    for start, (down, up) in zip((0.0, 2.0, 4.0), found[:3], strict=True):
        assert start < down < start + 0.9  # 45 % of the harmony's two beats at the latest
        assert start + 2 - 0.2 < up < start + 2 + 0.3  # 0.02 s and 2 * 0.04 s after, ramp included


def test_a_repeated_harmony_needs_one_pedal() -> None:
    octave = (60, 72)
    clip = harmonies(octave, octave, octave, octave, length=0.5)
    assert len(presses(pedalled(clip))) == 1


def test_a_chord_symbol_changes_the_pedal_whatever_sounds() -> None:
    octave = (60, 72)
    clip = harmonies(octave, octave, octave, octave, length=0.5)
    assert len(presses(pedalled(clip.replace(chords=(Chord(1.0, "Am"),))))) == 2


def test_the_pedal_is_down_before_a_short_bass_note_ends() -> None:
    clip = harmonies(C, F, G, C)
    keys = np.where(clip.notes.pitch < 48, 0.2, 2.0)  # the bass is held for 0.1 s
    short = clip.replace(notes=clip.notes.replace(duration=keys))
    starts = np.array([0.0, 2.0, 4.0, 6.0])
    for seed in range(10):
        down = np.array([down for down, _ in presses(pedalled(short, seed))])
        assert (down < starts + 0.2).all()


def test_the_pedal_is_up_in_a_rest() -> None:
    pitch, onset = np.array([*C, *F]), np.repeat([0.0, 8.0], 4)
    clip = Clip(Notes(pitch=pitch, onset=onset, duration=np.full(8, 2.0)), 12.0, role="piano")
    pedal = pedalled(clip)
    assert up_at(pedal, 2.5)
    assert up_at(pedal, 7.9)


def stabs(bass: float) -> Clip:
    """Return short chords on one, and two and a half, over a bass of so many beats."""
    rows = [
        (4.0 * bar + place, pitch, length)
        for bar in range(4)
        for place, pitch, length in (
            (0.0, 40, bass), *((at, key, 0.5) for at in (0.0, 1.5) for key in (60, 64, 67)),
        )
    ]  # fmt: skip
    onset, pitch, duration = np.array(rows).T
    return Clip(Notes(pitch=pitch, onset=onset, duration=duration), 16.0, role="piano")


@pytest.mark.parametrize("seed", range(5))
def test_the_pedal_is_up_where_a_chord_stops_over_a_held_bass(seed: int) -> None:
    pedal = pedalled(stabs(bass=4.0), seed)
    # keys up at 0.5 and 2; the foot lifts 0.05 s later in 0.1 s: it is up 0.2 beats after the keys
    assert all(up_at(pedal, 4 * bar + rest) for bar in range(4) for rest in (0.9, 1.4, 2.4, 3.9))


def test_a_gap_of_less_than_half_a_beat_is_pedalled_over() -> None:
    clip = stabs(bass=2.0)
    twice_as_fast = clip.notes.replace(onset=clip.notes.onset / 2)  # chords at 0-0.5, 0.75-1.25
    assert not up_at(pedalled(clip.replace(notes=twice_as_fast)), 0.7)


def test_the_pedal_is_up_before_the_seam_of_a_loop() -> None:
    clip = harmonies(C, F, G, C).replace(loop=Loop(2.0, 6.0))
    pedal = pedalled(clip)
    assert up_at(pedal, 5.999)
    assert pedal.value[-1] == 0
    assert pedal.time.max() < 8.0


def test_the_foot_waits_for_the_seam_before_what_comes_after_the_loop() -> None:
    clip = harmonies(C, F).replace(loop=Loop(0.0, 2.0))
    keys = np.where(clip.notes.pitch < 48, 0.01, 2.0)  # the bass must be caught at once
    pedal = pedalled(clip.replace(notes=clip.notes.replace(duration=keys)))
    assert up_at(pedal, 1.999)
    assert not up_at(pedal, 2.2)


def test_a_fast_scale_gets_no_pedal() -> None:
    row = np.arange(32)
    pitch = 60 + np.where(row % 16 < 8, row % 8, 8 - row % 8)
    notes = Notes(pitch=pitch, onset=row / 4, duration=np.full(32, 0.25))  # 0.125 s apart
    assert len(pedalled(Clip(notes, 8.0, role="piano"))) == 0


def test_half_the_amount_holds_half_of_each_harmony() -> None:
    clip = harmonies(C, F, G, C)
    whole, half = (presses(pedalled(clip, amount=amount)) for amount in (1.0, 0.5))
    for (down, up), (down_too, up_too) in zip(whole, half, strict=True):
        assert down_too == pytest.approx(down)
        assert up_too - down_too == pytest.approx((up - down) / 2, abs=0.03)


def test_more_than_the_whole_amount_lifts_later() -> None:
    clip = harmonies(C, F, G, C)
    whole, more = (presses(pedalled(clip, amount=amount)) for amount in (1.0, 2.0))
    assert all(late[1] > early[1] for early, late in zip(whole[:3], more[:3], strict=True))


def test_ramps_move_through_half_pedal() -> None:
    assert len(np.unique(pedalled(harmonies(C, F)).value)) > 4


def test_without_ramps_there_is_one_event_each_way() -> None:
    pedal = pedalled(harmonies(C, F), ramps=False)
    assert len(pedal) == 4
    assert (pedal.value[1::2] == 0).all()


def test_depth_is_never_exceeded() -> None:
    assert pedalled(harmonies(C, F, G, C), depth=80).value.max() <= 80


def test_the_players_own_pedal_stays() -> None:
    own = Controllers(number=np.array([64, 64]), time=np.array([0.0, 1.0]), value=np.array([90, 0]))
    assert pedalled(harmonies(C, F).replace(controllers=own)) == own


def test_the_players_own_pedal_is_replaced_on_request() -> None:
    own = Controllers(number=np.array([64]), time=np.array([0.5]), value=np.array([99]))
    clip = harmonies(C, F)
    replaced = pedalled(clip.replace(controllers=own), replace=True)
    assert replaced == pedalled(clip)


def own_pedal(clip: Clip, *times: float) -> Clip:
    """Return the clip with a pedal that goes down and up in turn."""
    value = np.where(np.arange(len(times)) % 2, 0, 127)
    number = np.full(len(times), 64)
    return clip.replace(controllers=Controllers(number=number, time=np.array(times), value=value))


def test_a_replacing_pedal_too_small_for_any_press_leaves_the_player_s_own() -> None:
    clip = own_pedal(harmonies(C, F, G, C), 0.0, 7.9)
    assert pedalled(clip, replace=True, amount=0.01) == clip.controllers


def test_a_replacing_pedal_leaves_the_player_s_own_where_it_has_no_press() -> None:
    # of the second chord's two seconds 5 % outlast the dampers' 0.08 s, of the others' one they
    # do not
    chords = harmonies(C, F, G, C)
    later = chords.notes.onset + 2.0 * (chords.notes.onset > 2)
    longer = np.where(chords.notes.onset == 2, 4.0, 2.0)
    clip = chords.replace(notes=chords.notes.replace(onset=later, duration=longer), length=10.0)
    pedal = pedalled(own_pedal(clip, 0.0, 7.9), replace=True, amount=0.05, ramps=False)
    assert pedal.time[[0, 1, 4, 5]] == pytest.approx([0.0, 2.0, 6.0, 7.9])
    assert pedal.value[[0, 1, 4, 5]].tolist() == [127, 0, 127, 0]
    assert 2.0 < pedal.time[2] < pedal.time[3] < 3.0


@given(amount=st.floats(0.01, 0.99), seed=st.integers(0, 99), ramps=st.booleans())
def test_a_replacing_pedal_never_hangs_below_the_whole_amount(
    amount: float, seed: int, ramps: bool
) -> None:
    clip = own_pedal(harmonies(C, F, G, C), 0.5, 1.9, 2.5, 3.9, 4.5, 7.9)
    pedal = pedalled(clip, seed, replace=True, amount=amount, ramps=ramps)
    assert (np.diff(pedal.time) >= 0).all()
    assert pedal.value[-1] == 0


def test_other_controllers_stay_and_times_rise() -> None:
    wheel = Controllers(
        number=np.ones(9, dtype=int), time=np.arange(9.0) / 2, value=np.arange(9) * 10
    )
    clip = harmonies(C, F).replace(controllers=wheel)
    changed = Chain([Stage("rules.pedal")]).render((clip,), seed=0)[0].controllers
    assert changed.of(1) == wheel
    assert (np.diff(changed.time) >= 0).all()


@pytest.mark.parametrize("role", ["bass", "drums", "strings", "lead"])
def test_instruments_without_a_pedal_get_none(role: Role) -> None:
    clip = harmonies(C, F).replace(role=role)
    assert Pedal()(clip, PedalOptions(), Context((clip,))) is clip


def test_any_role_may_have_a_pedal_on_request() -> None:
    assert len(pedalled(harmonies(C, F).replace(role="strings"), roles="any")) > 0


def test_no_amount_and_no_notes_are_the_clip_itself() -> None:
    clip, empty = stiff_clip(), Clip(Notes(), 4.0, role="piano")
    assert Pedal()(clip, PedalOptions(amount=0.0), Context((clip,))) is clip
    assert Pedal()(empty, PedalOptions(), Context((empty,))) is empty


def test_a_seed_is_a_performance() -> None:
    clip = harmonies(C, F, G, C)
    assert pedalled(clip, 1) == pedalled(clip, 1)
    assert pedalled(clip, 1) != pedalled(clip, 2)


def test_the_notes_are_untouched() -> None:
    clip = harmonies(C, F, G, C)
    assert Chain([Stage("rules.pedal")]).render((clip,), seed=0)[0].notes == clip.notes


@given(
    rows=st.lists(
        st.tuples(st.integers(21, 108), st.integers(0, 127), st.integers(0, 32)),
        min_size=1,
        max_size=60,
    ),
    amount=st.floats(0.01, 2),
    depth=st.floats(0, 127),
    loop=st.sampled_from([None, Loop(0.0, 8.0), Loop(4.0, 20.0)]),
    seed=st.integers(0, 99),
)
def test_any_clip_gets_a_pedal_that_ends_up(
    rows: list[tuple[int, int, int]], amount: float, depth: float, loop: Loop | None, seed: int
) -> None:
    pitch, onset, duration = np.array(rows).T
    notes = Notes(pitch=pitch, onset=onset / 4, duration=duration / 8)
    clip = Clip(notes, 32.0, role="piano", loop=loop)
    options: dict[str, Any] = {"amount": amount, "depth": depth}
    pedal = pedalled(clip, seed, **options)
    assert (np.diff(pedal.time) >= 0).all()
    assert pedal.time.max(initial=0) <= clip.length
    assert pedal.value[-1:].sum() == 0
    assert up_at(pedal, np.nextafter(clip.region()[1], 0))


def test_stabs_stay_dry() -> None:
    stabs = harmonies(C, F, G, C)
    dry = stabs.replace(notes=stabs.notes.replace(duration=np.full(len(stabs.notes), 0.25)))
    assert len(pedalled(dry)) == 0
    assert len(pedalled(stabs)) > 0
