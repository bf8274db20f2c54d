"""A recording keeps sound on disk, and nothing of it stays."""

import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.error import BridgeError
from bridge.sound.level import Sound
from bridge.sound.recording import CHUNK, FRAME, Recording
from tests.bridge.sound.sounds import RATE, heard, music, recorded


def test_blocks_come_back_as_they_went_in() -> None:
    samples = music()
    with recorded(samples) as recording:
        assert np.array_equal(heard(Sound(recording)), samples)
        assert recording.frames == len(samples)
        assert recording.peak == np.abs(samples).max()


def test_beyond_both_ends_there_is_silence() -> None:
    samples = music()
    with recorded(samples) as recording:
        around = recording.read(-10, len(samples) + 10)
    assert not around[:10].any()
    assert not around[-10:].any()
    assert np.array_equal(around[10:-10], samples)


def test_what_is_no_number_is_silent_and_counted() -> None:
    samples = np.array([[np.nan, 0.5], [np.inf, -np.inf]], np.float32)
    with recorded(samples) as recording:
        assert recording.faults == 3
        assert recording.read(0, 2).tolist() == [[0, 0.5], [0, 0]]
        assert recording.peak == 0.5


def test_no_file_is_seen_while_it_records_nor_after(tmp_path: Path) -> None:
    with Recording(RATE, tmp_path) as recording:
        recording.write(0, music())
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


def test_memory_does_not_grow_with_the_music(tmp_path: Path) -> None:
    block = music(0.2)
    tracemalloc.start()
    with Recording(RATE, tmp_path) as recording:
        for row in range(600):  # two minutes, 46 MB
            recording.write(row * len(block), block)
        for _ in recording.blocks():
            pass
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert recording.frames * FRAME > 40e6
    assert peak < 8 * CHUNK * FRAME  # a chunk as it is read, as bytes, as an array


def test_a_full_disk_is_a_sentence(tmp_path: Path, full_disk: Callable[[], None]) -> None:
    recording = Recording(RATE, tmp_path)
    full_disk()
    with pytest.raises(BridgeError, match=r"cannot keep the sound .*: File too large; TMPDIR"):
        fill(recording)


def fill(recording: Recording) -> None:
    with recording:
        recording.write(0, music())


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BridgeError, match="cannot keep the sound"):
        Recording(RATE, tmp_path / "none")


def test_what_is_cancelled_is_neither_written_nor_read() -> None:
    over = threading.Event()
    with Recording(RATE, cancelled=over) as recording:
        recording.write(0, music())
        over.set()
        with pytest.raises(BridgeError, match="cancelled"):
            recording.write(0, music())
        with pytest.raises(BridgeError, match="cancelled"):
            list(recording.blocks())
