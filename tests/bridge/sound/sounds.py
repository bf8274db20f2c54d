"""Make sound by hand, and say what a test needs that is not there."""

from importlib.util import find_spec

import numpy as np

from bridge.sound.level import Sound
from bridge.sound.recording import Recording
from tests.conftest import do_without

RATE = 48_000


def need(*names: str) -> None:
    """Do without a file of tests where a library is missing."""
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        what = f"{', '.join(missing)} is not installed: pip install 'yuragi[render]'"
        do_without(what, module=True)


def music(seconds: float = 3.0, level: float = 0.3, rate: int = RATE, seed: int = 0) -> np.ndarray:
    """Return strokes that ring, two a second, over a little noise, after .1 s of silence."""
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    stroke = np.sin(2 * np.pi * 220 * time) * np.exp(-6 * (time % 0.5))
    sound = level * (stroke[:, None] * [1.0, 0.7] + random.normal(0, 0.02, (len(time), 2)))
    sound[: rate // 10] = 0
    return sound.astype(np.float32)


def recorded(samples: np.ndarray, rate: int = RATE) -> Recording:
    """Return a recording of (F, 2) samples, which came in blocks."""
    recording = Recording(rate)
    for start in range(0, len(samples), 5000):
        recording.write(start, samples[start : start + 5000].tobytes())
    return recording


def heard(sound: Sound) -> np.ndarray:
    """Return all of a sound, (F, 2)."""
    return np.concatenate([np.zeros((0, 2), np.float32), *sound.blocks()])
