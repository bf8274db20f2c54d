from typing import Any

import numpy as np
import pytest

from engines import Clip, Notes
from engines.features import Features
from engines.loudness import to_level
from engines.rules.drumming import lateness_ms, stroke_levels

KICK, SNARE, HAT, TOM = 36, 38, 42, 47


def beat(*strokes: tuple[float, int], velocity: Any = 90.0) -> tuple[Clip, np.ndarray]:
    """Return the clip of (onset in beats, note number) and what a drummer adds in decibels."""
    onset, pitch = np.array(strokes).T
    level = np.broadcast_to(np.asarray(velocity, float), onset.shape).copy()
    notes = Notes(pitch=pitch.astype("u1"), onset=onset, duration=np.full(len(onset), 0.1))
    clip = Clip(notes.replace(velocity=level), length=16.0, role="drums")
    return clip, stroke_levels(Features(clip), to_level(level))


def every(
    step: float, pitch: int, start: float = 0.0, end: float = 16.0
) -> list[tuple[float, int]]:
    return [(float(onset), pitch) for onset in np.arange(start, end, step)]


def test_the_kick_is_strongest_on_the_bar_line() -> None:
    _, added = beat(*every(1.0, KICK))
    assert added[::4].min() > added[[1, 2, 3]].max()


def test_hats_alternate_on_and_off_the_beat() -> None:
    _, added = beat(*every(0.5, HAT))
    assert added[::2].min() > added[1::2].max()


def test_hats_keep_their_mean_level() -> None:
    _, added = beat(*every(0.25, HAT))
    assert added.mean() == pytest.approx(0.0, abs=1e-9)


def test_the_backbeat_is_the_loudest_snare() -> None:
    _, added = beat(*every(1.0, SNARE))
    assert added[[1, 3]].min() > added[[0, 2]].max()


def half_time(*more: tuple[float, int]) -> list[tuple[float, int]]:
    """Return kick on one, snare on three, hats on every beat."""
    return [*every(4.0, KICK), *every(4.0, SNARE, 2.0), *every(1.0, HAT), *more]


def test_in_half_time_the_backbeat_is_on_three() -> None:
    clip, added = beat(*half_time())
    hats = added[clip.notes.pitch == HAT]
    assert hats[2::4].min() > max(hats[1::4].max(), hats[3::4].max())
    late = lateness_ms(Features(clip))[clip.notes.pitch == SNARE]
    assert late.tolist() == [4.0] * 4


def test_a_half_time_backbeat_is_as_loud_as_any_other() -> None:
    clip, on_three = beat(*half_time())
    _, on_two = beat((1.0, SNARE), (3.0, SNARE))
    assert on_three[clip.notes.pitch == SNARE] == pytest.approx(on_two[0])


def test_a_stray_stroke_or_a_ghost_moves_no_backbeat() -> None:
    strokes = half_time((13.0, SNARE), *every(4.0, SNARE, 3.0))
    soft = [20.0 if onset % 4 == 3 and pitch == SNARE else 90.0 for onset, pitch in strokes]
    clip, _ = beat(*strokes, velocity=soft)
    late = lateness_ms(Features(clip))[clip.notes.pitch == SNARE]
    assert late.tolist() == [4.0] * 4 + [0.0] * 5


def test_without_a_snare_the_backbeat_is_on_two_and_four() -> None:
    _, added = beat(*every(1.0, HAT))
    assert added[1::2].min() > added[::2].max()


def test_snares_between_the_beats_are_ghosts() -> None:
    _, added = beat((1.0, SNARE), (1.75, SNARE), (2.25, SNARE), (3.0, SNARE))
    assert added[[1, 2]].max() < added[[0, 3]].min() - 6.0


def test_full_backbeats_are_not_played_softer_for_the_ghosts_beside_them() -> None:
    _, with_ghosts = beat((1.0, SNARE), (1.75, SNARE), (3.0, SNARE))
    _, alone = beat((1.0, SNARE), (3.0, SNARE))
    assert with_ghosts[[0, 2]] == pytest.approx(alone)


def test_a_ghost_that_is_written_soft_is_left_so() -> None:
    _, added = beat((1.0, SNARE), (1.75, SNARE), (3.0, SNARE), velocity=[100, 30, 100])
    assert added[1] == 0.0


def test_a_roll_is_even() -> None:
    _, roll = beat(*every(0.25, SNARE))
    _, ghosts = beat((1.0, SNARE), (1.25, SNARE), (3.0, SNARE))
    assert np.ptp(roll) < np.ptp(ghosts) - 2.0


def test_a_fill_grows_to_its_end() -> None:
    fill = [(14.0, SNARE), (14.25, SNARE), *every(0.25, TOM, 14.5, 16.0)]
    _, added = beat(*every(1.0, KICK), *fill)
    assert (np.diff(added[-8:]) > 0).all()
    assert added[-1] - added[-8] > 3.0


def test_a_pattern_on_the_toms_is_no_fill() -> None:
    _, added = beat(*every(0.5, TOM))
    assert added[:8] == pytest.approx(added[8:16])


@pytest.mark.parametrize(("note", "late"), [(KICK, 0.0), (SNARE, 4.0), (HAT, 3.0), (TOM, -3.0)])
def test_each_voice_has_its_place_around_the_second_beat(note: int, late: float) -> None:
    clip, _ = beat((1.0, note))
    assert lateness_ms(Features(clip)).tolist() == [late]


def test_only_the_backbeat_is_laid_back() -> None:
    clip, _ = beat((0.0, SNARE), (1.0, SNARE), (1.5, SNARE), (2.0, SNARE), (3.0, SNARE))
    assert lateness_ms(Features(clip)).tolist() == [0.0, 4.0, 0.0, 0.0, 4.0]
