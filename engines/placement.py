"""Place notes in time: swing, a clock for the band, a hand for each player, and no disorder.

Letters: N notes, O onsets.

Source: Wing and Kristofferson (1973), "Response delays and the timing of discrete motor responses",
Perception and Psychophysics 14(1): a shared clock and each player's own motor deviations upon it.
"""

from collections.abc import Callable
from typing import Annotated, Literal, NamedTuple

import numpy as np

from engines.bounded import bounded
from engines.clip import MAX_BEATS, Clip
from engines.cycle import band_period
from engines.engine import Context
from engines.features import CONNECTED, Features
from engines.fluctuation import Waves, fluctuate
from engines.option import dial, note
from engines.seam import Seam
from engines.swing import swing_shift

CLOCK = Waves(slowest=64.0, fastest=2.0, exponent=0.9)
"""The shared clock. Source: Hennig et al. (2011), PLoS ONE 6(10) e26457: the middle of their
players' exponents."""

ROOM = 0.45
"""How much of the way to the next onset a note may stray, so that none overtakes another."""

CLOSEST = 0.1
"""Swing and clock leave at least this share of the way from one onset to the next."""

LONGEST_PUSH = 0.25
"""Push and clock move a note by at most this many beats, and the rest by less, at any tempo."""

SHORTEST_SHARE = 0.25
"""A note keeps at least this share of its duration."""

STRAIGHT = 50.0
"""Swing in percent that changes nothing."""

Swing = Annotated[
    float, dial(50, 75, "share of a pair that its first note takes, 50 is straight", "%")
]
SwingGrid = Annotated[Literal["8th", "16th"], note("which notes swing")]
Push = Annotated[float, dial(-50, 50, "negative plays ahead of the beat, positive behind it", "ms")]
Drift = Annotated[
    float, dial(0, 30, "slow drift shared by all tracks, as a standard deviation", "ms")
]
Edge = Annotated[
    Literal["hold", "wrap"],
    note(
        "what a note pulled out of the loop does: hold keeps it, with its chord, at the edge;"
        " wrap brings it in at the other end, which suits short sounds such as drums"
    ),
]


class Shifts(NamedTuple):
    """Hold how far notes move in beats, (N,) each.

    `swing` moves the grid, `band` all parts together, `hand` each onset as a whole, and `habit`
    each note of an onset by itself.
    """

    swing: np.ndarray
    band: np.ndarray
    hand: np.ndarray
    habit: np.ndarray


def swung(features: Features, swing: float, grid: str, amount: float) -> np.ndarray:
    """Return what swing in percent adds in beats: (N,)."""
    if swing == STRAIGHT:
        return np.zeros(len(features.notes))
    share = STRAIGHT + amount * (swing - STRAIGHT)
    return swing_shift(features, share / 100.0, grid)


def clock(clip: Clip, context: Context) -> np.ndarray:
    """Return how late the clock that all parts share is, (N,) of variance 1."""
    rng, period = context.shared_rng("clock"), band_period(clip, context.ensemble)
    onset = context.features.group_onset - clip.region()[0]
    return fluctuate(rng, onset, CLOCK, period=period)[context.features.group]


def room_between_onsets(features: Features, band: np.ndarray) -> np.ndarray:
    """Return how far in beats each note may stray and not reach a neighbouring onset: (N,)."""
    onset = features.group_onset.copy()
    onset[features.group] += band
    gap = np.full(len(onset) + 1, np.inf)
    gap[1:-1] = onset[1:] - onset[:-1]
    gap = np.minimum(np.minimum(gap[:-1], gap[1:]), LONGEST_PUSH)
    return ROOM * np.maximum(gap, 0.0)[features.group]


def placed(
    clip: Clip,
    features: Features,
    shifts: Shifts,
    edge: str,
    *,
    room_of: Callable[[Features, np.ndarray], np.ndarray] = room_between_onsets,
) -> Clip:
    """Return the clip with its notes moved, none past another, and tied notes still tied.

    Args:
        clip: the notes before they move.
        features: those of the clip as it was written.
        shifts: how far notes move.
        edge: one of `Edge`.
        room_of: tells how far each note may stray from where the band moved it, in beats, (N,).
    """
    band = bounded(shifts.band, -LONGEST_PUSH, LONGEST_PUSH)
    band = _in_order(features, shifts.swing + band)
    room = room_of(features, band)
    hand = bounded(shifts.hand, -room, room)
    stray = bounded(hand + shifts.habit, -room, room)
    seam, free = Seam(clip, features), clip.notes.onset + band + stray
    wraps = edge == "wrap" and clip.loop is not None
    unwrapped = seam.freed(free) if wraps else seam.held(free)
    onset = seam.wrapped(unwrapped) if wraps else unwrapped
    duration = _durations(clip, features, unwrapped, band + hand)
    duration = seam.fitted(unwrapped, onset, duration)
    return clip.replace(notes=clip.notes.replace(onset=onset, duration=duration))


def _in_order(features: Features, band: np.ndarray) -> np.ndarray:
    """Return the shifts with each onset kept behind the one before, in beats: (N,).

    They change only where a wild clock meets a fast tempo.
    """
    moved = features.group_onset.copy()
    moved[features.group] += band
    moved -= CLOSEST * features.group_onset
    return band + (np.maximum.accumulate(moved) - moved)[features.group]


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
    return bounded(duration, SHORTEST_SHARE * clip.notes.duration, MAX_BEATS)
