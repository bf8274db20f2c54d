"""Drums through the engines: hits in are hits out, whatever is dialled."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, Metre, Pad, Stage, Tempo
from engines.kit import UNMAPPED, kit_of
from engines.preset import Chain
from tests.drummer.beat import HAT, KICK, NOTHING, SNARE, TOM, part, rock
from tests.engines.any_clip import any_clip
from tests.engines.drums import BOTH, LOUD, ghosted, in_order, played, render
from tests.engines.music import piano

SEEDS = st.integers(0, 2**63 - 1)
every_engine = pytest.mark.parametrize("name", BOTH)


@given(clip=any_clip(), seed=SEEDS, loud=st.booleans())
@settings(max_examples=25)
def test_hits_in_are_hits_out(clip: Clip, seed: int, loud: bool) -> None:
    clip = clip.replace(role="drums")
    dials: dict[str, dict[str, Any]] = LOUD if loud else {name: {} for name in BOTH}
    after = render(clip, *(Stage(name, dials[name]) for name in BOTH), seed=seed).notes
    assert np.array_equal(after.pitch, clip.notes.pitch)
    assert np.array_equal(after.note_id, clip.notes.note_id)
    assert ((after.velocity >= 1) & (after.velocity <= 127)).all()
    assert (after.onset >= 0).all()
    assert (after.duration >= 0).all()


@given(clip=any_clip(), seed=SEEDS)
@settings(max_examples=25)
def test_notes_of_no_voice_are_not_touched_by_anything(clip: Clip, seed: int) -> None:
    clip = clip.replace(role="drums")
    stages = [Stage(name, LOUD[name]) for name in BOTH]
    passed = kit_of(clip).voice[clip.notes.pitch] == UNMAPPED
    after = render(clip, *stages, seed=seed)
    assert after.notes.take(passed) == clip.notes.take(passed)


@every_engine
@given(clip=any_clip(), seed=SEEDS)
@settings(max_examples=15)
def test_no_amount_is_the_clip_itself(name: str, clip: Clip, seed: int) -> None:
    clip = clip.replace(role="drums")
    assert played(name, clip, seed, amount=0.0) is clip


@every_engine
def test_the_same_seed_gives_the_same_bytes_and_another_another(name: str) -> None:
    assert played(name, rock(), 1) == played(name, rock(), 1)
    assert played(name, rock(), 1) != played(name, rock(), 2)


@every_engine
def test_a_drummer_plays_otherwise_than_the_rules(name: str) -> None:
    assert played(name, rock()) != played(f"rules.{name}", rock())


@every_engine
def test_without_variation_and_drift_all_seeds_play_the_same(name: str) -> None:
    dials: dict[str, Any] = {"variation": 0.0, **({"drift": 0.0} if name == "groove" else {})}
    assert played(name, rock(), 1, **dials) == played(name, rock(), 2, **dials)


@every_engine
def test_style_and_drummer_change_what_is_played(name: str) -> None:
    told: list[dict[str, Any]] = [{}, {"style": "jazz"}, {"style": "rock"}, {"drummer": "drummer1"}]
    takes = [played(name, ghosted(), variation=0.0, **dials) for dials in told]
    assert len({(t.notes.onset.tobytes(), t.notes.velocity.tobytes()) for t in takes}) == 4


@every_engine
def test_notes_of_no_voice_are_reported(name: str) -> None:
    said: list[str] = []
    clip = part([(0.0, KICK), (1.0, NOTHING)], name="kit")
    Chain([Stage(name)]).render((clip,), seed=1, warn=said.append)
    (sentence,) = said
    assert sentence.startswith("track kit: 1 note of 10 (A#-1) is on no voice of the kit")


@every_engine
def test_a_kit_that_is_mapped_is_played_without_a_word(name: str) -> None:
    said: list[str] = []
    clip = part([(0.0, NOTHING), (1.0, NOTHING)], pads=(Pad(NOTHING, "snare"),))
    after = Chain([Stage(name)]).render((clip,), seed=1, warn=said.append)[0]
    assert said == [""] or not said
    assert after != clip


@every_engine
def test_a_part_without_any_hit_passes_untouched(name: str) -> None:
    for clip in (part([]), part([(0.0, NOTHING), (2.0, NOTHING)])):
        assert played(name, clip).notes == clip.notes


@every_engine
def test_a_pitched_clip_sent_as_drums_is_played_as_what_its_notes_are_on_a_kit(name: str) -> None:
    clip = piano(4, role="drums")
    after = played(name, clip)
    mapped = kit_of(clip).voice[clip.notes.pitch] != UNMAPPED
    assert mapped.any()
    assert after.notes.take(~mapped) == clip.notes.take(~mapped)
    assert after.notes.take(mapped) != clip.notes.take(mapped)


@every_engine
def test_the_drummer_s_dials_leave_pitched_clips_alone(name: str) -> None:
    dials: dict[str, Any] = {"style": "jazz", "drummer": "drummer3"}
    own: dict[str, dict[str, Any]] = {
        "velocity": {"ghosts": 0.5, "accents": 2.0},
        "groove": {"tightness": 1.0, "kick_push": 30, "snare_push": 30, "hat_push": 30},
    }
    assert played(name, piano(4), **dials, **own[name]) == played(name, piano(4))


@pytest.mark.parametrize(
    "metre",
    [
        (Metre(0, 3, 4),),
        (Metre(0, 6, 8),),
        (Metre(0, 5, 4),),
        (Metre(0, 1, 16),),
        (Metre(0, 4, 4), Metre(6, 7, 8), Metre(9.5, 3, 4)),
        (Metre(3, 2, 4),),
    ],
)
@pytest.mark.parametrize("bpm", [1.0, 20.0, 120.0, 400.0, 60e6])
def test_any_metre_and_tempo_is_played_in_order(metre: tuple[Metre, ...], bpm: float) -> None:
    clip = rock(metre=metre, tempo=Tempo(time=np.zeros(1), bpm=np.array([bpm])))
    after = render(clip)
    assert after != clip
    assert in_order(clip, after)
    assert np.isfinite(after.notes.onset).all()


def test_twenty_thousand_notes_are_played_in_order() -> None:
    clip = part([(at / 50, [HAT, KICK, SNARE, TOM, NOTHING][at % 5]) for at in range(20_000)])
    after = render(clip)
    assert in_order(clip, after)
    assert np.array_equal(after.notes.pitch, clip.notes.pitch)


def test_thousands_of_notes_in_a_beat_are_played() -> None:
    hits = [(at / 8000, [HAT, KICK, SNARE, TOM][at % 4]) for at in range(8000)]
    slow = Tempo(time=np.zeros(1), bpm=np.array([2.0]))
    for clip in (part(hits), part(hits, tempo=slow)):
        after = render(clip)
        assert np.isfinite(after.notes.onset).all()


@every_engine
def test_two_hits_of_a_voice_on_one_tick_stay_together(name: str) -> None:
    hits = [(float(beat), pitch) for beat in range(8) for pitch in (35, 36)]
    after = played(name, part(hits)).notes
    assert np.array_equal(after.onset[::2], after.onset[1::2])
    assert np.array_equal(after.velocity[::2], after.velocity[1::2])


def test_a_fill_is_played_in_its_order_with_all_its_strokes() -> None:
    pitches = [SNARE] * 4 + [48] * 4 + [TOM] * 4 + [43] * 4
    fill = [(12.0 + at / 4, pitch) for at, pitch in enumerate(pitches)]
    clip = part(
        [
            *(
                (n.item(), p)
                for n, p in zip(rock(3).notes.onset, rock(3).notes.pitch.tolist(), strict=True)
            ),
            *fill,
        ]
    )
    for seed in range(4):
        after = render(clip, seed=seed)
        assert in_order(clip, after)
        strokes = after.notes.onset[clip.notes.onset >= 12.0]
        assert (np.diff(strokes) > 0).all()
