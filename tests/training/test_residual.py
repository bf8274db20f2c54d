"""The memory of noise is found in the noise itself."""

import numpy as np
import pytest

from engines import Clip, Notes
from engines.features import Features
from engines.performance.scatter import Memory, noise
from engines.training.residual import Residual, memory_of


def strayed(memory: Memory, seed: int, onsets: int = 1500, size: int = 3) -> Residual:
    """Return noise of a memory on chords in eighths."""
    onset = np.repeat(0.5 * np.arange(onsets), size)
    pitch = np.tile(48 + 7 * np.arange(size), onsets)
    notes = Notes(pitch=pitch, onset=onset, duration=np.full(len(onset), 0.5))
    features = Features(Clip(notes, length=0.5 * onsets))
    field = noise(features, memory, np.random.default_rng(seed))
    return Residual(field, features.group, features.group_onset)


def likeness(residuals: list[Residual]) -> np.ndarray:
    """Return how alike the notes of a chord are, and the chords 1 to 4 onsets apart."""
    field = np.stack([one.score.reshape(-1, 3) for one in residuals])
    in_chords = (field[..., 0] * field[..., 1]).mean()
    chord = field.mean(axis=-1)
    apart = [(chord[:, lag:] * chord[:, :-lag]).mean() for lag in range(1, 5)]
    return np.array([in_chords, *apart])


@pytest.mark.parametrize(
    "memory",
    [
        Memory(wander=0.0, onset=0.0),
        Memory(wander=0.5, onset=0.2, fastest=0.5),
        Memory(wander=0.2, onset=0.6, slowest=16.0, fastest=2.0),
        Memory(wander=0.3, onset=0.3, fastest=0.5, exponent=1.5, bounce=0.3),
    ],
)
def test_a_memory_is_found_in_its_own_noise(memory: Memory) -> None:
    found = memory_of([strayed(memory, seed) for seed in range(12)])
    # twelve recordings of 1,500 onsets; slow waves come round a dozen times in each
    assert found.wander == pytest.approx(memory.wander, abs=0.1)
    assert found.onset == pytest.approx(memory.onset, abs=0.1)
    assert found.bounce == pytest.approx(memory.bounce, abs=0.1)


def test_noise_of_the_memory_found_is_as_alike_where_its_waves_are_not_among_those_tried() -> None:
    heard = [strayed(Memory(wander=0.5, onset=0.2, fastest=1.0), seed) for seed in range(6)]
    found = memory_of(heard)
    again = [strayed(found, seed) for seed in range(6)]
    np.testing.assert_allclose(likeness(again), likeness(heard), atol=0.06)


def test_slow_and_fast_waves_are_told_apart() -> None:
    slow, fast = (
        memory_of([strayed(Memory(0.8, 0.0, length, 0.5, 1.0), seed) for seed in range(8)])
        for length in (64.0, 16.0)
    )
    assert (slow.slowest, fast.slowest) == (64.0, 16.0)


def test_the_shares_leave_room_for_each_note_s_own() -> None:
    together = Residual(np.ones(400), np.arange(400) // 4, 0.5 * np.arange(100))
    found = memory_of([together])
    assert found.wander + found.onset + found.bounce < 1.0


def test_a_line_of_single_notes_shares_nothing_in_chords() -> None:
    alone = [strayed(Memory(0.0, 0.5), seed, size=1) for seed in range(4)]
    assert memory_of(alone).onset == 0.0


@pytest.mark.parametrize("notes", [1, 2, 40])
def test_short_recordings_have_a_memory_too(notes: int) -> None:
    few = Residual(np.linspace(-1, 1, notes), np.arange(notes), np.arange(float(notes)))
    assert np.isfinite(np.array(memory_of([few]))).all()


def test_nothing_has_no_memory() -> None:
    nothing = memory_of([])
    assert (nothing.wander, nothing.onset, nothing.bounce) == (0.0, 0.0, 0.0)
