from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engines import (
    CancelledError,
    Clip,
    EngineError,
    Loop,
    Metre,
    Notes,
    OptionError,
    Stage,
    Target,
)
from engines.engine import reads
from engines.kit import HIGH_TOM, LOW_TOM, SNARE, kit_of
from engines.preset import Chain
from engines.registry import find
from tests.clips import stiff_clip
from tests.engines.any_clip import any_clip, any_target, overlaps
from tests.writer.beats import beat


def filled(clip: Clip, seed: int = 1, target: Target | None = None, **options: Any) -> Clip:
    return Chain([Stage("fill", options)]).render((clip,), seed=seed, target=target or Target())[0]


def before(clip: Clip, time: float) -> Notes:
    return clip.notes.take(clip.notes.onset < time)


def drummed(clip: Clip, start: float) -> int:
    """Return how many strokes snare and toms have from a time in beats on."""
    voice = kit_of(clip).voice[clip.notes.pitch]
    hands = (voice == SNARE) | ((voice >= LOW_TOM) & (voice <= HIGH_TOM))
    return int((hands & (clip.notes.onset >= start)).sum())


def test_the_last_beats_are_other_and_the_ones_before_stay_byte_for_byte() -> None:
    clip = beat(4)
    after = filled(clip)
    assert before(after, 14.0) == before(clip, 14.0)
    assert after.notes != clip.notes
    assert after.notes.onset.max() < 16.0
    assert after.length == clip.length


@pytest.mark.parametrize("beats", [1, 4, 8])
def test_as_many_beats_are_replaced_as_asked(beats: int) -> None:
    after = filled(beat(4), beats=beats)
    assert before(after, 16.0 - beats) == before(beat(4), 16.0 - beats)
    replaced = after.notes.take(after.notes.onset >= 16.0 - beats)
    assert not np.isin(replaced.note_id, beat(4).notes.note_id).any()


def test_a_fill_has_more_snare_and_toms_than_the_beat() -> None:
    fills = [drummed(filled(beat(4), seed), 14.0) for seed in range(8)]
    assert np.mean(fills) >= 3 * drummed(beat(4), 14.0)  # the beat has one


def test_a_fill_ends_with_the_loop() -> None:
    clip = beat(4, loop=Loop(0.0, 8.0))
    after = filled(clip)
    assert before(after, 6.0) == before(clip, 6.0)
    assert after.notes.take(after.notes.onset >= 8.0) == clip.notes.take(clip.notes.onset >= 8.0)
    assert not np.isin(
        after.notes.note_id[(after.notes.onset >= 6) & (after.notes.onset < 8)], clip.notes.note_id
    ).any()


def test_a_fill_ends_with_the_target() -> None:
    clip, target = beat(4), Target(4.0, 12.0)
    after = filled(clip, target=target)
    new = ~np.isin(after.notes.note_id, clip.notes.note_id)
    assert new.any()
    assert after.notes.onset[new].min() >= 10.0
    assert after.notes.onset[new].max() < 12.0
    kept = (clip.notes.onset < 10.0) | (clip.notes.onset >= 12.0)
    ids = np.sort(after.notes.note_id[~new])
    assert ids.tolist() == clip.notes.note_id[kept].tolist()


def test_a_stroke_that_anticipates_the_next_bar_stays() -> None:
    clip = beat(4)
    early = clip.notes.replace(
        onset=np.append(clip.notes.onset[:-1], 15.98), pitch=np.append(clip.notes.pitch[:-1], 49)
    )
    after = filled(clip.replace(notes=early))
    assert 15.98 in after.notes.onset.tolist()


def test_a_stroke_just_before_the_fill_is_not_struck_again() -> None:
    clip = beat(4)
    kick = (clip.notes.pitch == 36) & (clip.notes.onset == 14.0)
    early = clip.replace(notes=clip.notes.replace(onset=np.where(kick, 13.97, clip.notes.onset)))
    for seed in range(6):
        after = filled(early, seed)
        kicks = after.notes.onset[after.notes.pitch == 36]
        assert not ((kicks > 13.97) & (kicks < 14.1)).any()


def test_percussion_unknown_notes_and_muted_ones_stay() -> None:
    clip = beat(4)
    pitch, mute = clip.notes.pitch.copy(), clip.notes.mute.copy()
    pitch[-1], pitch[-2], mute[-3] = 54, 20, 1  # tambourine, nothing of General MIDI
    notes = clip.notes.replace(pitch=pitch, mute=mute)
    after = filled(clip.replace(notes=notes))
    rows = np.searchsorted(after.notes.note_id[: len(notes)], notes.note_id[-3:])
    assert after.notes.take(rows) == notes.take(np.arange(len(notes) - 3, len(notes)))


def test_new_strokes_have_the_note_numbers_of_the_clip() -> None:
    clip = beat(4)
    rims = clip.replace(
        notes=clip.notes.replace(pitch=np.where(clip.notes.pitch == 38, 40, clip.notes.pitch))
    )
    snares = np.concatenate([filled(rims, seed).notes.pitch for seed in range(4)])
    assert 40 in snares
    assert 38 not in snares


def test_the_same_seed_fills_the_same_and_another_does_not() -> None:
    one, again, other = (filled(beat(4), seed) for seed in (1, 1, 2))
    assert one == again
    assert one.notes != other.notes


def test_at_temperature_0_all_takes_are_the_same() -> None:
    assert filled(beat(4), 1, temperature=0) == filled(beat(4), 2, temperature=0)


def test_more_density_is_more_strokes() -> None:
    dense = [
        np.mean([len(filled(beat(4), seed, density=dial, beats=4).notes) for seed in range(4)])
        for dial in (0.25, 0.5, 1.0, 2.0)
    ]
    assert dense == sorted(dense)


@pytest.mark.parametrize(("metre", "bar"), [((3, 4), 3.0), ((6, 8), 3.0), ((5, 4), 5.0)])
def test_beats_are_those_of_the_metre(metre: tuple[int, Any], bar: float) -> None:
    clip = beat(4, metre=(Metre(0.0, *metre),), length=4 * bar)
    clip = clip.replace(notes=before(clip, 4 * bar))
    felt = 1.5 if metre == (6, 8) else 1.0
    after = filled(clip, beats=2)
    start = 4 * bar - 2 * felt
    assert before(after, start) == before(clip, start)
    assert not np.isin(after.notes.note_id[after.notes.onset >= start], clip.notes.note_id).any()


@pytest.mark.parametrize("beats", [4, 8])
def test_a_clip_no_longer_than_the_fill_is_refused(beats: int) -> None:
    with pytest.raises(OptionError, match=f"beats is {beats}, allowed are less than the 4 beats"):
        filled(beat(1), beats=beats)


def test_a_pitched_clip_is_refused() -> None:
    with pytest.raises(EngineError, match="plays piano, allowed for a fill are drums"):
        filled(stiff_clip(16))


def test_drums_without_a_stroke_are_refused() -> None:
    with pytest.raises(EngineError, match="no strokes of a drum kit"):
        filled(Clip(Notes(), 16.0, role="drums"))
    lone = Notes(pitch=np.array([20]), onset=np.zeros(1), duration=np.ones(1))
    with pytest.raises(EngineError, match="no strokes of a drum kit"):
        filled(Clip(lone, 16.0, role="drums"))


def test_progress_rises_to_1_and_a_cancelled_fill_ends() -> None:
    told: list[float] = []
    Chain([Stage("fill")]).render((beat(4),), seed=1, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0

    def cancel(fraction: float) -> None:
        raise CancelledError(fraction)

    with pytest.raises(CancelledError):
        Chain([Stage("fill")]).render((beat(4),), seed=1, progress=cancel)


def test_doors_know_that_it_reads_drums() -> None:
    assert reads(find("fill")) == "drums"


@settings(max_examples=12)
@given(clip=any_clip(least=1), target=any_target())
def test_any_clip_is_filled_within_the_contract_or_refused(clip: Clip, target: Target) -> None:
    try:
        after = filled(clip, target=target)
    except EngineError:
        return
    new = ~np.isin(after.notes.note_id, clip.notes.note_id)
    assert not any(new[first] and new[second] for first, second in overlaps(after.notes))
    assert target.covers(after.notes.onset[new]).all()
    assert (after.notes.onset[new] < clip.length).all()
