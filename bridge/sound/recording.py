"""Keep what is bounced in a temporary file, so that memory does not grow with the music.

Letters: F frames.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from threading import Event
from types import TracebackType
from typing import Final, Self

import numpy as np

from bridge.error import BridgeError
from bridge.sound.fault import unwanted
from bridge.sound_protocol import CHANNELS

CHUNK: Final = 2**16
"""Frames that are worked on at once: half a megabyte."""

FRAME: Final = CHANNELS * 4
"""Bytes of a frame: a float32 for each channel."""


class Recording:
    """Be stereo sound in a file without a name, which is gone when this is closed or forgotten.

    Attributes:
        sample_rate: frames a second.
        frames: how long it is.
        peak: the largest absolute sample.
        faults: how many samples were no numbers; they are silent.

    Args:
        sample_rate: frames a second.
        folder: where the file is; None is the system's folder for such files.
        cancelled: once it is set, reading and writing end.
    """

    def __init__(
        self, sample_rate: int, folder: Path | None = None, cancelled: Event | None = None
    ) -> None:
        self.sample_rate = sample_rate
        self.frames = 0
        self.peak = 0.0
        self.faults = 0
        self._cancelled = cancelled
        self._folder = folder or Path(gettempdir())
        try:
            # closed by close(), which is what this class is for
            self._file = TemporaryFile(prefix="yuragi-", dir=self._folder)  # noqa: SIM115
        except OSError as error:
            raise self._refusal(error) from error

    def write(self, start: int, audio: bytes | np.ndarray) -> None:
        """Put sound at frame `start`: (F, 2) float32, as an array or as the bytes of one.

        Raises:
            BridgeError: it was cancelled, or the system refuses: the disk is full, say.
        """
        self._go_on()
        block = np.frombuffer(audio, "<f4") if isinstance(audio, bytes) else audio.ravel()
        if not len(block):
            return
        numbers = np.isfinite(block)
        if not numbers.all():
            self.faults += int(np.count_nonzero(~numbers))
            block = np.where(numbers, block, 0)
        try:
            self._file.seek(start * FRAME)
            self._file.write(block.astype("<f4", copy=False).tobytes())
        except OSError as error:
            raise self._refusal(error) from error
        self.frames = max(self.frames, start + len(block) // CHANNELS)
        self.peak = max(self.peak, float(np.abs(block).max()))

    def read(self, start: int, stop: int) -> np.ndarray:
        """Return the frames from `start` up to `stop`, (F, 2) float32; silence beyond both ends.

        Raises:
            BridgeError: it was cancelled, or the system refuses.
        """
        self._go_on()
        low, high = max(start, 0), min(stop, self.frames)
        sound = np.zeros((stop - start, CHANNELS), np.float32)
        if low < high:
            try:
                self._file.seek(low * FRAME)
                content = self._file.read((high - low) * FRAME)
            except OSError as error:
                raise self._refusal(error) from error
            sound[low - start : high - start] = np.frombuffer(content, "<f4").reshape(-1, CHANNELS)
        return sound

    def blocks(self) -> Iterator[np.ndarray]:
        """Yield all of it, (F, 2) float32 at a time."""
        for start in range(0, self.frames, CHUNK):
            yield self.read(start, min(start + CHUNK, self.frames))

    def close(self) -> None:
        """Let go of the file, and so of the sound."""
        try:
            self._file.close()
        except OSError as error:  # what waited to be written finds no room
            raise self._refusal(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.close()
            return
        with suppress(OSError):  # the first error is the one to tell
            self._file.close()

    def _go_on(self) -> None:
        if self._cancelled is not None and self._cancelled.is_set():
            raise unwanted()

    def _refusal(self, error: OSError) -> BridgeError:
        reason = error.strerror or str(error)
        return BridgeError(
            f"{self._folder} cannot keep the sound while it is made: {reason}; TMPDIR may name"
            " a folder with more room"
        )
