"""Mix tracks: each at its level and place, together, and apart if that is asked for."""

from collections.abc import Sequence

import numpy as np

from bridge.sound_protocol import Instrument
from vst_host.sound import Fifo, Source, amplitude


class Fader:
    """Set a track's level and place.

    The place is a balance: the far side falls like a cosine, the near side and the middle stay.
    """

    def __init__(self, source: Source, instrument: Instrument) -> None:
        self._source = source
        far = np.float32(np.cos(abs(instrument.pan) * np.pi / 2))
        sides = (far, 1) if instrument.pan > 0 else (1, far)
        level = amplitude(instrument.gain_db)
        self._factors = np.array([[side * level] for side in sides], np.float32)
        self._plain = bool((self._factors == 1).all())

    def read(self, frames: int) -> np.ndarray:
        """Return the next frames."""
        sound = self._source.read(frames)
        return sound if self._plain else sound * self._factors


class Mix:
    """Be the sum of tracks.

    Attributes:
        parts: what each track brought last.
        stems: what each track has brought and nobody has taken, if they are kept.
    """

    def __init__(self, tracks: Sequence[Source], *, keep: bool) -> None:
        self._tracks = tracks
        self.parts: list[np.ndarray] = []
        self.stems = [Fifo() for _ in tracks] if keep else []

    def read(self, frames: int) -> np.ndarray:
        """Return the next frames."""
        self.parts = parts = [track.read(frames) for track in self._tracks]
        for stem, part in zip(self.stems, parts, strict=False):
            stem.push(part)
        if len(parts) == 1:
            return parts[0]
        total = parts[0] + parts[1]
        for part in parts[2:]:
            total += part
        return total
