"""Be a drummer that says what a test wants, with the interface of the real network."""

from collections.abc import Callable

import numpy as np

from engines.drummer.feel import Shares
from engines.drummer.network import FORMAT, Card
from engines.drummer.page import COLUMNS
from engines.kit import VOICES

VELOCITY_EDGE = tuple(np.arange(0.5, 128.0).tolist())
LATE_EDGE = tuple(np.arange(-60.0, 61.0).tolist())
"""Bins of one velocity and of one ms."""

Says = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Return a value for each of H hits by their voices and onsets in beats."""


def always(value: float) -> Says:
    return lambda voice, _beats: np.full(len(voice), value)


class FakePlayer:
    """Say that each hit is about so loud and so late, give or take a width, all as likely."""

    def __init__(
        self,
        velocity: Says | float = 90.0,
        late: Says | float = 0.0,
        width: float = 10.0,
        **shares: Shares,
    ) -> None:
        self.card = Card(FORMAT, COLUMNS, VELOCITY_EDGE, LATE_EDGE, shares)
        self.windows: list[np.ndarray] = []
        self._says = [says if callable(says) else always(says) for says in (velocity, late)]
        self._width = width

    def run(
        self, said: np.ndarray, around: np.ndarray, beats: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        assert said.shape == (len(beats), len(COLUMNS))
        assert len(around) == len(beats)
        self.windows.append(beats)
        voice = said[:, : len(VOICES)].argmax(axis=1)
        velocity, late = (says(voice, beats) for says in self._says)
        return self._shares(velocity, VELOCITY_EDGE), self._shares(late, LATE_EDGE)

    def _shares(self, middle: np.ndarray, edge: tuple[float, ...]) -> np.ndarray:
        """Return the shares of the bins, (H, K), of what is even about each middle, (H,)."""
        low = middle[:, None] - self._width
        below = np.clip((np.array(edge) - low) / (2 * self._width), 0.0, 1.0)
        share = np.diff(below, axis=1)
        return np.asarray(share / share.sum(axis=1, keepdims=True))
