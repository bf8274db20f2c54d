"""Define what all sound is: (2, F) float32, left and right, F frames; 1 is full scale.

Whatever makes sound is a `Source`: each is asked for the frames that come next, and asks those
before it, so that all keep the same time whatever they need to look ahead.
"""

from collections import deque
from typing import Final, Protocol

import numpy as np

STEP: Final = 2048
"""Frames that effects are given at once, always as many: another length would reset some."""

SILENCE: Final = 1e-4
"""What stays below it is silence: -80 dB of full scale."""


class Source(Protocol):
    """Be what makes sound."""

    def read(self, frames: int) -> np.ndarray:
        """Return the next frames, (2, F)."""


class Fifo:
    """Keep sound until it is asked for."""

    def __init__(self) -> None:
        self._kept: deque[np.ndarray] = deque()
        self.frames = 0

    def push(self, sound: np.ndarray) -> None:
        """Add (2, F) at the end."""
        if sound.shape[1]:
            self._kept.append(sound)
            self.frames += sound.shape[1]

    def take(self, frames: int) -> np.ndarray:
        """Return and forget the first frames, which must be there."""
        taken = []
        while frames:
            sound = self._kept.popleft()
            if sound.shape[1] > frames:
                self._kept.appendleft(sound[:, frames:])
                sound = sound[:, :frames]
            taken.append(sound)
            frames -= sound.shape[1]
            self.frames -= sound.shape[1]
        if len(taken) == 1:
            return taken[0]
        return np.concatenate(taken, axis=1) if taken else np.zeros((2, 0), np.float32)


def peak(sound: np.ndarray) -> float:
    """Return the largest absolute sample."""
    return max(float(sound.max()), -float(sound.min())) if sound.size else 0.0


def decibels(amplitude: float) -> float:
    """Return an amplitude in dB of full scale."""
    return float(20 * np.log10(max(amplitude, 1e-10)))


def amplitude(level_db: float) -> np.float32:
    """Return the factor of a level."""
    return np.float32(10 ** (level_db / 20))
