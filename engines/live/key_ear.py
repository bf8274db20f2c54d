"""Hear the key of what is played, one note at a time.

Each note adds to every key how well it belongs there, and what was heard before fades; the key
with the most is the one whose profile correlates best with what was heard, for all profiles have
the same mean and length.

Source: Krumhansl (1990), Cognitive Foundations of Musical Pitch, ch. 4; the profiles are those of
`engines.performance.tonality`.
"""

from functools import cache

from engines.live.scale import INTERVALS, Scale
from engines.performance.tonality import KEYS

MEMORY = 0.96
"""What is left of a note when the next one comes: half of what is known is from the last 17 notes,
for 0.96 ** 17 is 0.5. A melody of two or four bars. Our choice."""

MARGIN = 0.4
"""Another key must fit better by so much. One note moves two keys apart by 0.25 or less in three
cases of four, and by 0.95 at most, so it takes two or three notes to change. Our choice."""


class KeyEar:
    """Tell the key of what was heard lately."""

    def __init__(self) -> None:
        self._fits = [0.0] * 24
        self._key: int | None = None

    def hear(self, pitch: int) -> None:
        """Take in one note."""
        belongs = _belongs()[pitch % 12]
        self._fits = [fit * MEMORY + more for fit, more in zip(self._fits, belongs, strict=True)]

    def scale(self, tonic: int | None, mode: str | None) -> Scale:
        """Return the scale that fits best, with the given tonic and mode if they are not None."""
        keys = _candidates(tonic, mode)
        best = max(keys, key=self._fits.__getitem__)
        if self._key not in keys or self._fits[best] > self._fits[self._key] + MARGIN:
            self._key = best
        return Scale(self._key % 12, mode or ("major" if self._key < 12 else "minor"))


@cache
def _candidates(tonic: int | None, mode: str | None) -> tuple[int, ...]:
    """Return the keys that may be meant, 0 to 11 major and 12 to 23 minor, from C."""
    kinds = (0, 12) if mode is None else (12 if 3 in INTERVALS[mode][:3] else 0,)
    tonics = range(12) if tonic is None else (tonic,)
    return tuple(kind + note for kind in kinds for note in tonics)


@cache
def _belongs() -> tuple[tuple[float, ...], ...]:
    """Return how well each pitch class belongs to the keys, (12, 24)."""
    return tuple(tuple(row) for row in KEYS.T.tolist())
