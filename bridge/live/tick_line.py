"""Draw a line through the ticks of a clock: when which tick sounds, and how far apart they lie.

It is drawn by least squares over as many ticks as lie on one line, at most eight beats of them:
many ticks average what cables and drivers scatter, few of them follow a tempo that changes.

Letters: W ticks in the window.
"""

from collections import deque
from itertools import pairwise

import numpy as np

from engines.clip import DEFAULT_BPM

TICKS = 24
"""Ticks in a quarter note. Source: MIDI 1.0, timing clock."""

WINDOW = 192
"""The most ticks that are averaged. With a scatter of 1 ms the slope of a line through n points is
sure to 1 ms sqrt(12 / n^3), here 0.006 % of a tick at 120 bpm, and its end to 2 ms / sqrt(n), here
0.14 ms. Source: the variances of a least squares line through evenly spaced points."""

SUPPOSED_S = 60.0 / (DEFAULT_BPM * TICKS)
"""The interval of a clock of which one tick is known: so who starts with it starts on time."""

LEAST = 4
"""So many ticks in a row on one side of the line say that the tempo has changed; as many draw a
new one."""

FASTEST_S = 60.0 / (400 * TICKS)
"""No clock is faster: a tick at 400 bpm. What comes closer together was held up on its way."""

FLOOR_S = 5e-5
"""The least scatter that is believed, some two samples."""

UNKNOWN_S = 1e-3
"""The scatter that is believed of a clock of which less than `KNOWN` ticks were heard."""

KNOWN = 12

LEAN = 2.5
"""A tick leans to a side if it is off by so many times the scatter: four of them do so alike by
chance once in 3e8 ticks, for 2 * 0.0062 ** 4 is 3e-9."""

STRAIGHT = 1.5
"""Ticks are on one line if they scatter about it at most so many times as they do from one to the
next."""

NEAR = 0.2
"""A tick that is off by a greater share of an interval is a stray."""

MIDDLE = 0.1
"""Ticks too many that lie so near the middle of an interval are no second clock but twice the
tempo."""


class Line:
    """Be the line through W ticks.

    Args:
        index: which ticks they are, (W,) from 0 on.
        time_s: when they came, (W,).
    """

    def __init__(self, index: np.ndarray, time_s: np.ndarray) -> None:
        self._index, self._time_s = float(index.mean()), float(time_s.mean())
        x, y = index - self._index, time_s - self._time_s
        self.interval_s = float(x @ y / (x @ x))
        self.off_s = y - x * self.interval_s

    def time_s(self, tick: float) -> float:
        """Return when a tick comes."""
        return self._time_s + (tick - self._index) * self.interval_s

    def off(self, tick: int, time_s: float) -> float:
        """Return by which share of an interval a tick came late."""
        return (time_s - self.time_s(tick)) / self.interval_s

    def tick(self, time_s: float) -> float:
        """Return the tick, with its fraction, at a time."""
        return self._index + (time_s - self._time_s) / self.interval_s


class TickLine:
    """Hear ticks and keep the line through them.

    Args:
        count: the index of the first tick.
        interval_s: how far apart ticks are supposed to lie until two have come.

    Attributes:
        count: the index of the next tick.
        line: the line, None before the first tick.
        crowded: whether two clocks seem to tick at once.
    """

    def __init__(self, count: int = 0, interval_s: float = SUPPOSED_S) -> None:
        self.count = count
        self.line: Line | None = None
        self.crowded = False
        self._ticks: list[tuple[int, float]] = []
        self._strays: list[tuple[int, float]] = []
        self._sides: deque[int] = deque(maxlen=LEAST)
        self._raw: deque[float] = deque(maxlen=TICKS + 1)
        self._extra: deque[float] = deque(maxlen=TICKS)
        self._heard = 0
        self._supposed_s: float | None = interval_s

    def hear(self, time_s: float) -> None:
        """Count a tick."""
        self._raw.append(time_s)
        self._heard += 1
        index, self.count = self.count, self.count + 1
        line = self.line
        if line is None or self._supposed_s:
            self._begin(index, time_s)
        elif abs(line.off(index, time_s)) < NEAR:
            self._accept(line, index, time_s)
        elif len(self._strays) == 1 and abs(line.off(index - 1, time_s)) < NEAR:
            self._leave_out(line, index, time_s)
        else:
            self._strays.append((index, time_s))
            self._lean(line, index, time_s)
        if self._heard % TICKS == 0 and len(self._raw) > TICKS:
            self._look_for_another()

    def _begin(self, index: int, time_s: float) -> None:
        """Take one of the first ticks in; the first alone is believed to be the first of many."""
        self._ticks.append((index, time_s))
        if self._draw(self._ticks):
            self._supposed_s = None
        elif self._supposed_s and len(self._ticks) == 1:
            self.line = _line([(index - 1, time_s - self._supposed_s), (index, time_s)])

    def _accept(self, line: Line, index: int, time_s: float, extra: float = 0.0) -> None:
        """Take a tick in; strays before it were single faults."""
        self._strays.clear()
        self._extra.append(extra)
        self._ticks.append((index, time_s))
        del self._ticks[:-WINDOW]
        if not self._lean(line, index, time_s):
            self._draw(self._ticks)

    def _leave_out(self, line: Line, index: int, time_s: float) -> None:
        """Take a tick in that shows that the stray before it was one too many."""
        phase = 1.0 + line.off(index - 1, self._strays[0][1])
        self.count -= 1
        self._accept(line, index - 1, time_s, max(phase, 1e-9))
        last = list(self._extra)[-LEAST:]
        if len(last) == LEAST and all(abs(phase - 0.5) < MIDDLE for phase in last):
            self._double()

    def _double(self) -> None:
        """Take the ticks between the others for ticks: the tempo is twice as high."""
        self.count += LEAST
        self._start_from(list(self._raw)[-2 * LEAST :])

    def _halve(self) -> None:
        """Leave out every other tick: they were those of a second clock."""
        self.count -= len(self._ticks) // 2
        self._start_from(list(self._raw)[::2])

    def _start_from(self, times: list[float]) -> None:
        """Draw the line through the last ticks anew."""
        self._ticks = list(zip(range(self.count - len(times), self.count), times, strict=True))
        self._strays.clear()
        self._extra.clear()
        self._draw(self._ticks)

    def _lean(self, line: Line, index: int, time_s: float) -> bool:
        """Note to which side a tick is off; return whether all last ones are off to the same."""
        off_s = line.off(index, time_s) * line.interval_s
        leans = abs(off_s) > LEAN * self._scatter_s()
        self._sides.append((1 if off_s > 0 else -1) if leans else 0)
        if abs(sum(self._sides)) < LEAST:
            return False
        self._redraw()
        return True

    def _redraw(self) -> None:
        """Draw the line through the most ticks, of the last, that lie on one."""
        ticks = self._ticks + self._strays
        count = len(ticks)
        while count > LEAST and not self._straight(ticks[-count:]):
            count = max(count // 2, LEAST)
        if self._draw(ticks[-count:]):
            self._ticks = ticks[-count:]
            self._strays.clear()
            self._sides.clear()

    def _straight(self, ticks: list[tuple[int, float]]) -> bool:
        line, scatter_s = _line(ticks), self._scatter_s()
        spread_s = float(np.sqrt(line.off_s @ line.off_s / (len(ticks) - 2)))
        last = line.off_s[-LEAST:]
        leans = min(abs(last)) > LEAN * scatter_s and abs(np.sign(last).sum()) == LEAST
        return spread_s < STRAIGHT * scatter_s and not leans

    def _draw(self, ticks: list[tuple[int, float]]) -> bool:
        """Draw the line, and return whether it can be that of a clock."""
        if len(ticks) < 2:
            return False
        line = _line(ticks)
        if line.interval_s < FASTEST_S:
            return False
        self.line = line
        return True

    def _scatter_s(self) -> float:
        """Return how far ticks stray, from how unlike neighbouring intervals are.

        The second difference of independent errors has 6 times their variance and does not see a
        tempo that changes evenly; the median does not see one that jumps.
        """
        if len(self._ticks) < KNOWN:
            return UNKNOWN_S
        times = np.array([time_s for _, time_s in self._ticks[-4 * TICKS :]])
        unlike = float(np.median(abs(np.diff(times, n=2))))
        return max(unlike / (0.6745 * 6**0.5), FLOOR_S)

    def _look_for_another(self) -> None:
        """Notice a second clock: ticks too many, or intervals that are short and long by turns."""
        many = sum(phase > 0 for phase in self._extra) >= TICKS // 2
        gaps = np.array([after - before for before, after in pairwise(self._raw)])
        even, odd = gaps[::2], gaps[1::2]
        apart = abs(even.mean() - odd.mean())
        by_turns = apart > NEAR * gaps.mean() and apart > 2.0 * (even.std() + odd.std())
        self.crowded = bool(many or by_turns)
        if by_turns and self.line and self.line.interval_s < 1.5 * gaps.mean():
            self._halve()


def _line(ticks: list[tuple[int, float]]) -> Line:
    index, time_s = zip(*ticks, strict=True)
    return Line(np.array(index, dtype=float), np.array(time_s))
