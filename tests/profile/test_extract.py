"""What a player did by habit is in the profile, each habit in its own place."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines import Clip, Metre, Pad, Tempo
from engines.features import Features
from engines.profile.extract import extract
from engines.profile.page import GRIDS, Grid
from engines.profile.profile import Cell, Profile, ProfileError
from engines.profile.text import parse, to_text
from engines.swing import swing_shift
from tests.engines.any_clip import any_clip
from tests.profile.beats import HAT, KICK, MS, SNARE, beat, clip_of, played, voice


def cells(profile: Profile, name: str) -> dict[tuple[int, float, str], Cell]:
    found = next(voice for voice in profile.voices if voice.name == name)
    return {(cell.bar, cell.beat, cell.tier): cell for cell in found.cells}


def offset(profile: Profile, name: str, beat: float) -> float:
    """Return how late all in all a voice is at a beat of the first bar."""
    own = [cell for (bar, at, _), cell in cells(profile, name).items() if (bar, at) == (1, beat)]
    return profile.push_ms + sum(cell.offset_ms * cell.notes for cell in own) / sum(
        cell.notes for cell in own
    )


def test_each_voice_keeps_its_own_lateness() -> None:
    written = beat(16)
    late = np.select([voice(written, SNARE), voice(written, KICK)], [12.0, -6.0], 0.0)
    profile = extract(played(written, late))
    assert offset(profile, "snare", 2.0) - offset(profile, "kick", 3.0) == pytest.approx(18, abs=1)


def test_what_all_notes_share_is_the_push() -> None:
    profile = extract(played(beat(16), 20.0))
    # 16 bars of 8 hats and 4 others are 192 notes: 20 * 192 / 193
    assert profile.push_ms == pytest.approx(19.9, abs=0.01)
    assert all(abs(cell.offset_ms) < 0.5 for cell in cells(profile, "kick").values())


def test_a_swing_is_told_apart_from_the_offsets() -> None:
    written = beat(16, hats=0.25)
    swung = swing_shift(Features(written), 0.6, "16th") / MS
    profile = extract(played(written, swung))
    assert (profile.swing, profile.swing_grid) == (60.0, "16th")
    # a sixteenth swung to 60 % is 0.1 * 0.5 beats late, 25 ms; none of that is in the cells
    assert swung.max() == pytest.approx(25.0)
    assert all(abs(cell.offset_ms) < 0.5 for cell in cells(profile, "closed hat").values())


def test_a_straight_take_does_not_swing() -> None:
    late = np.random.default_rng(0).normal(0, 8, 320)
    assert extract(played(beat(16, hats=0.25), late)).swing == 50.0


def test_a_slow_clock_is_in_the_drift_and_not_in_the_cells() -> None:
    written = beat(32)
    # a wave of 16 ms that lasts 32 beats has a standard deviation of 16 / sqrt(2) = 11.3; a knot of
    # it is believed as three notes, a kick or snare and two hats, against one that was in time
    profile = extract(played(written, 16 * np.sin(2 * np.pi * written.notes.onset / 32)))
    assert profile.drift.size_ms == pytest.approx(11.3 * 3 / 4, abs=0.4)
    # and its autocorrelation, cos(2 pi t / 32), is 1/e after 6.1 beats
    assert profile.drift.memory_beats == pytest.approx(6.1, abs=1.0)
    assert all(abs(cell.offset_ms) < 2 for cell in cells(profile, "snare").values())


def test_the_spread_is_how_far_repeats_stray() -> None:
    written = beat(64)
    stray = np.random.default_rng(1).normal(0, 9, len(written.notes))
    hats = cells(extract(played(written, np.where(voice(written, HAT), stray, 0))), "closed hat")
    # between the beats nothing else is struck, and the clock follows the hat by some of its way
    assert 5 < np.mean([cell.spread_ms for cell in hats.values()]) < 9.5


def test_the_tiers_are_those_of_a_voice_s_own_velocities() -> None:
    written = beat(16, hats=0.25)
    snares = voice(written, SNARE)
    soft = snares & (written.notes.onset % 4 > 2)
    loud = np.where(soft, 30.0, np.where(snares, 110.0, 80.0))
    found = cells(extract(played(written, 0.0, loud)), "snare")
    assert set(found) == {(1, 2.0, "accent"), (1, 4.0, "ghost")}
    assert found[1, 4.0, "ghost"].velocity == 30.0
    assert found[1, 2.0, "accent"].notes == 16


def test_a_pattern_of_two_bars_is_kept_over_two_bars() -> None:
    written = beat(16)
    second = (written.notes.onset % 8 >= 4) & voice(written, SNARE)
    profile = extract(played(written, np.where(second, 20.0, 0.0), np.where(second, 120.0, 60.0)))
    assert profile.bars == 2
    assert cells(profile, "snare")[2, 2.0, "accent"].velocity == 120.0


def test_a_pattern_of_one_bar_is_kept_over_one_bar() -> None:
    rng = np.random.default_rng(2)
    written = beat(32)
    assert extract(played(written, rng.normal(0, 5, len(written.notes)))).bars == 1


def test_triplets_are_written_as_triplets() -> None:
    onset = np.arange(0, 32, 1 / 3)
    profile = extract(clip_of(onset, np.full(len(onset), HAT)))
    beats = sorted({cell.beat for cell in cells(profile, "closed hat").values()})
    assert beats[:4] == pytest.approx([1, 4 / 3, 5 / 3, 2], abs=1e-3)


def test_swung_eighths_are_eighths_where_that_is_asked() -> None:
    onset = np.sort(np.concatenate([np.arange(32.0), np.arange(32) + 2 / 3]))
    profile = extract(clip_of(onset, np.full(64, HAT)), grid="swung")
    assert {cell.beat % 1 for cell in cells(profile, "closed hat").values()} == {0.0, 0.5}
    assert (profile.swing, profile.swing_grid) == (66.7, "8th")


@pytest.mark.parametrize("grid", GRIDS)
def test_every_grid_takes_every_take(grid: Grid) -> None:
    rng = np.random.default_rng(3)
    written = beat(8, hats=0.25)
    take = played(written, rng.normal(0, 20, len(written.notes)), rng.uniform(20, 127, 160))
    assert extract(take, grid=grid).notes == 160


def test_seconds_of_a_take_are_enough() -> None:
    written = beat(1)
    profile = extract(played(written, np.where(voice(written, SNARE), 10.0, 0.0)))
    assert offset(profile, "snare", 2.0) > offset(profile, "kick", 1.0)


def test_a_take_of_one_note_is_its_velocity_and_half_its_lateness() -> None:
    profile = extract(clip_of(np.array([1.0 + 10 * MS]), np.array([SNARE])))
    # one note against the one that is supposed to have been in time: 10 * 1 / (1 + 1)
    assert profile.push_ms == 5.0
    assert [cell.velocity for cell in cells(profile, "snare").values()] == [90.0]


def test_an_empty_take_is_refused() -> None:
    with pytest.raises(ProfileError, match=r"clip has 0 notes.*one note or more"):
        extract(clip_of(np.zeros(0), np.zeros(0)))


def test_a_take_of_unmapped_notes_is_refused() -> None:
    with pytest.raises(ProfileError, match="clip has 2 notes, none that plays a known voice"):
        extract(clip_of(np.arange(2.0), np.array([3, 4])))


def test_unmapped_and_muted_notes_are_left_out() -> None:
    take = clip_of(np.arange(3.0), np.array([KICK, SNARE, 3]))
    muted = take.replace(notes=take.notes.replace(mute=np.array([0, 1, 0])))
    assert extract(muted).notes == 1


def test_pads_say_what_notes_play() -> None:
    take = clip_of(np.arange(2.0), np.array([KICK, 3]), pads=(Pad(3, "Snare"),))
    assert {voice.name for voice in extract(take).voices} == {"kick", "snare"}


def test_a_take_that_changes_its_metre_is_refused() -> None:
    take = beat(4).replace(metre=(Metre(), Metre(8.0, 3, 4)))
    with pytest.raises(ProfileError, match="clip has 2 metres, allowed are takes in one metre"):
        extract(take)


def test_a_take_in_a_metre_too_fine_for_its_places_is_refused() -> None:
    with pytest.raises(ProfileError, match="clip is in /64"):
        extract(beat(4).replace(metre=(Metre(0.0, 3, 64),)))


def test_lateness_is_measured_in_the_take_s_own_tempo() -> None:
    written = beat(16)
    late = played(written, 20.0).replace(tempo=Tempo(time=np.zeros(1), bpm=np.full(1, 60.0)))
    # 20 ms at 120 bpm are as many beats as 40 ms at 60
    assert extract(late).push_ms == pytest.approx(2 * 19.9, abs=0.1)


def test_a_take_of_a_wild_tempo_keeps_what_a_profile_may_hold() -> None:
    slow = Tempo(time=np.zeros(1), bpm=np.ones(1))
    # a tenth of a beat of a minute is 6 s
    take = clip_of(np.arange(8) + 0.1, np.full(8, SNARE), tempo=slow)
    assert parse("it", to_text(extract(take))).push_ms <= 2000


def test_a_pitched_take_is_told_apart_by_its_lines() -> None:
    onset = np.repeat(np.arange(32.0), 3)
    pitch = np.tile([48, 60, 72], 32)
    take = clip_of(onset, pitch, role="piano")
    late = np.tile([0.0, 5.0, -15.0], 32)
    profile = extract(played(take, late, np.tile([60.0, 50.0, 90.0], 32)))
    assert profile.part == "pitched"
    assert {voice.name for voice in profile.voices} == {"top", "inner", "bottom"}
    assert offset(profile, "bottom", 2.0) - offset(profile, "top", 2.0) == pytest.approx(15, abs=1)


def test_the_same_take_gives_the_same_text() -> None:
    rng = np.random.default_rng(4)
    written = beat(8)
    take = played(written, rng.normal(0, 9, len(written.notes)))
    assert to_text(extract(take)) == to_text(extract(take))


@settings(max_examples=60)
@given(any_clip(), st.sampled_from(GRIDS))
def test_every_clip_gives_a_profile_that_can_be_read_or_a_reason(clip: Clip, grid: Grid) -> None:
    try:
        profile = extract(clip, grid=grid)
    except ProfileError as error:
        assert "allowed are" in str(error)  # noqa: PT017 - either is right
    else:
        assert parse("it", to_text(profile)) == profile
        assert profile.notes <= len(clip.notes)
