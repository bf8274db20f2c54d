"""Measure how loud sound is, a piece at a time.

Letters: F frames, H steps of a tenth of a second, J blocks of four steps.

Source: ITU-R BS.1770-4, annex 1.
"""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from bridge.sound.extra import extra

STEPS_A_SECOND: Final = 10
"""Gating blocks of 400 ms overlap by three quarters."""

STEPS: Final = 4
"""Steps of a gating block."""

FLOOR: Final = -70.0
"""Blocks that are softer, in LUFS, do not count."""

BELOW: Final = 10.0
"""Blocks that are softer than all by more, in LU, do not count either."""

OFFSET: Final = -0.691
"""Makes up for what the weighting adds at 1 kHz, in dB."""


def loudness(blocks: Iterable[np.ndarray], sample_rate: int) -> float | None:
    """Return the integrated loudness in LUFS, None if it is too short or too soft to have one.

    Args:
        blocks: the sound, (F, 2) each.
        sample_rate: frames a second.
    """
    meter = Meter(sample_rate)
    for block in blocks:
        meter.hear(block)
    return meter.integrated()


class Meter:
    """Hear sound block by block, and tell its loudness at the end."""

    def __init__(self, sample_rate: int) -> None:
        with extra():
            from pyloudnorm import IIRfilter  # noqa: PLC0415 - only who renders has it
            from scipy.signal import sosfilt  # noqa: PLC0415
        self._rate = sample_rate
        self._filter: Any = sosfilt
        # the two filters of "K-weighting", as pyloudnorm draws them for any sample rate
        shelf = IIRfilter(4.0, 1 / np.sqrt(2), 1500.0, sample_rate, "high_shelf")
        high_pass = IIRfilter(0.0, 0.5, 38.0, sample_rate, "high_pass")
        self._sections = np.array([[*one.b, *one.a] for one in (shelf, high_pass)])
        self._state = np.zeros((2, 2, 2))
        self._frames = 0
        self._energy: list[float] = []

    def hear(self, block: np.ndarray) -> None:
        """Take (F, 2) frames in."""
        if not len(block):
            return
        weighted, self._state = self._filter(
            self._sections, block.astype(np.float64), axis=0, zi=self._state
        )
        power = np.square(weighted).sum(axis=1)
        last = self._step(self._frames + len(block) - 1)
        self._energy += [0.0] * (last + 1 - len(self._energy))
        first = self._step(self._frames)
        lines = [self._line(step) - self._frames for step in range(first + 1, last + 1)]
        sums = np.add.reduceat(power, [0, *lines])
        for step, energy in enumerate(sums, first):
            self._energy[step] += float(energy)
        self._frames += len(block)

    def integrated(self) -> float | None:
        """Return the loudness in LUFS of what was heard, None if that has none."""
        whole = self._step(self._frames)  # a step that is not full is left out
        if whole < STEPS:
            return None
        energy = np.convolve(self._energy[:whole], np.ones(STEPS), "valid")
        power = energy / (STEPS * self._rate / STEPS_A_SECOND)  # (J,)
        loud = power[power > _power(FLOOR)]
        if not len(loud):
            return None
        loud = loud[loud > _power(_lufs(loud.mean()) - BELOW)]
        return _lufs(loud.mean())

    def _line(self, step: int) -> int:
        """Return the frame at which a step begins."""
        return -(-step * self._rate // STEPS_A_SECOND)

    def _step(self, frame: int) -> int:
        """Return the step that a frame is in."""
        return frame * STEPS_A_SECOND // self._rate


def _lufs(power: float) -> float:
    return float(OFFSET + 10 * np.log10(power))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET) / 10))
