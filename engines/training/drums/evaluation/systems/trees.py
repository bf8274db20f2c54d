"""Learn with boosted trees from each hit and those around it: the bar for learned drummers.

Letters: H hits, F columns, R rows to learn from.

Source: Ke et al. (2017), "LightGBM: a highly efficient gradient boosting decision tree", NeurIPS
30, in scikit-learn's histogram-based version.
"""

from collections.abc import Sequence

import numpy as np
from sklearn.ensemble import HistGradientBoostingRegressor

from engines.kit import VOICES
from engines.training.drums.evaluation.window import (
    BARS,
    STEPS,
    Case,
    Played,
    Window,
    joined,
)

REACH = 8
"""Sixteenths before and after a hit that are looked at."""

CATEGORIES = [0, 4]
"""The columns that name a kind: voice and genre; the drummer's is the one after."""


class Trees:
    """Predict the median offset and the mean velocity of each hit; every sample is the prediction.

    Args:
        is_told: whether it is told who plays.
        iterations: how many trees are grown of each.
    """

    border_bars = 4

    def __init__(self, *, is_told: bool = False, iterations: int = 300) -> None:
        self.name = "boosted trees, told" if is_told else "boosted trees"
        self.is_told = is_told
        self.iterations = iterations

    def fit(self, lessons: Sequence[Case]) -> None:
        """Grow the trees from windows that do not overlap."""
        lessons = [case for case in lessons if case.given.bar % BARS == 0]
        self.genres = sorted({case.given.genre for case in lessons})
        self.drummers = sorted({case.given.drummer for case in lessons})
        rows = np.concatenate([self._rows(case.given) for case in lessons])
        hits = joined(case.played for case in lessons)
        steps = np.concatenate([case.played.offset_ms / case.given.step_ms for case in lessons])
        self.offset = self._grown("absolute_error", rows, steps)
        self.velocity = self._grown("squared_error", rows, hits.velocity)

    def predict(self, window: Window) -> Played:
        """Return what the trees say."""
        rows = self._rows(window)
        offset_ms = self.offset.predict(rows) * window.step_ms
        return Played(self.velocity.predict(rows).clip(1.0, 127.0), offset_ms)

    def sample(self, window: Window, seed: int) -> Played:  # noqa: ARG002 - they leave no choice
        """Return what the trees say, for each seed."""
        return self.predict(window)

    def _grown(
        self, loss: str, rows: np.ndarray, target: np.ndarray
    ) -> HistGradientBoostingRegressor:
        return HistGradientBoostingRegressor(
            loss=loss,
            max_iter=self.iterations,
            max_leaf_nodes=63,
            learning_rate=0.08,
            min_samples_leaf=40,
            categorical_features=[*CATEGORIES, CATEGORIES[-1] + 1] if self.is_told else CATEGORIES,
            random_state=0,
            early_stopping=False,
        ).fit(rows, target)

    def _rows(self, window: Window) -> np.ndarray:
        """Return what is told of each hit: (H, F) float32."""
        count = len(window.step)
        columns = [
            window.voice,
            window.position,
            window.step % (BARS * STEPS),
            np.full(count, window.bpm),
            np.full(count, _number(self.genres, window.genre)),
        ]
        if self.is_told:
            columns.append(np.full(count, _number(self.drummers, window.drummer)))
        return np.concatenate([np.stack(columns, axis=1), around(window)], axis=1, dtype=np.float32)


def around(window: Window) -> np.ndarray:
    """Return which voices are struck on each sixteenth around each hit: (H, 17 * 9) of 0 and 1."""
    struck = np.zeros((window.bars * STEPS + 2 * REACH, len(VOICES)))
    struck[window.step + REACH, window.voice] = 1.0
    near = window.step[:, None] + np.arange(2 * REACH + 1)
    return struck[near].reshape(len(near), -1)


def _number(names: Sequence[str], name: str) -> float:
    """Return the place of a name, NaN of an unknown one."""
    return float(names.index(name)) if name in names else float("nan")
