from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import (
    CancelledError,
    Clip,
    EngineError,
    Loop,
    Metre,
    Notes,
    Stage,
    Target,
)
from engines.clip import Pad, Tempo
from engines.drumify import Drumify, DrumifyOptions
from engines.engine import Context, reads
from engines.error import WeightsError
from engines.kit import KICK, SNARE, kit_of
from engines.lender import Lender
from engines.preset import Chain
from engines.registry import find
from engines.writer.network import Network
from tests.engines.any_clip import any_clip, any_target, overlaps
from tests.writer.beats import beat, tapped

TRESILLO = "x..x..x." * 4


def drums(clip: Clip, seed: int = 1, **options: Any) -> Clip:
    return Chain([Stage("drumify", options)]).render((clip,), seed=seed)[0]


def strokes_a_beat(clip: Clip, **options: Any) -> float:
    parts = [drums(clip, seed, **options) for seed in range(3)]
    return float(np.mean([len(part.notes) / part.length for part in parts]))


def on_taps(part: Clip, taps: Clip, shift: float = 0.0) -> float:
    """Return the share of kicks and snares on the beats of taps that come later by a shift."""
    voice = kit_of(part).voice[part.notes.pitch]
    onset = part.notes.onset[np.isin(voice, (KICK, SNARE))]
    return float(np.isin(onset, (taps.notes.onset + shift) % taps.length).mean())


def test_a_bass_line_gets_drums_as_long_as_it() -> None:
    part = drums(tapped(TRESILLO))
    assert part.role == "drums"
    assert part.length == 8.0  # 32 sixteenths
    assert {KICK, SNARE} <= set(kit_of(part).voice[part.notes.pitch].tolist())
    assert part.notes.onset.max() < 8.0


def test_the_bass_itself_is_not_in_the_part() -> None:
    part = drums(tapped(TRESILLO, channel=3, program=33))
    assert not np.isin(part.notes.note_id, tapped(TRESILLO).notes.note_id).any()
    assert (part.channel, part.program, len(part.controllers)) == (None, None, 0)


def test_kick_and_snare_go_with_the_rhythm() -> None:
    taps = tapped("x.....x...x....." * 4)
    parts = [drums(taps, seed) for seed in range(8)]
    with_taps = np.mean([on_taps(part, taps) for part in parts])
    elsewhere = np.mean([on_taps(part, taps, shift) for part in parts for shift in (0.25, 0.75)])
    assert with_taps > 3 * elsewhere


def test_more_density_is_more_strokes() -> None:
    dense = [strokes_a_beat(tapped(TRESILLO), density=dial) for dial in (0.25, 0.5, 1.0, 2.0)]
    assert dense == sorted(dense)
    assert dense[-1] > 4 * dense[0]  # eight times as many are asked for


@pytest.mark.parametrize("temperature", [0.0, 0.7, 1.5])
def test_density_is_kept_at_any_temperature(temperature: float) -> None:
    usual = strokes_a_beat(tapped(TRESILLO))
    assert strokes_a_beat(tapped(TRESILLO), temperature=temperature) == pytest.approx(
        usual, rel=0.3
    )


def test_the_same_seed_writes_the_same_and_another_seed_does_not() -> None:
    one, again, other = (drums(tapped(TRESILLO), seed) for seed in (1, 1, 2))
    assert one == again
    assert one.notes != other.notes


def test_at_temperature_0_all_takes_are_the_same() -> None:
    one, other = (drums(tapped(TRESILLO), seed, temperature=0) for seed in (1, 2))
    assert one == other


def test_a_rhythm_is_repeated_for_as_many_bars_as_asked() -> None:
    part = drums(tapped("x..x..x...x.x..."), bars=4)
    assert part.length == 16.0
    assert part.notes.onset.max() >= 12.0


def test_the_loop_alone_is_heard_and_written_to() -> None:
    part = drums(tapped(TRESILLO, loop=Loop(1.5, 6.5)))
    assert part.notes.onset.min() >= 1.5
    assert part.notes.onset.max() < 6.5
    assert (part.length, part.loop) == (8.0, Loop(1.5, 6.5))


def test_a_clip_without_notes_gets_a_beat() -> None:
    part = drums(Clip(Notes(), 8.0), bars=4)
    assert part.length == 16.0
    assert len(part.notes) > 16


def test_strokes_of_a_drum_clip_stay_and_other_voices_join() -> None:
    clip = tapped("x.......x......." * 2, role="drums")
    kicks = clip.replace(notes=clip.notes.replace(pitch=np.full(4, 36)))
    part = drums(kicks)
    assert part.notes.take(np.arange(4)) == kicks.notes
    new = kit_of(part).voice[part.notes.pitch[4:]]
    assert len(new)
    assert KICK not in new


def test_repeated_bars_repeat_the_strokes_that_stay() -> None:
    part = drums(beat(1), bars=2)
    kicks = part.notes.onset[part.notes.pitch == 36]
    assert sorted(kicks.tolist()) == [0.0, 2.0, 4.0, 6.0]


def test_a_kit_whose_voices_all_play_is_left_alone_and_told() -> None:
    pitch = np.array([36, 38, 42, 46, 43, 45, 48, 49, 51])
    notes = Notes(pitch=pitch, onset=np.arange(9.0), duration=np.full(9, 0.25))
    clip, told = Clip(notes, 12.0, role="drums"), list[str]()
    after = Chain([Stage("drumify")]).render((clip,), seed=1, warn=told.append)[0]
    assert after == clip
    assert "keep off writes another part" in told[0]


def test_without_keep_a_drum_clip_is_a_rhythm_like_others() -> None:
    part = drums(beat(2), keep=False)
    assert not np.isin(part.notes.note_id, beat(2).notes.note_id).any()


def test_fills_come_at_the_end_of_so_many_bars() -> None:
    def louder(part: Clip) -> float:
        voice, onset = kit_of(part).voice[part.notes.pitch], part.notes.onset
        hands = np.isin(voice, (SNARE, 4, 5, 6))
        last = hands & (onset % 16 >= 14)
        return float(last.sum()) - float((hands & (onset % 16 >= 6) & (onset % 16 < 8)).sum())

    filled = [louder(drums(beat(1), seed, bars=16, fills=4, keep=False)) for seed in range(4)]
    assert np.mean(filled) > 4  # of 4 fills each


@pytest.mark.parametrize(
    ("metre", "bar"), [((3, 4), 3.0), ((6, 8), 3.0), ((5, 4), 5.0), ((7, 8), 3.5)]
)
def test_other_metres_are_written_in(metre: tuple[int, Any], bar: float) -> None:
    part = drums(Clip(Notes(), bar, metre=(Metre(0.0, *metre),)), bars=8)
    place = (part.notes.onset % bar) * 24
    assert part.length == 8 * bar
    assert place == pytest.approx(np.rint(place), abs=1e-6)  # all on steps of the bar


def test_a_pad_that_is_not_on_the_rack_is_not_played() -> None:
    pads = (Pad(60, "kick"), Pad(61, "snare"), Pad(62, "closed hat"))
    part = drums(Clip(Notes(), 8.0, pads=pads), bars=4)
    assert set(part.notes.pitch.tolist()) == {60, 61, 62}


def test_triplets_are_followed_in_triplets() -> None:
    part = drums(tapped("x.x" * 16, step=1 / 3))
    assert part.notes.onset * 3 == pytest.approx(np.rint(part.notes.onset * 3))


def test_a_part_that_would_be_too_long_is_refused() -> None:
    with pytest.raises(EngineError, match="allowed are up to 4000"):
        drums(Clip(Notes(), 5000.0))


def test_progress_rises_to_1_and_a_cancelled_part_ends() -> None:
    told: list[float] = []
    Chain([Stage("drumify")]).render((tapped(TRESILLO),), seed=1, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0

    def cancel(fraction: float) -> None:
        if fraction > 0.02:
            raise CancelledError

    with pytest.raises(CancelledError):
        Chain([Stage("drumify")]).render((tapped(TRESILLO),), seed=1, progress=cancel)


def test_notes_outside_the_target_stay_byte_for_byte() -> None:
    clip, target = beat(4), Target(4.0, 8.0)
    after = Chain([Stage("drumify")]).render((clip,), seed=1, target=target)[0]
    outside = ~target.covers(clip.notes.onset)
    assert after.notes.take(np.arange(outside.sum())) == clip.notes.take(outside)


def test_without_weights_the_fault_is_told(tmp_path: Any) -> None:
    clip = tapped(TRESILLO)
    with pytest.raises(WeightsError, match="install yuragi again"):
        Drumify(Lender(tmp_path / "none.npz", Network))(clip, DrumifyOptions(), Context((clip,)))


def test_doors_know_that_it_reads_a_clip() -> None:
    assert reads(find("drumify")) == "auto"


def test_a_fast_tempo_and_a_slow_one_are_written_to() -> None:
    for bpm in (20.0, 900.0):
        clip = tapped(TRESILLO, tempo=Tempo(time=np.zeros(1), bpm=np.full(1, bpm)))
        assert len(drums(clip).notes)


@settings(max_examples=12)
@given(clip=any_clip(), target=any_target(), keep=st.booleans())
def test_any_clip_gets_drums_that_keep_the_contract(clip: Clip, target: Target, keep: bool) -> None:
    options = {"keep": keep, "temperature": 0.5}
    after = Chain([Stage("drumify", options)]).render((clip,), seed=1, target=target)[0]
    new = ~np.isin(after.notes.note_id, clip.notes.note_id)
    pairs = overlaps(after.notes)
    assert not any(new[first] and new[second] for first, second in pairs)
    assert (after.notes.duration[new] > 0).all()
