"""How early and late notes of a kit come."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from engines import Clip
from engines.drummer.drummer import Drummer
from engines.drummer.page import Telling
from engines.drummer.take import take
from engines.drummer.timing import FARTHEST, Lean, lateness_s, room
from engines.engine import Context
from engines.features import Features
from engines.kit import CLOSED_HAT, CRASH, HIGH_TOM, KICK, OPEN_HAT, RIDE, SNARE, VOICES
from engines.placement import ROOM
from tests.drummer import beat
from tests.drummer.beat import part, rock
from tests.drummer.fake_player import FakePlayer
from tests.engines.any_clip import any_clip

MS = 1 / 500
"""A ms in beats, at 120 bpm."""


def late_ms(clip: Clip, late: float = 10.0, **lean: Any) -> np.ndarray:
    drummer = Drummer(FakePlayer(late=late), Telling())
    return 1e3 * lateness_s(take(drummer, Context((clip,), seed=1)), Lean(**lean))


def room_of(clip: Clip, band: float = 0.0) -> np.ndarray:
    return room(Features(clip), np.full(len(clip.notes), band))


def test_without_variation_hits_come_as_late_as_is_expected() -> None:
    assert late_ms(rock(), variation=0.0) == pytest.approx(10.0, abs=1e-3)


def test_tightness_takes_it_back() -> None:
    assert late_ms(rock(), tightness=1.0) == pytest.approx(0.0, abs=1e-9)
    assert late_ms(rock(), tightness=0.5) == pytest.approx(0.5 * late_ms(rock()))


@pytest.mark.parametrize(
    ("name", "voices"),
    [
        ("kick", [KICK]),
        ("snare", [SNARE]),
        ("hat", [CLOSED_HAT, OPEN_HAT]),
        ("tom", [4, 5, HIGH_TOM]),
        ("cymbal", [CRASH, RIDE]),
    ],
)
def test_each_part_of_the_kit_leans_for_itself(name: str, voices: list[int]) -> None:
    lean = Lean(**{name: 12.0}).by_voice
    assert lean.tolist() == [12.0 if voice in voices else 0.0 for voice in range(len(VOICES))]


def test_what_leans_leans_on_top_of_the_drummer() -> None:
    clip = rock()
    more = late_ms(clip, snare=15.0, tightness=0.3) - late_ms(clip, tightness=0.3)
    assert more == pytest.approx(np.where(clip.notes.pitch == beat.SNARE, 15.0, 0.0))


def test_notes_of_no_hit_want_nothing() -> None:
    clip = part([(0.0, beat.KICK), (1.0, beat.NOTHING)])
    assert late_ms(clip, variation=0.0).tolist() == pytest.approx([10.0, 0.0], abs=1e-3)


def test_the_notes_of_a_flam_want_the_same() -> None:
    late = late_ms(part([(1.0 - 20 * MS, beat.SNARE), (1.0, beat.SNARE)], [40, 90]))
    assert late[0] == late[1] != 0


def test_hits_have_room_up_to_the_next_moment() -> None:
    clip = part([(0.0, beat.KICK), (0.0, beat.HAT), (0.25, beat.HAT), (0.375, beat.HAT)])
    # 0.25, 0.125 and 0.125 beats to the nearest
    assert room_of(clip) == pytest.approx(ROOM * np.array([0.25, 0.25, 0.125, 0.125]))


def test_a_hit_alone_has_no_endless_room() -> None:
    assert room_of(part([(0.0, beat.KICK)])) == pytest.approx([ROOM * FARTHEST])


def test_room_is_measured_where_the_band_has_moved_notes() -> None:
    clip = part([(0.0, beat.HAT), (0.5, beat.HAT), (1.0, beat.HAT)])
    swung = room(Features(clip), np.array([0.0, 0.25, 0.0]))
    assert swung == pytest.approx(ROOM * np.array([0.5, 0.25, 0.25]))


def test_the_notes_of_a_flam_have_room_together() -> None:
    hits = [(0.0, beat.KICK), (0.3 - 20 * MS, beat.SNARE), (0.3, beat.SNARE), (0.5, beat.HAT)]
    # 0.26 from the kick to the grace note, 0.2 from the stroke to the hat
    assert room_of(part(hits, [90, 40, 90, 90])) == pytest.approx(
        ROOM * np.array([0.26, 0.2, 0.2, 0.2])
    )


def test_a_run_of_many_voices_is_no_endless_chord() -> None:
    hits = [(20 * MS * row, [beat.KICK, beat.SNARE, beat.TOM][row % 3]) for row in range(12)]
    assert (room_of(part(hits)) <= ROOM * 40 * MS).all()


@settings(max_examples=50)
@given(any_clip())
def test_who_strays_as_far_as_there_is_room_overtakes_no_other_moment(clip: Clip) -> None:
    onset, free = clip.notes.onset, room(Features(clip), np.zeros(len(clip.notes)))
    time, mapped = Features(clip).onset_s, free > 0
    early, late = (onset - free)[mapped], (onset + free)[mapped]
    apart = time[mapped][None] > time[mapped][:, None] + 0.06  # beyond chords and flams of each
    assert (early[None] >= late[:, None] - 1e-9)[apart].all()
