"""Choose the stretch of music that is drawn and place times on it.

Letters: L bar lines.
"""

import numpy as np

from bridge.error import BridgeError
from bridge.picture.part import Part
from engines.features import Features

MOST_NOTES = 220
"""How many notes of a part still read well side by side in one picture."""

MOST_BEATS = 64.0
"""How many beats still read well side by side."""


MOST_BARS = 1000
"""How many bars a page holds: half an hour and more, and browsers still scroll it."""


class Window:
    """Be the stretch [start, end) in beats, drawn `width` px wide at the picture's own size.

    `bars` are the bar lines in it, (L,) beats, and `first_bar` the number of the first of them, or
    of the bar that it lies in if there are none. `opened` adds the line of the bar it begins in.
    """

    def __init__(self, start: float, end: float, width: float, lines: np.ndarray) -> None:
        self.start = start
        self.end = end
        self.width = width
        first, last = np.searchsorted(lines[:-1], [start - 1e-9, end - 1e-9]).tolist()
        self.bars = lines[first:last]
        self.opened = lines[max(first - 1, 0) : last]
        self.first_bar = max(first + 1 if last > first else first, 1)

    @property
    def px_per_beat(self) -> float:
        """How wide a beat is drawn."""
        return self.width / (self.end - self.start)

    def px(self, beats: np.ndarray) -> np.ndarray:
        """Return how far from the left edge times in beats lie, in px, any shape."""
        return np.asarray((beats - self.start) * self.px_per_beat)

    def percent(self, beats: np.ndarray) -> list[str]:
        """Return the places of (K,) times in parts of the width: they follow it when it grows."""
        return [f"{value:.4f}%" for value in ((beats - self.start) * (100 / self.span)).tolist()]

    def percent_wide(self, beats: np.ndarray, least_px: float) -> list[str]:
        """Return lengths of (K,) beats in parts of the width, none below `least_px`."""
        least = 100.0 * least_px / self.width
        shares = np.maximum(beats * (100 / self.span), least)
        return [f"{value:.4f}%" for value in shares.tolist()]

    def sees(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """Return which of (K,) stretches lie at least partly inside: (K,) bool."""
        return np.asarray((start < self.end) & ((end > self.start) | (start >= self.start)))

    @property
    def span(self) -> float:
        """Length in beats."""
        return self.end - self.start


def bar_lines(parts: tuple[Part, ...]) -> np.ndarray:
    """Return the bar lines of the longest part and its end: (L+1,) beats, rising."""
    longest = max(parts, key=lambda part: part.shown.length, default=None)
    return np.array([0.0, 4.0]) if longest is None else Features(longest.shown).bar_onset


def whole(parts: tuple[Part, ...], start: float | None, end: float | None) -> tuple[float, float]:
    """Return the stretch that is asked for; without an end, all of the music, at most `MOST_BARS`.

    Raises:
        BridgeError: the stretch has no length.
    """
    low, lines = 0.0 if start is None else start, bar_lines(parts)
    last = min(int(np.searchsorted(lines, low)) + MOST_BARS, len(lines) - 1)
    high = float(lines[last]) if end is None else end
    if not (np.isfinite(low) and np.isfinite(high) and high > low):
        raise BridgeError(f"the picture's end is {high:g}, allowed are beats after {low:g}")
    return low, high


def excerpt(parts: tuple[Part, ...], start: float | None, end: float | None) -> tuple[float, float]:
    """Return the stretch that is asked for; without an end, as many whole bars as read well.

    Without a start it begins with the first bar that has a note.

    Raises:
        BridgeError: the stretch has no length.
    """
    low, high = whole(parts, start, end)
    if end is not None:
        return low, high
    lines = bar_lines(parts)
    onsets = [np.sort(part.shown.notes.onset) for part in parts]
    if start is None:
        low = _first_bar(onsets, lines)
    ends = lines[lines > low + 1e-9]
    near = ends[ends <= low + MOST_BEATS].tolist()
    return low, next((bar for bar in reversed(near) if _reads(onsets, low, bar)), float(ends[0]))


def _first_bar(onsets: list[np.ndarray], lines: np.ndarray) -> float:
    first = min((float(times[0]) for times in onsets if len(times)), default=0.0)
    bar = int(np.searchsorted(lines, first + 1e-9, side="right")) - 1
    return float(lines[min(bar, len(lines) - 2)])


def _reads(onsets: list[np.ndarray], start: float, end: float) -> bool:
    """Tell whether no part has too many notes to read between start and end."""
    counts = [int(np.diff(np.searchsorted(times, [start, end]))[0]) for times in onsets]
    return max(counts, default=0) <= MOST_NOTES
