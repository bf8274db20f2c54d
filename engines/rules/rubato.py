"""Bend the tempo: an arch over each phrase, a slow wander and a slowing at the end.

Letters: G cells of the curve's grid.
"""

from typing import Annotated

import numpy as np

from engines import engine
from engines.clip import Clip
from engines.engine import Context
from engines.features import Features
from engines.option import dial
from engines.tempo_curve import CELL, Anchor, Curve, Grid, Write, performed

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


class RubatoOptions(engine.Options, frozen=True, kw_only=True):
    """Choose how far the tempo bends, and how it is written."""

    amount: Annotated[float, dial(0, 2, "how far the tempo bends, 1 as the other dials say")] = 1.0
    write: Write = "notes"
    anchor: Anchor = "bars"
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

        def bend(leader: Features, grid: Grid) -> Curve:
            return _bend(leader, grid, options, context)

        return performed(clip, context, bend, write=options.write, anchor=options.anchor)


def _bend(leader: Features, grid: Grid, options: RubatoOptions, context: Context) -> Curve:
    """Return the curve that all parts of the request share.

    It is drawn from the leader's phrases and the request's shared random stream. Apart from the
    final ritard the mean tempo stays.
    """
    rng = context.shared_rng("curve")
    phrases = _phrases(leader, grid.start, grid.end)
    log_speed = options.arch / 100 * _arches(phrases, grid.middle, rng)
    bars = leader.bar_onset - grid.start
    log_speed += options.wander / 100 * _wander(bars, grid.middle, grid.period, rng)
    log_speed = grid.levelled(leader, options.amount * log_speed)
    if options.final and (options.write == "tempo" or options.anchor == "ends"):
        slowing = options.final / 100
        log_speed += options.amount * _ritard(leader, grid.middle, slowing, context.ensemble)
    return grid.curve(log_speed)


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
