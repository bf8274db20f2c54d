from collections.abc import Iterator

import numpy as np
import pytest

from vst_host.ending import Slab, until, until_silent
from vst_host.sound import Fifo

RATE = 1_000


def slabs(sound: np.ndarray, size: int = 64) -> Iterator[Slab]:
    """Yield sound, then silence without an end."""
    start = 0
    while True:
        part = np.zeros((2, size), np.float32)
        given = sound[:, start : start + size]
        part[:, : given.shape[1]] = given
        yield Slab(start, part)
        start += size


def joined(parts: Iterator[Slab]) -> np.ndarray:
    found = list(parts)
    assert [slab.start for slab in found] == [0, *(slab.end for slab in found[:-1])]
    return np.concatenate([slab.mix for slab in found], axis=1)


@pytest.mark.parametrize("end", [1, 63, 64, 65, 1_000])
def test_it_has_as_many_frames_as_asked(end: int) -> None:
    assert joined(until(slabs(np.ones((2, 500))), end)).shape == (2, end)


def test_nothing_is_asked_and_nothing_comes() -> None:
    assert list(until(slabs(np.ones((2, 500))), 0)) == []


def test_it_ends_a_tenth_of_a_second_after_the_last_sound() -> None:
    assert joined(until_silent(slabs(np.ones((2, 500))), 200, RATE)).shape == (2, 600)


def test_silence_shorter_than_a_second_is_not_the_end() -> None:
    sound = np.zeros((2, 2_000), np.float32)
    sound[:, [100, 1_050, 1_999]] = 1
    assert joined(until_silent(slabs(sound), 0, RATE)).shape == (2, 2_100)


def test_silence_before_the_last_message_is_not_the_end() -> None:
    sound = np.zeros((2, 100), np.float32)
    assert joined(until_silent(slabs(sound), 5_000, RATE)).shape == (2, 5_100)


def test_it_ends_twenty_seconds_after_the_last_message_whatever_sounds() -> None:
    assert joined(until_silent(slabs(np.ones((2, 99_999))), 500, RATE)).shape == (2, 20_500)


def test_what_was_kept_comes_out_as_it_went_in() -> None:
    lots = np.random.default_rng(5)
    sound = lots.normal(size=(2, 1_000)).astype(np.float32)
    fifo = Fifo()
    taken = []
    for part in np.array_split(sound, 13, axis=1):
        fifo.push(part)
        taken.append(fifo.take(int(lots.integers(0, fifo.frames + 1))))
    taken.append(fifo.take(fifo.frames))
    assert np.array_equal(np.concatenate(taken, axis=1), sound)
