"""Bend the time of all parts that play together by one curve of tempo.

Letters: G cells of the curve's grid, A anchors, T tempo changes.
"""

from collections.abc import Callable
from typing import Annotated, Literal, NamedTuple

import numpy as np

from engines.clip import MAX_BEATS, Clip, Tempo
from engines.cycle import band_period
from engines.engine import Context
from engines.features import Features
from engines.option import note

CELL = 0.5
"""Length in beats of the pieces of one tempo that stand for the smooth curve."""

MOST_CELLS = 100_000

LEADING = ("drums", "bass", "pad", "guitar", "keys", "strings", "piano", "winds", "lead")
"""Roles by how clearly they say where a phrase begins, the clearest last."""

Write = Annotated[
    Literal["notes", "tempo"],
    note(
        "notes moves the notes, which works in every DAW; tempo leaves them on the grid and"
        " bends the tempo map, which files keep and clips in a DAW ignore"
    ),
]
Anchor = Annotated[
    Literal["bars", "phrases", "ends"],
    note("where moved notes stay in time with the grid; bars keeps a band together"),
]

SLOWEST, FASTEST = 0.2, 3.0
"""No tempo is bent further than to these parts of it."""


class Curve(NamedTuple):
    """Hold a relative tempo for each cell: edges in beats (G+1,), logarithms of speed (G,)."""

    edge: np.ndarray
    log_speed: np.ndarray

    def applied(self, tempo: Tempo) -> Tempo:
        """Return a tempo map bent by the curve."""
        time = np.union1d(self.edge[:-1], tempo.time)
        cell = np.searchsorted(self.edge, time, side="right") - 1
        speed = np.exp(self.log_speed)[np.minimum(cell, len(self.log_speed) - 1)]
        allowed = Tempo.COLUMNS["bpm"]
        return Tempo(time=time, bpm=(tempo.at(time) * speed).clip(allowed.low, allowed.high))

    def passed(self, beats: np.ndarray) -> np.ndarray:
        """Return how much time, in beats of speed 1, has gone by at times in beats."""
        total = np.zeros(len(self.edge))
        np.cumsum((self.edge[1:] - self.edge[:-1]) * np.exp(-self.log_speed), out=total[1:])
        return np.interp(beats, self.edge, total)


class Grid(NamedTuple):
    """Hold what a curve is drawn over: where it begins in the leader's clip, its edges (G+1,).

    With a `period` in beats it is that long, is counted from the start of every part's loop, and
    has to end as it began. All is in beats.
    """

    start: float
    edge: np.ndarray
    period: float | None

    @property
    def end(self) -> float:
        """How long the curve is."""
        return float(self.edge[-1])

    @property
    def middle(self) -> np.ndarray:
        """The middles of the cells: (G,)."""
        return np.asarray((self.edge[1:] + self.edge[:-1]) / 2)

    def levelled(self, leader: Features, log_speed: np.ndarray) -> np.ndarray:
        """Return logarithms of speed, (G,), so shifted that the music is as long as written."""
        spent = np.diff(leader.clip.tempo.seconds(self.start + self.edge))
        return np.asarray(log_speed + np.log(np.exp(-log_speed) @ spent / spent.sum()))

    def curve(self, log_speed: np.ndarray) -> Curve:
        """Return the curve of these logarithms of speed, (G,)."""
        return Curve(self.edge, log_speed.clip(np.log(SLOWEST), np.log(FASTEST)))


Bend = Callable[[Features, Grid], Curve]
"""Draw a curve that the leader leads over a grid."""


def performed(clip: Clip, context: Context, bend: Bend, *, write: str, anchor: str) -> Clip:
    """Return a part whose tempo map, or whose notes and controllers, all parts' curve bends."""
    leader = leading(context)
    if write == "tempo":
        return clip.replace(tempo=bend(leader, grid(leader, context)).applied(clip.tempo))
    period = band_period(clip, context.ensemble)
    anchors = _anchors(leader, anchor, context.ensemble, period)
    return _warped(clip, bend(leader, grid(leader, context, period)), anchors, period)


def grid(leader: Features, context: Context, period: float | None = None) -> Grid:
    """Return what the curve is drawn over: all parts, or a period of them."""
    end = period or max(max(part.length, leader.bar_onset[-1]) for part in context.ensemble)
    inner = np.arange(0.0, end - 1e-6, max(CELL, end / MOST_CELLS))[1:]
    edge = np.concatenate([[0.0], inner, [end]])
    return Grid(leader.clip.region()[0] if period else 0.0, edge, period)


def leading(context: Context) -> Features:
    """Return the part that says best where phrases begin."""
    return max(
        context.readings, key=lambda f: (len(f.notes) > 0, LEADING.index(f.role), len(f.notes))
    )


def _anchors(
    leader: Features, anchor: str, ensemble: tuple[Clip, ...], period: float | None
) -> np.ndarray:
    """Return the times that stay where they are, (A,) beats.

    Every part's ends are among them, or those of the period from whose start they count.
    """
    lines = {"bars": leader.bar_onset, "phrases": leader.phrase_onset, "ends": np.empty(0)}[anchor]
    if period is None:
        ends = [time for part in ensemble for time in (0.0, *part.region(), part.length)]
        return np.unique(np.concatenate([ends, lines]))
    lines = lines - leader.clip.region()[0]
    lines = lines[(lines > 1e-6) & (lines < period - 1e-6)]
    return np.concatenate([[0.0], lines, [period]])


def _warped(clip: Clip, curve: Curve, anchors: np.ndarray, period: float | None) -> Clip:
    """Move notes and controllers in time, monotonically between the anchors."""
    fixed, (start, _) = curve.passed(anchors), clip.region()

    def once(beats: np.ndarray) -> np.ndarray:
        inside = np.interp(curve.passed(beats), fixed, anchors)
        return np.where(beats < anchors[-1], inside, beats)

    def moved(beats: np.ndarray) -> np.ndarray:
        if period is None:
            return np.minimum(once(beats), MAX_BEATS)
        origin = start + period * np.floor((beats - start) / period)
        latest = np.where(beats <= clip.length, clip.length, MAX_BEATS)
        return np.clip(origin + once(beats - origin), 0.0, latest)

    notes, controllers = clip.notes, clip.controllers
    times = moved(np.concatenate([notes.onset, notes.end, controllers.time]))
    onset, end, time = np.split(times, [len(notes), 2 * len(notes)])
    return clip.replace(
        notes=notes.replace(onset=onset, duration=end - onset),
        controllers=controllers.replace(time=time),
    )
