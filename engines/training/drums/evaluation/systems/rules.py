"""Play by our own rules: the engines whose names begin with "rules"."""

from collections.abc import Sequence

import numpy as np

from engines.preset import Chain
from engines.stage import Stage
from engines.training.drums.evaluation.window import Case, Played, Window, clip_of, joined

STAGES = (Stage("rules.velocity", {"keep_accents": False}), Stage("rules.groove"))
"""All rules for drums, as dialled by default."""

DRAWN = 8
"""The prediction is the mean of so many performances."""


class Rules:
    """Render the window, written at the mean velocity, with each seed."""

    name = "our rules"
    border_bars = 0

    def __init__(self) -> None:
        self.chain = Chain(STAGES)
        self._window: Window | None = None
        self._played: dict[int, Played] = {}

    def fit(self, lessons: Sequence[Case]) -> None:
        """Learn the mean velocity, and nothing else."""
        self.velocity = float(joined(case.played for case in lessons).velocity.mean())

    def predict(self, window: Window) -> Played:
        """Return the mean of the first samples."""
        played = [self.sample(window, seed) for seed in range(DRAWN)]
        velocity, offset_ms = (np.mean(values, axis=0) for values in zip(*played, strict=True))
        return Played(velocity, offset_ms)

    def sample(self, window: Window, seed: int) -> Played:
        """Return the performance of a seed; those of the last window are remembered."""
        if window is not self._window:
            self._window, self._played = window, {}
        if seed not in self._played:
            self._played[seed] = self._rendered(window, seed)
        return self._played[seed]

    def _rendered(self, window: Window, seed: int) -> Played:
        written = clip_of(window, self.velocity)
        (clip,) = self.chain.render((written,), seed=seed)
        late = clip.notes.onset - written.notes.onset
        return Played(clip.notes.velocity, late * 60e3 / window.bpm)
