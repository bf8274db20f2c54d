"""Play in time as people do: swing, push, drift together, and never twice the same.

Two levels make the timing, as in people: a slow clock that the whole band shares, and each player's
own motor deviations upon it.

Letters: N notes, O onsets.

Source: Wing and Kristofferson (1973), "Response delays and the timing of discrete motor responses",
Perception and Psychophysics 14(1): the two levels; Hennig et al. (2011), PLoS ONE 6(10) e26457:
the clock's 1/f^b spectrum; Goebl (2001), JASA 110(1): chords and the melody's lead.
"""

from typing import Annotated

import numpy as np

from engines.band import TOGETHER, Leader, Together, pull
from engines.clip import Clip
from engines.engine import Context
from engines.engine import Options as Root
from engines.fluctuation import Waves, fluctuate
from engines.option import dial
from engines.placement import Drift, Edge, Push, Shifts, Swing, SwingGrid, clock, placed, swung
from engines.rules.asynchrony import chord_spread, melody_lateness, strum_lateness
from engines.rules.drumming import lateness_ms

HAND = Waves(slowest=16.0, fastest=0.4, exponent=0.7)
"""A player's own deviations. The pure model says white; but the drummers of the Groove MIDI Dataset
have an autocorrelation of 0.44 from one onset to the next, clock and hand together."""

LOOSENESS = {"drums": 0.6, "bass": 0.8, "strings": 1.3, "winds": 1.2, "pad": 1.5}
"""How far each role strays against a pianist, 1 where nothing is said. Our choice."""

MELODY_ROLES = ("piano", "keys")
"""Roles in which one player plays melody and accompaniment."""

FULL_INTERVAL_S = 0.25
"""Onsets at least this far apart stray fully, closer ones less, by the square root."""


class GrooveOptions(Root, frozen=True):
    """Say how much of each kind of timing."""

    amount: Annotated[float, dial(0, 2, "how much of all of it, 0 none, 1 as dialled")] = 1.0
    swing: Swing = 50.0
    swing_grid: SwingGrid = "8th"
    feel: Annotated[
        float, dial(0, 2, "the player's habits: late backbeat and hats, early toms, melody lead")
    ] = 1.0
    push: Push = 0.0
    drift: Drift = 6.0
    deviation: Annotated[
        float, dial(0, 30, "straying of each onset, less for drummers, more for pads", "ms")
    ] = 6.0
    spread: Annotated[float, dial(0, 20, "straying of the notes within a chord", "ms")] = 4.0
    strum: Annotated[
        float,
        dial(
            0,
            60,
            "first to last string of chords of three notes or more, down on the beat, up off it",
            "ms",
        ),
    ] = 0.0
    melody_lead: Annotated[
        float, dial(0, 50, "how far the melody of a piano or keys comes before its chord", "ms")
    ] = 18.0
    leader: Leader = "auto"
    together: Together = TOGETHER
    edge: Edge = "hold"


class Groove:
    """Shift every onset by swing, push, clock, hand and habit."""

    name = "rules.groove"
    summary = (
        "Moves notes in time: swing, push and pull, shared drift, late backbeats, melody lead."
    )
    kind = "humanizer"
    Options = GrooveOptions

    def __call__(self, clip: Clip, options: GrooveOptions, context: Context) -> Clip:
        """Return the clip with new onsets and durations."""
        if not options.amount or not len(clip.notes):
            return clip
        return played(clip, options, context, pull(context, options, played))


def played(clip: Clip, options: GrooveOptions, context: Context, drawn: np.ndarray) -> Clip:
    """Return the clip as dialled, its notes drawn to others by so many seconds, (N,)."""
    features = context.features
    tempo = clip.tempo.at(clip.notes.onset)
    per_ms = options.amount * tempo / 60e3
    shifts = Shifts(
        swing=swung(features, options.swing, options.swing_grid, options.amount),
        band=per_ms * (options.push + options.drift * clock(clip, context)),
        hand=per_ms * _hand(tempo, options, context) + tempo / 60.0 * drawn,
        habit=per_ms * _habit(options, context),
    )
    return placed(clip, features, shifts, options.edge)


def _hand(tempo: np.ndarray, options: GrooveOptions, context: Context) -> np.ndarray:
    """Return how far the player strays at each onset in milliseconds: (N,)."""
    features = context.features
    loose = options.deviation * LOOSENESS.get(features.role, 1.0)
    calm = np.sqrt(np.minimum(features.ioi * 60.0 / tempo / FULL_INTERVAL_S, 1.0))
    start, end = features.clip.region()
    period = end - start if features.clip.loop else None
    stray = fluctuate(context.rng("hand"), features.group_onset - start, HAND, period=period)
    return loose * calm * stray[features.group]


def _habit(options: GrooveOptions, context: Context) -> np.ndarray:
    """Return how notes that are written together fall apart in milliseconds: (N,)."""
    features, rng = context.features, context.rng("chord")
    late = options.spread * LOOSENESS.get(features.role, 1.0) * chord_spread(features, rng)
    if options.strum:
        stroke = strum_lateness(features, context.rng("strum"))
        late = np.where(np.isnan(stroke), late, options.strum * np.nan_to_num(stroke))
    if features.role == "drums":
        late += options.feel * lateness_ms(features)
    if features.role in MELODY_ROLES:
        late += options.feel * options.melody_lead * melody_lateness(features, rng)
    return late
