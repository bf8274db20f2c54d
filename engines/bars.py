"""Count bars: which metre holds at a time, and when so many bars have passed."""

from bisect import bisect_right

from engines.clip import MAX_BEATS, Metre


def metre_at(time: float, metres: tuple[Metre, ...]) -> tuple[Metre, float]:
    """Return the metre at a time in beats, and when the next one begins."""
    here = bisect_right(metres, time + 1e-9, key=lambda metre: metre.time)
    return metres[here - 1], metres[here].time if here < len(metres) else MAX_BEATS


def end_of_bars(start: float, count: int, metres: tuple[Metre, ...]) -> float:
    """Return when so many bars from a start in beats have passed, at most `MAX_BEATS`.

    A bar is cut off where the metre changes.
    """
    for _ in range(count):
        metre, limit = metre_at(start, metres)
        start = min(start + metre.bar, limit)
    return start
