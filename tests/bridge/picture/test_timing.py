import numpy as np
import pytest

from bridge.picture.pairing import pair
from bridge.picture.timing import grid_ms, grid_of, shift_ms
from engines import Clip, Tempo
from tests.clips import stiff_clip


def at(bpm: float) -> Tempo:
    return Tempo(time=np.zeros(1), bpm=np.full(1, bpm))


def on(onset: np.ndarray, tempo: Tempo | None = None) -> Clip:
    clip = stiff_clip(len(onset))
    return clip.replace(notes=clip.notes.replace(onset=onset), tempo=tempo or at(120))


def test_a_shift_is_read_at_the_tempo_after() -> None:
    before, after = on(np.array([4.0]), at(120)), on(np.array([4.1]), at(60))
    # 0.1 beats at 60 bpm last 0.1 s
    assert shift_ms(before, after, pair(before.notes, after.notes)) == pytest.approx([100.0])


def test_a_slower_tempo_makes_no_note_late() -> None:
    before, after = on(np.arange(8.0), at(120)), on(np.arange(8.0), at(60))
    assert shift_ms(before, after, pair(before.notes, after.notes)).tolist() == [0.0] * 8


def test_straight_music_is_measured_against_sixteenths() -> None:
    clip = on(np.array([0.0, 0.25, 0.52, 1.0]))
    grid = grid_of(clip)
    assert grid is not None
    assert grid.name == "sixteenths"
    # 0.02 beats at 120 bpm last 10 ms
    assert grid_ms(clip, grid) == pytest.approx([0.0, 0.0, 10.0, 0.0])


def test_shuffled_music_is_measured_against_triplets() -> None:
    grid = grid_of(on(np.array([0, 2 / 3, 1, 5 / 3, 2, 8 / 3])))
    assert grid is not None
    assert grid.name == "eighth-note triplets"


def test_music_beside_every_grid_is_measured_against_none() -> None:
    # a sixth of a beat is two thirds of a sixteenth, and half a triplet eighth
    assert grid_of(on(np.arange(8) + 1 / 6)) is None
