"""Bend the tempo: an arch over each phrase, a slow wander and a slowing at the end.

Letters: N notes, G cells of the curve's grid, A anchors, T tempo changes.
"""

from typing import Annotated, Literal, NamedTuple

import numpy as np

from engines import engine
from engines.clip import MAX_BEATS, Clip, Controllers, Tempo
from engines.cycle import band_period
from engines.engine import Context
from engines.features import Features
from engines.option import dial, note
from engines.reading import read

CELL = 0.5
"""Length in beats of the pieces of one tempo that stand for the smooth curve."""

MOST_CELLS = 100_000

TURN, TURN_SPREAD = 0.4, 0.08
"""Where in the phrase the tempo peaks: early, as in Director Musices' palettes (0.3 to 0.5)."""

START_SHARE = 0.5
"""How much of the arch's slowing its start gets. Source: Director Musices, phrase arch: 0.1 at the
start and 0.2 at the end for k = 1 (Friberg 1995, "Matching the rule parameters of phrase arch to
performances of Traumerei", STL-QPSR 36(2-3))."""

PHRASE_SPREAD = 0.25
"""Phrases differ in the depth of their arch by so much, in parts of it."""

RITARD_POWER = 3.0
"""Curvature q of the final ritard: 3 is how runners slow down, and of the values that listeners
heard they rated 2 and 3 highest. Source: Friberg and Sundberg (1999), JASA 105(3), "Does music
performance allude to locomotion?"."""

RITARD_S = 1.3
"""The shortest final ritard. Source: Director Musices, final ritard with k = 1."""

NEXT_PHRASE_BARS = 4

LEADING = ("drums", "bass", "pad", "guitar", "keys", "strings", "piano", "winds", "lead")
"""Roles by how clearly they say where a phrase begins, the clearest last."""

Write = Literal["notes", "tempo"]
Anchor = Literal["bars", "phrases", "ends"]


class RubatoOptions(engine.Options, frozen=True, kw_only=True):
    """Choose how far the tempo bends, and how it is written."""

    amount: Annotated[float, dial(0, 2, "how far the tempo bends, 1 as the other dials say")] = 1.0
    write: Annotated[
        Write,
        note(
            "notes moves the notes, which works in every DAW; tempo leaves them on the grid and"
            " bends the tempo map, which files keep and clips in a DAW ignore"
        ),
    ] = "notes"
    anchor: Annotated[
        Anchor,
        note("where moved notes stay in time with the grid; bars keeps a band together"),
    ] = "bars"
    arch: Annotated[float, dial(0, 30, "how much slower a phrase ends than it peaks", "%")] = 10.0
    final: Annotated[
        float,
        dial(
            0, 80, "slowing at the end; only in a tempo map or anchored at the ends, no loops", "%"
        ),
    ] = 30.0
    wander: Annotated[float, dial(0, 10, "slow drift of the tempo from bar to bar", "%")] = 1.5


class Rubato:
    """Give all parts of a request one curve of tempo."""

    name = "rules.rubato"
    summary = "Lets the tempo breathe: forward into the phrase, back at its end."
    kind = "humanizer"
    Options = RubatoOptions

    def __call__(self, clip: Clip, options: RubatoOptions, context: Context) -> Clip:
        """Return the clip with another tempo map or other times of notes and controllers."""
        if options.amount == 0 or not any(len(part.notes) for part in context.ensemble):
            return clip
        leader = _leader(context)
        if options.write == "tempo":
            return clip.replace(tempo=bend(leader, options, context).applied(clip.tempo))
        period = band_period(clip, context.ensemble)
        curve = bend(leader, options, context, period)
        anchors = _anchors(leader, options.anchor, context.ensemble, period)
        return _warped(clip, curve, anchors, period)


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
        total = np.cumsum(np.diff(self.edge) * np.exp(-self.log_speed))
        return np.interp(beats, self.edge, np.concatenate([[0.0], total]))


def bend(
    leader: Features, options: RubatoOptions, context: Context, period: float | None = None
) -> Curve:
    """Return the curve that all parts of the request share.

    It is drawn from the leader's phrases and the request's shared random stream. Apart from the
    final ritard the mean tempo stays. With a period in beats it is that long, counted from the
    start of every part's loop, and ends as it began.
    """
    start = leader.clip.region()[0] if period else 0.0
    end = period or max(max(part.length, leader.bar_onset[-1]) for part in context.ensemble)
    edge = np.append(np.arange(0.0, end - 1e-6, max(CELL, end / MOST_CELLS)), end)
    middle = (edge[1:] + edge[:-1]) / 2
    rng = context.shared_rng("curve")
    phrases = _phrases(leader, start, end)
    log_speed = options.arch / 100 * _arches(phrases, middle, rng)
    log_speed += options.wander / 100 * _wander(leader.bar_onset - start, middle, period, rng)
    spent = np.diff(leader.clip.tempo.seconds(start + edge))
    log_speed += (
        np.log(np.average(np.exp(-options.amount * log_speed), weights=spent)) / options.amount
    )
    if options.final and (options.write == "tempo" or options.anchor == "ends"):
        log_speed += _ritard(leader, middle, options.final / 100, context.ensemble)
    return Curve(edge, (options.amount * log_speed).clip(np.log(0.2), np.log(3.0)))


def _arches(phrases: np.ndarray, beats: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return how far below its peak the tempo is, (G,): 0 at each turn to about -1 at each end.

    Source: Todd (1985), "A model of expressive timing in tonal music", Music Perception 3(1), has
    the parabola; its two halves differ as in Director Musices' phrase arch (see `START_SHARE`).
    """
    count = len(phrases) - 1
    turn = TURN + TURN_SPREAD * rng.standard_normal(count).clip(-2, 2)
    depth = np.maximum(1 + PHRASE_SPREAD * rng.standard_normal(count), 0.2)
    phrase = np.clip(np.searchsorted(phrases, beats, side="right") - 1, 0, count - 1)
    x = (beats - phrases[phrase]) / np.diff(phrases)[phrase]
    before = START_SHARE * ((turn[phrase] - x) / turn[phrase]) ** 2
    after = ((x - turn[phrase]) / (1 - turn[phrase])) ** 2
    return np.asarray(-depth[phrase] * np.where(x < turn[phrase], before, after))


def _wander(
    bars: np.ndarray, beats: np.ndarray, period: float | None, rng: np.random.Generator
) -> np.ndarray:
    """Return a drift from bar line to bar line of variance 1 there, (G,), round a period if any."""
    level = rng.standard_normal(len(bars))
    if period is None:
        return np.interp(beats, bars, level)
    within = (bars >= 0) & (bars < period - 1e-6)
    if not within.any():
        return np.zeros(len(beats))
    return np.interp(beats, bars[within], level[within], period=period)


def _ritard(
    leader: Features, beats: np.ndarray, slowing: float, ensemble: tuple[Clip, ...]
) -> np.ndarray:
    """Return the logarithm of the final ritard's speed, (G,): v(x) = (1 + (w^q - 1) x)^(1/q).

    x runs from 0 to 1 over the last bar before the leader's last onset, w is the last speed.
    """
    last = float(leader.group_onset[-1])
    if last == 0 or any(part.loop for part in ensemble):
        return np.zeros(len(beats))
    bar = leader.metres[-1].bar
    length = max(bar, RITARD_S * float(leader.clip.tempo.at(np.array(last))) / 60.0)
    x = ((beats - last) / min(length, last / 2) + 1).clip(0.0, 1.0)
    return np.log1p(((1 - slowing) ** RITARD_POWER - 1) * x) / RITARD_POWER


def _phrases(leader: Features, start: float, end: float) -> np.ndarray:
    """Return the leader's phrase starts after `start`, going on in phrases of the usual length.

    They count from there: from 0 to `end`.
    """
    known = leader.phrase_onset - start
    more = np.arange(known[-1], end, NEXT_PHRASE_BARS * leader.metres[-1].bar)
    starts = np.unique(np.concatenate([known[:-1], more]))
    starts = starts[(starts > CELL) & (starts < end - CELL)]
    return np.concatenate([[0.0], starts[np.diff(starts, prepend=0.0) > CELL], [end]])


def _leader(context: Context) -> Features:
    """Return the part that says best where phrases begin."""
    parts = [
        context.features if index == context.part else read(clip)
        for index, clip in enumerate(context.ensemble)
    ]
    return max(parts, key=lambda f: (len(f.notes) > 0, LEADING.index(f.role), len(f.notes)))


def _anchors(
    leader: Features, anchor: Anchor, ensemble: tuple[Clip, ...], period: float | None
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
    onset = moved(notes.onset)
    if len(controllers):
        controllers = Controllers(
            number=controllers.number, time=moved(controllers.time), value=controllers.value
        )
    return clip.replace(
        notes=notes.replace(onset=onset, duration=moved(notes.end) - onset), controllers=controllers
    )
