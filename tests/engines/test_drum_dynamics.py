"""How loud drums are struck."""

from typing import Any

import numpy as np
import pytest

from engines import Clip
from engines.engine import Context
from engines.kit import SNARE as SNARE_VOICE
from engines.performance.weights import Library
from engines.velocity import Velocity, VelocityOptions
from tests.drummer.beat import HAT, SNARE, part, rock
from tests.drummer.fake_player import FakePlayer
from tests.engines.drums import ghosted, is_voice, loudness


def test_the_grace_notes_of_a_flam_are_softer_than_their_strokes() -> None:
    hits = [(beat - ahead, SNARE) for beat in range(1, 9) for ahead in (0.03, 0.0)]
    written_alike, written_softer = part(hits, 100.0), part(hits, [50.0, 100.0] * 8)
    for clip in (written_alike, written_softer):
        velocity = loudness(clip)
        assert (velocity[::2] < velocity[1::2]).all()


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


def test_the_loudest_of_a_performance_are_not_all_at_the_top() -> None:
    takes = [loudness(rock(velocity=127.0), seed) for seed in range(4)]
    assert np.mean([loud == 127 for loud in takes]) < 0.3
