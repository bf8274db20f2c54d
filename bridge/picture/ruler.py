"""Draw bar lines, beats and their numbers.

Letters: L bar lines.
"""

from collections.abc import Iterator

import numpy as np

from bridge.picture.lane import Lane
from bridge.picture.part import Part
from bridge.picture.svg import path, stretched, text
from bridge.picture.window import Window
from engines.clip import Metre

RULER_HEIGHT = 20.0

ROOM = 44.0
"""The least room in px for a number."""

BEAT_ROOM = 9.0
"""The least room in px between beats."""

MOST_BEATS = 2000
"""How many beats may have numbers: more would make a page slow."""

LEVELS = 16
"""How often the numbers of bars can be thinned out by half: bars 1, 3, 5 ..., then 1, 5, 9 ..."""

LINE_ROOM = 4.0
"""The least room in px between bar lines."""


def ruler(part: Part, window: Window, *, scalable: bool = False) -> Lane:
    """Draw the bars' numbers, those of beats where they fit, and metres where they begin.

    A scalable ruler holds all numbers, classed by the zoom from which they fit.
    """
    numbers = np.arange(len(window.bars)) + window.first_bar
    x = window.percent(window.bars)
    least = 0 if scalable else level_for(_bar_px(window))
    bars = "".join(
        text(str(bar), place, RULER_HEIGHT - 7, f"t-bar r{level}", dx=4)
        for bar, place in zip(numbers.tolist(), x, strict=True)
        if (level := _level(bar)) >= least
    )
    if not scalable and window.px_per_beat < ROOM:
        return Lane(RULER_HEIGHT, "", bars)
    return Lane(RULER_HEIGHT, "", bars + _beat_numbers(part, window))


def grid(part: Part, window: Window, height: float, *, scalable: bool = False) -> str:
    """Draw the lines of bars and beats through a whole panel."""
    drawn = ""
    if scalable or window.px_per_beat >= BEAT_ROOM:
        beats = np.array([time for time, _ in _beats(part, window)])
        drawn += path(_lines(window.px(beats), height), "line fine beat")
    least = 0 if scalable else level_for(_bar_px(window), LINE_ROOM)
    kept = [_level(window.first_bar + row) >= least for row in range(len(window.bars))]
    drawn += path(_lines(window.px(window.bars[kept]), height), "line fine bar")
    return stretched(drawn, window.width, height)


def level_for(bar_px: float, room: float = ROOM) -> int:
    """Return the least level of bars that have their room in px where a bar is so many px wide."""
    return next((level for level in range(LEVELS) if bar_px * 2**level >= room), LEVELS)


def _bar_px(window: Window) -> float:
    spans = np.diff(np.append(window.bars, window.end))
    return float(np.median(spans)) * window.px_per_beat if len(spans) else window.width


def _level(bar: int) -> int:
    """Return how often bar - 1 can be halved."""
    return next((level for level in range(LEVELS) if (bar - 1) >> level & 1), LEVELS)


def _beats(part: Part, window: Window) -> Iterator[tuple[float, int]]:
    """Yield times and numbers of the beats that begin no bar, in the metre's own unit."""
    ends = np.append(window.opened[1:], window.end)
    for bar, end in zip(window.opened.tolist(), ends.tolist(), strict=True):
        unit = 4.0 / _metre(part, bar).denominator
        count = int(np.ceil((end - bar) / unit - 1e-6))
        first = max(int(np.ceil((window.start - bar) / unit - 1e-6)), 1)
        yield from ((bar + beat * unit, beat + 1) for beat in range(first, count))


def _beat_numbers(part: Part, window: Window) -> str:
    beats = list(_beats(part, window))
    if len(beats) > MOST_BEATS:
        return ""
    places = window.percent(np.array([time for time, _ in beats]))
    return "".join(
        text(str(number), place, RULER_HEIGHT - 7, "t-beat dim beat-number", dx=4)
        for (_, number), place in zip(beats, places, strict=True)
    )


def _metre(part: Part, time: float) -> Metre:
    return next(m for m in reversed(part.features.metres) if m.time <= time + 1e-9)


def _lines(x: np.ndarray, height: float) -> list[str]:
    return [f"M{place:.2f} 0V{height:.1f}" for place in x.tolist()]
