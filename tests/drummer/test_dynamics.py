"""How loud the notes of a kit are struck."""

from typing import Any

import numpy as np
import pytest

from engines import Clip
from engines.drummer.drummer import Drummer
from engines.drummer.dynamics import FEW, GRACE, Struck, Touch, struck
from engines.drummer.page import Telling
from engines.drummer.take import take
from engines.engine import Context
from engines.kit import KICK as KICK_VOICE
from engines.kit import SNARE as SNARE_VOICE
from tests.drummer.beat import HAT, KICK, NOTHING, SNARE, part
from tests.drummer.fake_player import FakePlayer

FLAM = 0.03
"""15 ms in beats, at 120 bpm."""


def backbeat(voice: np.ndarray, beats: np.ndarray) -> np.ndarray:
    """Say 100 for strokes on beats, 40 between them, and 80 for what is no snare."""
    return np.where(voice == SNARE_VOICE, np.where(beats % 1.0 == 0, 100.0, 40.0), 80.0)


def played(clip: Clip, player: FakePlayer | None = None, **touch: Any) -> Struck:
    drummer = Drummer(player or FakePlayer(velocity=backbeat, width=2.0), Telling())
    one = take(drummer, Context((clip,), seed=1))
    touch = {"variation": 0.0, **touch}
    return struck(one, clip.notes.velocity, clip.notes.onset, Touch(**touch))


def snares(velocity: float | list[float] = 100.0) -> Clip:
    """Return four strokes on beats, and one between the last two."""
    return part([(0.0, SNARE), (1.0, SNARE), (2.0, SNARE), (2.5, SNARE), (3.0, SNARE)], velocity)


GHOSTED = [0.0, 0.0, 0.0, -60.0, 0.0]
"""The last but one is expected at 40 where the others are at 100."""


def test_what_was_written_is_meant_for_full_strokes_and_ghosts_sink_from_there() -> None:
    found = played(snares())
    assert found.base.tolist() == [100.0] * 5
    assert found.feel == pytest.approx(GHOSTED, abs=0.1)


def test_each_voice_is_played_at_the_level_at_which_it_was_written() -> None:
    clip = part([(at, pitch) for at in (0.0, 1.0) for pitch in (SNARE, HAT)], [90.0, 60.0] * 2)
    assert played(clip).feel == pytest.approx(0.0, abs=0.1)


def test_a_stroke_that_was_written_soft_does_not_sink_twice() -> None:
    # 60 below full is what is expected: 50 of them were written, or all, or more
    for written, feel in ((50.0, -10.0), (40.0, 0.0), (20.0, 0.0)):
        found = played(snares([100, 100, 100, written, 100]))
        assert found.feel[3] == pytest.approx(feel, abs=0.1)


def test_strokes_that_were_written_soft_are_not_all_alike() -> None:
    onset = [0.25 * step for step in range(32)]
    written = [100.0 if at % 1 == 0 else 30.0 for at in onset]
    clip = part([(at, SNARE) for at in onset], written)
    player = FakePlayer(velocity=backbeat, width=2.0)
    feel = played(clip, player, variation=1.0).feel[np.array(written) == 30.0]
    assert 2.0 < feel.std() < 9.0  # 15 % of 30
    assert abs(feel.mean()) < 3.0


def test_a_soft_stroke_rises_where_a_loud_one_is_expected() -> None:
    found = played(snares([100, 100, 100, 100, 50]), FakePlayer(velocity=lambda _, b: 90 + 4 * b))
    assert found.feel[4] > 0


def test_a_level_that_replaces_what_was_written_leaves_the_drummer_s_accents() -> None:
    found = played(snares([100, 70, 100, 40, 100]), replaced=1.0)
    assert found.base.tolist() == [100.0] * 5
    assert found.feel == pytest.approx(GHOSTED, abs=0.1)
    half = played(snares([100, 70, 100, 40, 100]), replaced=0.5)
    assert half.base.tolist() == [100.0, 85.0, 100.0, 70.0, 100.0]


def test_ghosts_says_how_loud_ghost_notes_are() -> None:
    # 40 becomes 20 or 80, of 100
    assert played(snares(), ghosts=0.5).feel == pytest.approx([0, 0, 0, -80, 0], abs=0.1)
    assert played(snares(), ghosts=2.0).feel == pytest.approx([0, 0, 0, -20, 0], abs=0.1)


def test_ghosts_of_a_part_that_was_written_soft_sink_in_proportion() -> None:
    # 40 of 100 is 24 of 60
    assert played(snares(60.0)).feel == pytest.approx([0, 0, 0, -36, 0], abs=0.1)


def test_soft_strokes_of_other_voices_are_no_ghosts() -> None:
    player = FakePlayer(velocity=lambda _voice, beats: np.where(beats == 1.0, 30.0, 90.0))
    clip = part([(float(beat), KICK) for beat in range(6)])
    assert np.array_equal(played(clip, player, ghosts=2.0).feel, played(clip, player).feel)


def test_a_stroke_is_a_ghost_if_it_comes_soft_whatever_was_expected() -> None:
    clip = part([(beat / 2, SNARE) for beat in range(40)])
    # as often soft as loud, which no expectation tells apart
    player = FakePlayer(velocity=60.0, width=50.0)
    drummer = Drummer(player, Telling())
    velocity = take(drummer, Context((clip,), seed=1)).velocity(1.0)
    plain, softer = (played(clip, player, variation=1.0, ghosts=much) for much in (1.0, 0.5))
    changed = softer.feel < plain.feel - 1.0
    assert 5 < changed.sum() < 35
    assert velocity[changed].max() < velocity[~changed].min()


def test_accents_says_how_far_strokes_differ() -> None:
    def hats(_voice: np.ndarray, beats: np.ndarray) -> np.ndarray:
        return np.where(beats % 1.0 == 0, 90.0, 70.0)

    clip = part([(beat / 2, HAT) for beat in range(8)])
    spans = [
        np.ptp(played(clip, FakePlayer(velocity=hats, width=2.0), accents=much).feel)
        for much in (0.0, 1.0, 2.0)
    ]
    assert spans == pytest.approx([0.0, 20.0, 40.0], abs=0.2)


def test_of_a_voice_of_few_strokes_expectation_says_what_is_full() -> None:
    def first(voice: np.ndarray, beats: np.ndarray) -> np.ndarray:
        return np.where(beats == 0, 110.0, 90.0) + 0 * voice

    # of a kick alone, 1 / (1 + FEW) of its level is what was played, and the rest what was expected
    clip = part([(0.0, KICK)], 127.0)
    drummer = Drummer(FakePlayer(velocity=first, width=10.0), Telling())
    one = take(drummer, Context((clip,), seed=3))
    assert one.hits.voice.tolist() == [KICK_VOICE]
    heard = 1 / (1 + FEW)
    meant = (1 - heard) * (one.velocity(1.0) - 110.0)
    found = struck(one, clip.notes.velocity, clip.notes.onset, Touch()).feel
    assert found == pytest.approx(meant, abs=0.01)


@pytest.mark.parametrize(("written", "share"), [(100.0, GRACE), (50.0, 0.5)])
def test_grace_notes_are_softer_than_their_strokes(written: float, share: float) -> None:
    clip = part(
        [(at, SNARE) for stroke in (1.0, 2.0, 2.5) for at in (stroke - FLAM, stroke)],
        [written, 100.0] * 3,
    )
    found = played(clip)
    velocity = found.base + found.feel
    assert velocity[::2] == pytest.approx(share * velocity[1::2])
    assert velocity[1::2] == pytest.approx([100.0, 100.0, 40.0], abs=0.1)


def test_of_two_notes_on_one_tick_neither_is_a_grace_note() -> None:
    found = played(part([(1.0, 35), (1.0, 36), (2.0, 35), (2.0, 36)], [80.0, 80.0, 60.0, 80.0]))
    assert (found.base + found.feel) == pytest.approx([80.0, 80.0, 60.0, 80.0], abs=0.1)


def test_notes_of_no_hit_stay_as_they_are() -> None:
    found = played(part([(0.0, NOTHING), (2.5, SNARE), (2.5, NOTHING)], [33.0, 100.0, 66.0]))
    assert (found.base + found.feel)[[0, 2]].tolist() == [33.0, 66.0]


def test_an_empty_part_can_be_struck() -> None:
    assert len(played(part([])).feel) == 0
