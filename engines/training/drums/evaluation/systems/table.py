"""Look up how a voice is played on average at a sixteenth of the bar, in a genre.

Letters: H hits, G genres, C cells.
"""

from collections.abc import Sequence

import numpy as np

from engines.training.drums.evaluation.histogram import CELLS, cell_of
from engines.training.drums.evaluation.systems.even import scattered
from engines.training.drums.evaluation.window import Case, Played, Window, joined

DOUBT = 20.0
"""The mean over all genres counts as so many hits of each cell of a genre, and the mean over all
cells as so many of each cell."""


class Table:
    """Know the mean of each voice at each sixteenth in each genre.

    A sample adds white noise of the size that is missing to drummers'.
    """

    name = "table"
    border_bars = 0

    def fit(self, lessons: Sequence[Case]) -> None:
        """Learn the means, and how far hits stray from them."""
        self.genres = sorted({case.given.genre for case in lessons})
        row = np.concatenate([self._rows(case.given) for case in lessons])
        hits = joined(case.played for case in lessons)
        self.velocity = _means(row, hits.velocity, len(self.genres))
        self.offset_ms = _means(row, hits.offset_ms, len(self.genres))
        self.deviation = (
            float((hits.velocity - self.velocity[row]).std()),
            float((hits.offset_ms - self.offset_ms[row]).std()),
        )

    def predict(self, window: Window) -> Played:
        """Return the mean of each hit's cell."""
        row = self._rows(window)
        return Played(self.velocity[row], self.offset_ms[row])

    def sample(self, window: Window, seed: int) -> Played:
        """Return the mean of each hit's cell with white noise."""
        return scattered(window, self.predict(window), self.deviation, seed)

    def _rows(self, window: Window) -> np.ndarray:
        """Return the row of each hit: (H,) int; the first rows are for genres that are unknown."""
        known = window.genre in self.genres
        genre = self.genres.index(window.genre) + 1 if known else 0
        return np.asarray(genre * CELLS + cell_of(window))


def _means(row: np.ndarray, values: np.ndarray, genres: int) -> np.ndarray:
    """Return the mean of each cell over all genres, then in each of them: ((G + 1) C,)."""
    overall = _drawn_in(row % CELLS, values, np.full(CELLS, values.mean()))
    return _drawn_in(row, values, np.tile(overall, genres + 1))


def _drawn_in(row: np.ndarray, values: np.ndarray, towards: np.ndarray) -> np.ndarray:
    """Return the mean of each row, drawn towards another where there are few values."""
    count = np.bincount(row, minlength=len(towards))
    total = np.bincount(row, values, minlength=len(towards))
    return np.asarray((total + DOUBT * towards) / (count + DOUBT))
