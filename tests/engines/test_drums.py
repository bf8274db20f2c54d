"""Drums through the engines: hits in are hits out, whatever is dialled."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, Loop, Metre, Pad, Stage, Tempo
from engines.drummer.hits import chords, read_hits
from engines.engine import Context
from engines.features import Features
from engines.kit import SNARE as SNARE_VOICE
from engines.kit import UNMAPPED, kit_of
from engines.performance.weights import Library
from engines.preset import Chain
from engines.velocity import Velocity, VelocityOptions
from tests.drummer.beat import CRASH, HAT, KICK, NOTHING, PEDAL, RIDE, SNARE, TOM, part, rock
from tests.drummer.fake_player import FakePlayer
from tests.engines.any_clip import any_clip
from tests.engines.music import piano

BEAT_MS = 500.0
"""The music is at 120 bpm, where none is given."""

BOTH = ("velocity", "groove")
GRID: dict[str, Any] = {"tightness": 1.0, "drift": 0.0}
"""Options with which nothing is late."""

SEEDS = st.integers(0, 2**63 - 1)
every_engine = pytest.mark.parametrize("name", BOTH)


def render(clip: Clip, *stages: Stage, seed: int = 5) -> Clip:
    return Chain(stages or map(Stage, BOTH)).render((clip,), seed=seed)[0]


def played(name: str, clip: Clip, seed: int = 5, **dials: Any) -> Clip:
    return render(clip, Stage(name, dials), seed=seed)


def loudness(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    return played("velocity", clip, seed, **dials).notes.velocity


def late_ms(clip: Clip, seed: int = 5, **dials: Any) -> np.ndarray:
    after = played("groove", clip, seed, **dials)
    return (after.notes.onset - clip.notes.onset) * BEAT_MS


def ghosted(bars: int = 8) -> Clip:
    """Return a funk beat: sixteenths on the hat, backbeats, and soft strokes between them."""
    hits = [(bar * 4 + at, KICK) for bar in range(bars) for at in (0.0, 1.5, 2.5)]
    hits += [(bar * 4 + at, SNARE) for bar in range(bars) for at in (1.0, 3.0)]
    hits += [(bar * 4 + at, SNARE) for bar in range(bars) for at in (0.75, 1.75, 2.25, 3.75)]
    hits += [(bar * 4 + at / 4, HAT) for bar in range(bars) for at in range(16)]
    return part(sorted(hits))


def is_voice(clip: Clip, *pitches: int) -> np.ndarray:
    return np.isin(clip.notes.pitch, pitches)


def in_order(before: Clip, after: Clip) -> bool:
    """Return whether all that is struck at one moment comes before all of the next."""
    hits, time = read_hits(Features(before)), Features(before).onset_s
    chord = chords(time[hits.row])
    of_note = chord[hits.of_note[hits.mapped]]
    onset = after.notes.onset[hits.mapped]
    first, last = np.full((2, len(chord)), [[np.inf], [-np.inf]])
    np.minimum.at(first, of_note, onset)
    np.maximum.at(last, of_note, onset)
    count = int(chord.max(initial=-1)) + 1
    return bool((first[1:count] >= last[: count - 1] - 1e-9).all())


LOUD: dict[str, dict[str, Any]] = {
    "velocity": {"amount": 2, "variation": 2, "ghosts": 2, "accents": 2, "range": 126},
    "groove": {
        "amount": 2,
        "variation": 2,
        "tightness": 0,
        "drift": 30,
        "push": 50,
        "swing": 75,
        "kick_push": 50,
        "snare_push": -50,
        "hat_push": 50,
        "tom_push": -50,
    },
}
"""All dials turned up."""


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


@given(any_clip(least=2, pitch=st.sampled_from([KICK, SNARE, HAT, PEDAL, TOM])), SEEDS)
@settings(max_examples=25)
def test_no_hit_overtakes_another_whatever_is_dialled(clip: Clip, seed: int) -> None:
    clip = clip.replace(role="drums", loop=None)
    assert in_order(clip, played("groove", clip, seed, **LOUD["groove"]))


def test_no_hit_of_swung_sixteenths_overtakes_another() -> None:
    clip = ghosted()
    for seed in range(4):
        dials: dict[str, Any] = {
            "swing": 75.0,
            "swing_grid": "16th",
            "amount": 2.0,
            "kick_push": 50.0,
        }
        after = played("groove", clip, seed, tightness=0.0, **dials)
        assert in_order(clip, after)


@every_engine
def test_two_hits_of_a_voice_on_one_tick_stay_together(name: str) -> None:
    hits = [(float(beat), pitch) for beat in range(8) for pitch in (35, 36)]
    after = played(name, part(hits)).notes
    assert np.array_equal(after.onset[::2], after.onset[1::2])
    assert np.array_equal(after.velocity[::2], after.velocity[1::2])


@pytest.mark.parametrize("dials", [{}, {"swing": 70.0}, {"push": 20.0, "drift": 30.0}])
def test_flams_keep_their_distance(dials: dict[str, Any]) -> None:
    grace = 18 / BEAT_MS
    hits = [
        (bar + at - ahead, SNARE) for bar in range(1, 9) for at in (0, 0.5) for ahead in (grace, 0)
    ]
    clip = part(hits, [50.0, 100.0] * 16)
    after = played("groove", clip, **dials).notes.onset
    assert np.diff(after)[::2] == pytest.approx(grace)


def test_the_grace_notes_of_a_flam_are_softer_than_their_strokes() -> None:
    hits = [(beat - ahead, SNARE) for beat in range(1, 9) for ahead in (0.03, 0.0)]
    written_alike, written_softer = part(hits, 100.0), part(hits, [50.0, 100.0] * 8)
    for clip in (written_alike, written_softer):
        velocity = loudness(clip)
        assert (velocity[::2] < velocity[1::2]).all()


@pytest.mark.parametrize("edge", ["hold", "wrap"])
def test_nothing_leaves_a_loop(edge: str) -> None:
    clip = rock(4, loop=Loop(4.0, 12.0))
    inside = (clip.notes.onset >= 4) & (clip.notes.onset < 12)
    for seed in range(4):
        after = played("groove", clip, seed, edge=edge, amount=2.0, tightness=0.0).notes.onset
        assert ((after >= 4) & (after < 12)).tolist() == inside.tolist()


def test_the_timing_of_a_loop_closes() -> None:
    # eighths of a kick: what comes last is as near to what comes first as others are
    clip = part([(at / 4, KICK) for at in range(32)], length=8.0, loop=Loop(0.0, 8.0))
    late = np.array(
        [late_ms(clip, seed, edge="wrap", drift=20.0, tightness=1.0) for seed in range(20)]
    )
    late = np.mod(late + 2000.0, 4000.0) - 2000.0  # wrapped round the loop of 8 beats
    steps = np.abs(np.diff(late, axis=1))
    assert np.abs(late[:, 0] - late[:, -1]).mean() < 2 * steps.mean()


def test_tightness_of_1_is_the_grid() -> None:
    assert late_ms(rock(), **GRID) == pytest.approx(0.0, abs=1e-6)


def test_tightness_draws_hits_in() -> None:
    loose, tight = (
        np.std(late_ms(rock(8), tightness=much, drift=0.0, variation=1.0)) for much in (0.0, 0.7)
    )
    assert tight == pytest.approx(0.3 * loose, rel=0.15)


@pytest.mark.parametrize(
    ("dial", "pitches"),
    [
        ("kick_push", (KICK,)),
        ("snare_push", (SNARE,)),
        ("hat_push", (HAT, PEDAL, 46)),
        ("tom_push", (TOM,)),
        ("cymbal_push", (CRASH, RIDE)),
    ],
)
def test_a_push_moves_one_part_of_the_kit_by_so_many_ms(
    dial: str, pitches: tuple[int, ...]
) -> None:
    kit = [KICK, SNARE, HAT, PEDAL, 46, TOM, CRASH, RIDE]
    clip = part([(1.0 + beat, pitch) for beat in range(4) for pitch in kit])
    meant = np.where(is_voice(clip, *pitches), 12.0, 0.0)
    leaning: dict[str, Any] = {**GRID, dial: 12.0}
    assert late_ms(clip, **leaning) == pytest.approx(meant, abs=1e-6)
    half = late_ms(clip, amount=0.5, **leaning)
    assert half == pytest.approx(0.5 * meant, abs=1e-6)


def test_push_moves_the_whole_kit() -> None:
    clip = rock()
    assert late_ms(clip, push=15.0, **GRID) == pytest.approx(15.0)


def test_swing_swings_the_kit() -> None:
    clip = rock()
    offbeat = np.mod(clip.notes.onset, 1.0) == 0.5
    # 60 % of a beat are 0.1 beats, 50 ms, more than the half
    meant = np.where(offbeat, 50.0, 0.0)
    assert late_ms(clip, swing=60.0, **GRID) == pytest.approx(meant, abs=1e-6)


def test_a_band_with_drums_drifts_together() -> None:
    band = (rock(8), piano(8, role="bass"))
    dials = {"drift": 20.0, "tightness": 1.0, "deviation": 0.0, "asynchrony": 0.0}
    drums, bass = Chain([Stage("groove", dials)]).render(band, seed=3)
    late = [
        np.interp(np.arange(1, 32), before.notes.onset, after.notes.onset - before.notes.onset)
        for before, after in zip(band, (drums, bass), strict=True)
    ]
    assert np.corrcoef(late)[0, 1] > 0.8


def test_soft_strokes_are_played_between_backbeats() -> None:
    clip = ghosted()
    backbeat = is_voice(clip, SNARE) & np.isin(np.mod(clip.notes.onset, 4.0), (1.0, 3.0))
    others = is_voice(clip, SNARE) & ~backbeat
    velocity = loudness(clip, variation=0.0)
    assert velocity[backbeat].mean() > velocity[others].mean() + 20


class OneDrummer(Library):
    """Lend one player, whatever there is a file of."""

    def __init__(self, player: FakePlayer) -> None:
        super().__init__()
        self._player = player

    def lend_drummer(self) -> Any:
        return self._player


def struck(clip: Clip, player: FakePlayer, **dials: Any) -> np.ndarray:
    """Return the velocities that a player's expectations make."""
    engine, options = Velocity(OneDrummer(player)), VelocityOptions(variation=0.0, **dials)
    return engine(clip, options, Context((clip,), engine="velocity")).notes.velocity


def soft_between(voice: np.ndarray, beats: np.ndarray) -> np.ndarray:
    """Expect soft strokes of the snare between beats, and of hats between eighths."""
    ghost = (voice == SNARE_VOICE) & (beats % 1.0 != 0)
    return np.where(ghost, 40.0, np.where(beats % 0.5 == 0, 100.0, 80.0))


def test_ghosts_says_how_loud_ghost_notes_are() -> None:
    clip, player = ghosted(), FakePlayer(velocity=soft_between, width=2.0)
    soft, plain, loud = (struck(clip, player, ghosts=much) for much in (0.5, 1.0, 1.5))
    ghosts = is_voice(clip, SNARE) & (clip.notes.onset % 1.0 != 0)
    assert (soft[ghosts] < plain[ghosts]).all()
    assert (loud[ghosts] > plain[ghosts]).all()
    assert np.array_equal(soft[~ghosts], plain[~ghosts])


def test_accents_says_how_far_strokes_differ() -> None:
    clip, player = ghosted(), FakePlayer(velocity=soft_between, width=2.0)
    flat, plain, deep = (
        np.ptp(struck(clip, player, accents=much)[is_voice(clip, HAT)]) for much in (0.0, 1.0, 1.5)
    )
    assert flat < 1 < plain < deep


def test_written_dynamics_are_kept_unless_they_are_to_be_replaced() -> None:
    clip, player = rock(8), FakePlayer(velocity=soft_between, width=2.0)
    offbeat = is_voice(clip, HAT) & (clip.notes.onset % 2.0 == 0.5)
    written = clip.replace(notes=clip.notes.replace(velocity=np.where(offbeat, 60.0, 100.0)))
    kept, replaced = (struck(written, player, keep_accents=keep) for keep in (True, False))
    assert kept[offbeat] == pytest.approx(60.0, abs=5.0)
    assert np.array_equal(replaced, struck(clip, player, keep_accents=False))


def test_range_limits_the_span() -> None:
    clip = ghosted()
    change = loudness(clip, range=10.0) - clip.notes.velocity
    assert np.ptp(change) <= 10


def test_whole_velocities_stay_whole_and_others_do_not() -> None:
    whole, free = loudness(rock()), loudness(rock(velocity=80.25))
    assert np.array_equal(whole, np.rint(whole))
    assert not np.array_equal(free, np.rint(free))


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


def test_the_loudest_of_a_performance_are_not_all_at_the_top() -> None:
    takes = [loudness(rock(velocity=127.0), seed) for seed in range(4)]
    assert np.mean([loud == 127 for loud in takes]) < 0.3
