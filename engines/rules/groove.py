"""Play in time as people do: swing, push, drift together, and never twice the same.

Two levels make the timing, as in people: a slow clock that the whole band shares, and each player's
own motor deviations upon it.

Letters: N notes, O onsets.

Source: Wing and Kristofferson (1973), "Response delays and the timing of discrete motor responses",
Perception and Psychophysics 14(1): the two levels; Hennig et al. (2011), PLoS ONE 6(10) e26457:
the clock's 1/f^b spectrum; Goebl (2001), JASA 110(1): chords and the melody's lead.
"""

from typing import Annotated, Literal

import numpy as np

from engines.clip import MAX_BEATS, Clip
from engines.cycle import band_period
from engines.engine import Context
from engines.engine import Options as Root
from engines.features import CONNECTED, Features
from engines.fluctuation import Waves, fluctuate
from engines.option import dial, note
from engines.rules.asynchrony import chord_spread, melody_lateness, strum_lateness
from engines.rules.drumming import lateness_ms
from engines.seam import Seam
from engines.swing import swing_shift

STRAIGHT = 50.0
"""Swing in percent that changes nothing."""

CLOCK = Waves(slowest=64.0, fastest=2.0, exponent=0.9)
"""The shared clock. Source: Hennig et al. (2011), the middle of their players' exponents."""

HAND = Waves(slowest=16.0, fastest=0.4, exponent=0.7)
"""A player's own deviations. The pure model says white; but the drummers of the Groove MIDI Dataset
have an autocorrelation of 0.44 from one onset to the next, clock and hand together."""

LOOSENESS = {"drums": 0.6, "bass": 0.8, "strings": 1.3, "winds": 1.2, "pad": 1.5}
"""How far each role strays against a pianist, 1 where nothing is said. Our choice."""

MELODY_ROLES = ("piano", "keys")
"""Roles in which one player plays melody and accompaniment."""

FULL_INTERVAL_S = 0.25
"""Onsets at least this far apart stray fully, closer ones less, by the square root."""

ROOM = 0.45
"""How much of the way to the next onset a note may stray, so that none overtakes another."""

CLOSEST = 0.1
"""Swing and clock leave at least this share of the way from one onset to the next."""

LONGEST_PUSH = 0.25
"""Push and clock move a note by at most this many beats, and the rest by less, at any tempo."""

SHORTEST_SHARE = 0.25
"""A note keeps at least this share of its duration."""


class GrooveOptions(Root, frozen=True):
    """Say how much of each kind of timing."""

    amount: Annotated[float, dial(0, 2, "how much of all of it, 0 none, 1 as dialled")] = 1.0
    swing: Annotated[
        float, dial(50, 75, "share of a pair that its first note takes, 50 is straight", "%")
    ] = 50.0
    swing_grid: Annotated[Literal["8th", "16th"], note("which notes swing")] = "8th"
    feel: Annotated[
        float, dial(0, 2, "the player's habits: late backbeat and hats, early toms, melody lead")
    ] = 1.0
    push: Annotated[
        float, dial(-50, 50, "negative plays ahead of the beat, positive behind it", "ms")
    ] = 0.0
    drift: Annotated[
        float, dial(0, 30, "slow drift shared by all tracks, as a standard deviation", "ms")
    ] = 6.0
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
    edge: Annotated[
        Literal["hold", "wrap"],
        note(
            "what a note pulled out of the loop does: hold keeps it, with its chord, at the edge;"
            " wrap brings it in at the other end, which suits short sounds such as drums"
        ),
    ] = "hold"


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
        features = context.features
        if not options.amount or not len(clip.notes):
            return clip
        swung = _swing(features, options)
        tempo = clip.tempo.at(clip.notes.onset)
        per_ms = options.amount * tempo / 60e3
        band = _within(per_ms * _band(clip, options, context), LONGEST_PUSH)
        band = _in_order(features, swung + band)
        room = _room(features, band)
        hand = _within(per_ms * _hand(tempo, options, context), room)
        stray = _within(hand + per_ms * _habit(options, context), room)
        seam, free = Seam(clip, features), clip.notes.onset + band + stray
        wraps = options.edge == "wrap" and clip.loop is not None
        unwrapped = seam.freed(free) if wraps else seam.held(free)
        onset = seam.wrapped(unwrapped) if wraps else unwrapped
        duration = _durations(clip, features, unwrapped, band + hand)
        duration = seam.fitted(unwrapped, onset, duration)
        return clip.replace(notes=clip.notes.replace(onset=onset, duration=duration))


def _within(shift: np.ndarray, most: np.ndarray | float) -> np.ndarray:
    """Return shifts of at most so much either way; on few notes faster than `numpy.clip`."""
    return np.minimum(np.maximum(shift, -most), most)


def _swing(features: Features, options: GrooveOptions) -> np.ndarray:
    """Return what swing adds in beats: (N,)."""
    if options.swing == STRAIGHT:
        return np.zeros(len(features.notes))
    share = STRAIGHT + options.amount * (options.swing - STRAIGHT)
    return swing_shift(features, share / 100.0, options.swing_grid)


def _band(clip: Clip, options: GrooveOptions, context: Context) -> np.ndarray:
    """Return push and the clock that all parts of the band share in milliseconds: (N,)."""
    rng, period = context.shared_rng("clock"), band_period(clip, context.ensemble)
    clock = fluctuate(rng, context.features.group_onset - clip.region()[0], CLOCK, period=period)
    return options.push + options.drift * clock[context.features.group]


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


def _in_order(features: Features, band: np.ndarray) -> np.ndarray:
    """Return the shifts with each onset kept behind the one before, in beats: (N,).

    They change only where a wild clock meets a fast tempo.
    """
    moved = features.group_onset.copy()
    moved[features.group] += band
    moved -= CLOSEST * features.group_onset
    return band + (np.maximum.accumulate(moved) - moved)[features.group]


def _room(features: Features, band: np.ndarray) -> np.ndarray:
    """Return how far in beats each note may stray and not reach a neighbouring onset: (N,)."""
    onset = features.group_onset.copy()
    onset[features.group] += band
    gap = np.full(len(onset) + 1, np.inf)
    gap[1:-1] = onset[1:] - onset[:-1]
    gap = np.minimum(np.minimum(gap[:-1], gap[1:]), LONGEST_PUSH)
    return ROOM * np.maximum(gap, 0.0)[features.group]


def _durations(
    clip: Clip, features: Features, onset: np.ndarray, together: np.ndarray
) -> np.ndarray:
    """Return the durations in beats for the new onsets, (N,).

    A note that is tied to the next onset ends where that has moved to; any other keeps its own
    duration. `together` is how far each note's onset moves as a whole, (N,) beats.
    """
    onsets = len(features.group_onset)
    shift = np.zeros(onsets + 1)
    shift[features.group] = together
    tied = (features.notes.duration >= CONNECTED * features.slot) & (features.next_group < onsets)
    end = clip.notes.end + shift[features.next_group]
    duration = np.where(tied, end - onset, clip.notes.duration)
    return np.minimum(np.maximum(duration, SHORTEST_SHARE * clip.notes.duration), MAX_BEATS)
