"""Each note is shown the highest notes of the onsets around its own."""

import numpy as np
import pytest

from engines.performance.surroundings import NEIGHBOURS, TOLD, surroundings
from engines.performance.view import COLUMNS

PITCH = list(COLUMNS).index("pitch")


def chords(size: int, onsets: int) -> tuple[np.ndarray, np.ndarray]:
    """Return a view that knows pitches alone, onset number o having o, o + 100, ...; and beats."""
    onset = np.repeat(np.arange(onsets), size)
    view = np.zeros((size * onsets, len(COLUMNS)), dtype=np.float32)
    view[:, PITCH] = onset + 100.0 * np.tile(np.arange(size), onsets)
    return view, onset.astype(np.float32)


@pytest.mark.parametrize("size", [1, 3])
def test_the_highest_notes_around_are_shown(size: int) -> None:
    around = surroundings(*chords(size, 20)).reshape(-1, len(NEIGHBOURS), len(TOLD))
    of_onset_9 = around[9 * size : 10 * size, :, TOLD.index("pitch")]
    assert (of_onset_9 == 9 + NEIGHBOURS + 100.0 * (size - 1)).all()


def test_beyond_the_ends_the_first_and_the_last_are_shown() -> None:
    around = surroundings(*chords(1, 3))[:, :: len(TOLD)]
    assert around.tolist() == [[0, 0, 0, 1, 2, 2], [0, 0, 0, 2, 2, 2], [0, 0, 1, 2, 2, 2]]


def test_the_order_in_a_chord_does_not_matter() -> None:
    view, beats = chords(3, 5)
    mixed = np.arange(len(view)).reshape(5, 3)[:, ::-1].ravel()
    assert (surroundings(view[mixed], beats) == surroundings(view, beats)).all()
