"""The engine plays a clip as the profile's player would, and says what does not fit."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.midi_file import read_song
from engines import Clip, EngineError, Loop, Metre, OptionError
from engines.option import allowed, read_options, schema
from engines.preset import Chain
from engines.profile.extract import extract
from engines.profile.page import written_down
from engines.profile.profile import Cell, Drift, Profile, Tier, Voice
from engines.profile.shelf import SHIPPED
from engines.registry import find
from engines.stage import Stage
from engines.warning import Warnings
from tests.engines.any_clip import any_clip
from tests.profile.beats import (
    HAT,
    KICK,
    MS,
    SNARE,
    as_map,
    band,
    beat,
    clip_of,
    late_ms,
    played,
    render,
    voice,
)

EXAMPLES = Path(__file__).parents[2] / "examples"
LOUDNESS: tuple[tuple[Tier, float], ...] = (("ghost", 30.0), ("accent", 115.0))
STILL: dict[str, Any] = {"spread": 0.0, "drift": 0.0}


def habit() -> Profile:
    """Return a profile of late and loud snares, early kicks, and hats softer off the beat."""
    written = beat(32)
    late = np.select([voice(written, SNARE), voice(written, KICK)], [15.0, -5.0], 0.0)
    off = written.notes.onset % 1 > 0
    loud = np.select([voice(written, SNARE), voice(written, HAT) & off], [110.0, 50.0], 80.0)
    return extract(played(written, late, loud))


HABIT = habit()


def with_drift(size_ms: float, *clock: float) -> Profile:
    return HABIT.replace(drift=Drift(size_ms, 2.0, 1.0, clock))


def flammed(plain: Clip, soft: float) -> tuple[Clip, np.ndarray]:
    """Return a beat with a grace note 15 ms before each snare, so soft, and which those are."""
    main = plain.notes.onset[voice(plain, SNARE)]
    onset = np.concatenate([main - 15 * MS, plain.notes.onset])
    grace = np.arange(len(onset)) < len(main)
    written = clip_of(onset, np.append(np.full(len(main), SNARE), plain.notes.pitch))
    velocity = np.where(grace, soft * 90.0, 90.0)
    return written.replace(notes=written.notes.replace(velocity=velocity)), grace


def test_each_voice_is_as_late_as_the_player_s() -> None:
    written = beat(4)
    late = late_ms(written, render(written, HABIT, **STILL))
    apart = late[voice(written, SNARE)].mean() - late[voice(written, KICK)][1:].mean()
    assert apart == pytest.approx(20, abs=1)


def test_each_voice_is_as_loud_as_the_player_s() -> None:
    written = beat(4)
    loud = render(written, HABIT, **STILL).notes.velocity
    assert loud[voice(written, SNARE)] == pytest.approx(110, abs=1)
    assert loud[voice(written, HAT) & (written.notes.onset % 1 > 0)] == pytest.approx(50, abs=1)


@pytest.mark.parametrize("options", [{}, {"quantise": 1.0}])
@pytest.mark.parametrize("soft", [1.0, 0.5])
def test_flams_stay_flams(soft: float, options: dict[str, Any]) -> None:
    plain = beat(8)
    written, grace = flammed(plain, soft)
    notes = render(written, HABIT, **options).notes
    stroke = ~grace & voice(written, SNARE)
    assert notes.onset[stroke] - notes.onset[grace] == pytest.approx(15 * MS, abs=1e-9)
    quieter = notes.velocity[grace] / notes.velocity[stroke]
    assert quieter == pytest.approx(0.67 if soft == 1 else soft, abs=0.01)


def test_a_flammed_stroke_is_as_late_as_a_plain_one() -> None:
    plain = beat(8)
    written, grace = flammed(plain, 0.5)
    late, lone = (late_ms(clip, render(clip, HABIT, **STILL)) for clip in (written, plain))
    assert late[~grace] == pytest.approx(lone, abs=0.5)


def test_drags_keep_their_distances() -> None:
    onset = np.concatenate([beat(4).notes.onset, [5 - 28 * MS, 5 - 4 * MS]])
    pitch = np.append(beat(4).notes.pitch, [SNARE, SNARE])
    written = clip_of(onset, pitch)
    drag = np.flatnonzero((np.abs(onset - 5) < 0.1) & (pitch == SNARE))
    moved = render(written, HABIT).notes.onset - onset
    assert np.ptp(moved[drag]) == pytest.approx(0, abs=1e-9)


def test_a_flam_on_the_first_beat_is_put_on_the_grid_whole() -> None:
    plain = beat(4)
    onset, pitch = (
        np.append(plain.notes.onset, [0.0, 15 * MS]),
        np.append(plain.notes.pitch, 2 * [SNARE]),
    )
    notes = render(clip_of(onset, pitch), HABIT, quantise=1.0, **STILL).notes
    assert np.diff(notes.onset[-2:])[0] == pytest.approx(15 * MS, abs=1e-9)


def test_flams_leave_the_level_where_it_is() -> None:
    written, _ = flammed(beat(8), 0.5)
    after = render(written, HABIT, keep_level=True, **STILL).notes.velocity
    assert after.mean() == pytest.approx(written.notes.velocity.mean(), abs=0.5)


def test_amount_zero_is_the_clip_itself() -> None:
    written = beat(4)
    assert render(written, HABIT, amount=0.0) is written


def test_half_the_amount_is_half_of_it() -> None:
    written = beat(4)
    full, half = (render(written, HABIT, amount=much, **STILL) for much in (1.0, 0.5))
    assert late_ms(written, half)[5:] == pytest.approx(late_ms(written, full)[5:] / 2, abs=0.01)
    loud = (full.notes.velocity + written.notes.velocity) / 2
    assert half.notes.velocity == pytest.approx(loud, abs=1)


def test_no_timing_moves_nothing_and_no_velocity_changes_none() -> None:
    written = beat(4)
    assert np.array_equal(render(written, HABIT, timing=0.0).notes.onset, written.notes.onset)
    quiet = render(written, HABIT, velocity=0.0)
    assert np.array_equal(quiet.notes.velocity, written.notes.velocity)


def test_the_same_seed_plays_the_same_and_another_does_not() -> None:
    written = beat(4, hats=0.25)
    take = extract(read_song(EXAMPLES / "drums_human.mid").clips[0])
    assert render(written, take, 3) == render(written, take, 3)
    assert render(written, take, 3) != render(written, take, 4)


def test_repeats_stray_as_far_as_the_player_s() -> None:
    written = beat(256)
    rows = [Cell(1, at, "normal", 100, 0, 8.0, 80, 5.0) for at in (1.0, 1.5, 2.0)]
    profile = Profile("drums", (Voice("closed hat", tuple(rows)),))
    hats = voice(written, HAT)
    after = render(written, profile, 1)
    late, loud = late_ms(written, after)[hats], after.notes.velocity[hats]
    # 2,048 hats: the standard error of a standard deviation is 1 / sqrt(2 * 2048) of it, 1.6 %
    assert late.std() == pytest.approx(8.0, rel=0.08)
    assert loud.std() == pytest.approx(5.0, rel=0.08)


def test_a_place_has_the_tier_that_is_most_played_there_each_time() -> None:
    written = beat(16)
    snares = [
        Cell(1, at, tier, notes, 0, 0, loud, 2.0)
        for at, often in ((2.0, {"ghost": 30, "accent": 50}), (4.0, {"ghost": 50, "accent": 30}))
        for tier, loud in LOUDNESS
        for notes in (often[tier],)
    ]
    profile = Profile("drums", (Voice("snare", tuple(snares)),))
    loud = render(written, profile, 2).notes.velocity[voice(written, SNARE)]
    assert loud[::2] == pytest.approx(115, abs=15)
    assert loud[1::2] == pytest.approx(30, abs=15)
    assert loud[::2].std() > 1


def test_written_ghosts_and_accents_stay_what_they_are() -> None:
    written = beat(8)
    snares = voice(written, SNARE)
    first = snares & (written.notes.onset % 4 < 2)
    programmed = played(written, 0.0, np.where(first, 40.0, 100.0))
    take = extract(
        played(written, 0.0, np.where(snares, np.where(first, 110.0, 25.0), 80.0))
    )  # the player has them the other way round
    loud = render(programmed, take, **STILL).notes.velocity
    assert loud[first].max() < loud[snares & ~first].min()


def test_a_clock_is_played_as_it_was() -> None:
    written = clip_of(np.arange(8.0), np.full(8, HAT))
    silent = with_drift(10.0, 0, 10, 20, 10, 0, -10, -20, -10)
    without = late_ms(written, render(written, silent, spread=0.0, drift=0.0))
    late = late_ms(written, render(written, silent, spread=0.0)) - without
    assert late[1:] == pytest.approx([10, 20, 10, 0, -10, -20, -10], abs=0.1)


def test_a_clock_that_is_drawn_is_another_one_of_that_size() -> None:
    written = beat(256)
    takes = [
        late_ms(written, render(written, with_drift(10.0, 1.0), s, spread=0.0, clock="drawn"))
        for s in (1, 2)
    ]
    still = late_ms(written, render(written, with_drift(10.0, 1.0), **STILL))
    assert np.mean([(take - still).std() for take in takes]) == pytest.approx(10.0, rel=0.2)
    assert not np.allclose(takes[0], takes[1])


@pytest.mark.parametrize("clock", ["played", "drawn"])
def test_parts_that_play_together_share_the_clock(clock: str) -> None:
    onset, profile = np.arange(32.0), with_drift(12.0, *range(-16, 16))
    parts = tuple(clip_of(onset, np.full(32, pitch)) for pitch in (KICK, HAT))
    moving = band(parts, profile, 5, spread=0.0, clock=clock)
    still = band(parts, profile, 5, **STILL)
    clocks = [late_ms(*pair)[1:] for pair in zip(still, moving, strict=True)]
    assert clocks[0] == pytest.approx(clocks[1], abs=0.01)
    assert np.std(clocks[0]) > 4


@pytest.mark.parametrize("clock", ["played", "drawn"])
def test_a_loop_s_clock_comes_round(clock: str) -> None:
    """The last knot leads over to the first: the same beats on in the next round are as late."""
    looped = beat(2).replace(loop=Loop(0.0, 8.0))
    profile = with_drift(10.0, *range(-20, 20))
    late = late_ms(looped, render(looped, profile, spread=0.0, clock=clock, edge="wrap"))
    still = late_ms(looped, render(looped, profile, edge="wrap", **STILL))
    moved = (late - still) / np.where(np.abs(late - still) > 1000, np.inf, 1)
    assert np.abs(moved).max() < 60


def test_swing_is_a_dial_of_its_own() -> None:
    written = beat(8, hats=0.25)
    swung = extract(played(written)).replace(swing=62.0, swing_grid="16th")
    off = np.isclose(written.notes.onset % 0.5, 0.25)
    for share, ratio in ((1.0, 62.0), (0.5, 56.0), (0.0, 50.0)):
        late = late_ms(written, render(written, swung, swing=share, **STILL))
        # the first of a pair of 250 ms takes the ratio of it
        assert late[off].mean() == pytest.approx((ratio - 50) / 100 * 250, abs=0.2)


def test_the_push_is_a_dial_of_its_own() -> None:
    written = beat(8)
    pushed = extract(played(written)).replace(push_ms=-12.0)
    late = late_ms(written, render(written, pushed, push=0.5, **STILL))
    assert late[3:].mean() == pytest.approx(-6.0, abs=0.2)


def test_a_played_clip_can_be_put_on_the_grid_first() -> None:
    rng = np.random.default_rng(0)
    written = beat(8)
    loose = played(written, rng.normal(0, 15, len(written.notes)))
    tight = render(loose, extract(played(written)), quantise=1.0, velocity=0.0, **STILL)
    assert np.abs(late_ms(written, tight)).max() < 0.5


def test_the_level_can_stay() -> None:
    written = beat(8)
    loud = render(written, HABIT, keep_level=True, **STILL).notes.velocity
    assert loud.mean() == pytest.approx(90, abs=1)
    assert loud[voice(written, SNARE)].mean() > loud[voice(written, HAT)].mean() + 20


def test_whole_velocities_stay_whole() -> None:
    written = beat(4)
    loud = render(written, HABIT).notes.velocity
    assert np.array_equal(loud, np.rint(loud))


def test_what_the_player_never_played_is_guessed_from_what_is_like_it() -> None:
    written = clip_of(np.array([1.75, 3.75]), np.array([SNARE, SNARE]))
    loud = render(written, HABIT, **STILL).notes.velocity
    assert loud == pytest.approx(110, abs=2)  # as all snares were


def told(clip: Clip, profile: Profile) -> tuple[Clip, list[str]]:
    warnings = Warnings()
    chain = Chain((Stage("profile", {**STILL, "profile": as_map(profile)}),))
    return chain.render((clip,), seed=1, warn=warnings)[0], warnings.sentences


def test_unmapped_notes_stay_and_are_reported() -> None:
    written = clip_of(np.arange(4.0), np.array([KICK, 3, SNARE, 4]))
    after, said = told(written, HABIT)
    assert ["2 notes of 3 (" in sentence for sentence in said] == [True]
    odd = np.array([1, 3])
    assert np.array_equal(after.notes.onset[odd], written.notes.onset[odd])
    assert np.array_equal(after.notes.duration[odd], written.notes.duration[odd])
    assert np.array_equal(after.notes.velocity[odd], written.notes.velocity[odd])


def test_a_drum_profile_gives_a_pitched_clip_its_places_and_leaves_its_level() -> None:
    written = clip_of(np.arange(0, 16, 0.5), np.full(32, 60), role="piano")
    after, said = told(written, HABIT)
    assert ["the profile is of a drums part" in sentence for sentence in said] == [True]
    late, loud = late_ms(written, after), after.notes.velocity
    backbeat = np.isin(written.notes.onset % 4, [1, 3])
    assert loud.mean() == pytest.approx(90, abs=1)
    assert loud[backbeat].mean() > loud[~backbeat].mean() + 10
    assert late[backbeat].mean() > late[~backbeat].mean() + 2


def test_a_pitched_profile_gives_drums_its_places_and_leaves_their_level() -> None:
    line = clip_of(np.arange(0, 32, 0.5), np.full(64, 48), role="bass")
    off = line.notes.onset % 1 > 0
    bass = extract(played(line, np.where(off, 12.0, 0.0), np.where(off, 70.0, 100.0)))
    written = beat(4)
    after, said = told(written, bass)
    assert ["the profile is of a pitched part" in sentence for sentence in said] == [True]
    off = written.notes.onset % 1 > 0
    assert late_ms(written, after)[off].mean() > late_ms(written, after)[~off].mean() + 8
    assert after.notes.velocity.mean() == pytest.approx(90, abs=1)


def test_another_metre_is_played_by_the_weight_of_its_beats() -> None:
    written = beat(8, metre=Metre(0.0, 3, 4))
    after, said = told(written, HABIT)
    assert ["the profile is in 4/4 and the clip is not" in sentence for sentence in said] == [True]
    hats = voice(written, HAT)
    off = hats & (written.notes.onset % 1 > 0)
    loud = after.notes.velocity
    assert loud[off] == pytest.approx(50, abs=3)
    assert loud[hats & ~off] == pytest.approx(80, abs=3)


def test_what_fits_is_played_without_a_word() -> None:
    assert told(beat(4), HABIT)[1] == []


def test_a_profile_of_one_note_plays_any_clip() -> None:
    one = extract(clip_of(np.array([1.02]), np.array([SNARE])))
    written = beat(4)
    after = render(written, one)
    assert after.notes.velocity == pytest.approx(90)
    assert np.abs(late_ms(written, after)).max() < 12  # half of the 10 ms that it was late


@pytest.mark.parametrize("name", ["", "nobody"])
def test_an_unknown_profile_is_refused_with_those_there_are(name: str) -> None:
    with pytest.raises(EngineError, match=rf"profile is '{name}', allowed are .*steady-rock"):
        render(beat(1), name)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "profile cannot be used: .*part"),
        ({"part": "drums", "voices": []}, "profile cannot be used: voices have no cell"),
        (7, "profile is 7, allowed are texts of at most 128 characters or maps"),
        ("x" * 129, "allowed are texts of at most 128 characters or maps"),
    ],
)
def test_an_option_that_is_no_profile_is_refused_at_once(
    given: Mapping[str, Any] | str | int, said: str
) -> None:
    with pytest.raises(OptionError, match=said) as error:
        read_options(find("profile"), {"profile": given})
    assert error.value.field == "profile"


def test_the_schema_says_that_names_and_maps_are_allowed() -> None:
    rule = schema(find("profile"))["properties"]["profile"]
    assert allowed(rule) == "texts of at most 128 characters or maps"


@settings(max_examples=20)
@given(any_clip(least=1), st.sampled_from(SHIPPED.names), st.integers(0, 99))
def test_every_clip_takes_every_shipped_groove(clip: Clip, name: str, seed: int) -> None:
    after = render(clip, name, seed)
    assert len(after.notes) == len(clip.notes)
    assert render(clip, name, seed) == after


def human() -> tuple[Clip, Clip]:
    """Return the drummer's take of the examples, and its stiff self at the take's mean velocity."""
    take = read_song(EXAMPLES / "drums_human.mid").clips[0].replace(role="drums")
    page = written_down(take).features.clip
    flat = np.full(len(take.notes), take.notes.velocity.mean())
    return take, page.replace(notes=page.notes.replace(velocity=flat))


@pytest.mark.parametrize("what", ["onset", "velocity"])
def test_a_take_s_groove_brings_its_stiff_self_at_least_half_way_back(what: str) -> None:
    take, stiff = human()
    back = render(stiff, extract(take), spread=0.0)
    truth = getattr(take.notes, what)
    was, now = (np.abs(getattr(c.notes, what) - truth).mean() for c in (stiff, back))
    assert now <= 0.5 * was
