"""Decide when the foot moves, from how likely the pedal is down and pressed around each onset.

What a model says of each onset alone would make the pedal flicker. Here the foot is in one of two
states between onsets, up or down, and around each onset it does one of six things that lead from
one to the other; the likeliest way through all onsets is taken, or one is drawn. When exactly the
foot moves within an interval is its habit.

Letters: O onsets, K kinds of movement, G gestures.

Source: habits of the foot are measured on the Vienna 4x22 corpus (Goebl 1999, CC BY 4.0); the
chances of movements and `EVIDENCE` were chosen on the validation split of ASAP (Foscarin
et al. 2020), so that pianists are foretold best.
"""

from typing import NamedTuple

import numpy as np

from engines.bounded import bounded
from engines.performance.chain import drawn, likeliest
from engines.performance.pedalling import DOWN, EARLY_S, Gestures, gestures, hung

SHORTEST_S = 0.08
"""The pedal stays down or up for at least so long: 98 of 100 times it does."""

LIFT_AT, LIFT_SPREAD_S = 0.04, 0.035
"""The part of an inter-onset interval after which the foot lifts to change, and its spread: medians
are 0.01, 0.02 and 0.07 s for intervals of 0.5, 0.8 and 1.5 s."""

PRESS_AT, PRESS_SPREAD = 0.35, 0.35
"""The part of an inter-onset interval after which the foot comes down, and its spread as a
logarithm: medians are 0.35, 0.36 and 0.32 for intervals of 0.5, 0.8 and 1.5 s."""

LATEST_LIFT_S, LATEST_PRESS_S = 0.1, 0.5
"""It lifts and comes down so long after an onset at the latest."""

DEPTH, DEPTH_SPREAD = 91.0, 11.0
"""How deep the pedal is held: the mean, and the spread of one pianist's presses."""

EVIDENCE = 2.0
"""How much the share counts against the press, in parts of its cross entropy."""

SURE = 1e-4
"""No share or probability is nearer to 0 or 1 than this."""


class Kind(NamedTuple):
    """Be a kind of movement around an onset.

    It leads from one state to another (0 up, 1 down), with or without a press, and is so `likely`
    among those with the same beginning; the pedal is down for a share within `least` and `most`.
    """

    before: int
    after: int
    press: bool
    likely: float
    least: float
    most: float


STAY, TREAD, TAP, HOLD, LIFT, CHANGE = range(6)
KINDS = (
    Kind(0, 0, False, 1.0, 0.0, 0.0),
    Kind(0, 1, True, 0.9, 0.05, 1.0),
    Kind(0, 0, True, 0.1, 0.1, 0.8),
    Kind(1, 1, False, 0.88, 1.0, 1.0),
    Kind(1, 0, False, 0.12, 0.0, 0.95),
    Kind(1, 1, True, 1.0, 0.2, 0.9),
)
"""What the foot does: stays up, treads down, taps, holds, lifts, changes (lifts and treads)."""

_BEFORE, _AFTER = np.array([kind[:2] for kind in KINDS]).T
_LEADS = 1.0 * (np.arange(4)[:, None] == 2 * _BEFORE + _AFTER)
_TREADS = np.array([kind.press for kind in KINDS])
_LIFTS = _TREADS & (_BEFORE == _AFTER) | (_BEFORE > _AFTER)  # a tap and a change do both
_LIKELY, _LEAST, _MOST = np.array([kind[3:] for kind in KINDS]).T[:, :, None]


def decode_pedal(
    down: np.ndarray,
    press: np.ndarray,
    interval_s: np.ndarray,
    rng: np.random.Generator | None = None,
    *,
    variation: float = 1.0,
    depth: float = DEPTH,
) -> Gestures:
    """Return the presses of the pedal, (G,) rows, never shorter than SHORTEST_S nor closer.

    Args:
        down: how likely the pedal is down around each onset, (O,) 0 to 1, as its time's share.
        press: how likely it is pressed around each onset, (O,) 0 to 1.
        interval_s: seconds from each onset to the next, from the last to the end: (O,).
        rng: draws one way of playing; without it, the likeliest is played.
        variation: how far what is drawn strays from the likeliest, 0 not at all, 1 as pianists do.
        depth: how deep the pedal is held, 64 to 127.
    """
    if not len(interval_s):
        return gestures(np.zeros(0), np.zeros(0), interval_s)
    weight = _weights(_unsure(down), _unsure(press))
    hand = np.zeros((3, len(interval_s)))
    if rng is not None and variation > 0:
        weight = weight if variation == 1 else _floored(weight ** (1.0 / variation))
        hand = variation * rng.standard_normal(hand.shape)
    else:
        rng = None
    ways = _ways(weight)
    kind = _kinds(weight, likeliest(ways) if rng is None else drawn(ways, rng), rng)
    depths = np.clip(depth + DEPTH_SPREAD * hand[2], DOWN, 127.0)
    return _gestures(_moves(kind, interval_s, hand), kind, interval_s, depths)


def _unsure(chance: np.ndarray) -> np.ndarray:
    return bounded(chance, SURE, 1.0 - SURE)


def _weights(share: np.ndarray, press: np.ndarray) -> np.ndarray:
    """Return how well each kind fits: (K, O).

    A share fits as the binary cross entropy says, and wholly if the kind may have it.
    """
    near = _unsure(bounded(share, _LEAST, _MOST))
    divergence = near * np.log(near / share) + (1.0 - near) * np.log((1.0 - near) / (1.0 - share))
    fit = np.exp(-EVIDENCE * divergence)
    return _floored(_LIKELY * np.where(_TREADS[:, None], press, 1.0 - press) * fit)


def _floored(weight: np.ndarray) -> np.ndarray:
    """Return weights, (K, O), the largest of each onset being 1 and none so small that it is 0."""
    return np.maximum(weight / weight.max(axis=0), 1e-30)


def _ways(weight: np.ndarray) -> np.ndarray:
    """Return the weights of up to up, up to down, down to up and down to down: (4, O)."""
    ways = _LEADS @ weight
    return np.asarray(ways / ways.max(axis=0))


def _kinds(weight: np.ndarray, state: np.ndarray, rng: np.random.Generator | None) -> np.ndarray:
    """Return what the foot does around each onset, (O,) int, between states (O+1,)."""
    die = 0.5 if rng is None else rng.random(weight.shape[1])
    tapped = die * (weight[STAY] + weight[TAP]) < weight[TAP]
    changed = die * (weight[HOLD] + weight[CHANGE]) < weight[CHANGE]
    from_up = np.where(state[1:] == 1, TREAD, np.where(tapped, TAP, STAY))
    from_down = np.where(state[1:] == 0, LIFT, np.where(changed, CHANGE, HOLD))
    return np.where(state[:-1] == 1, from_down, from_up)


def _moves(
    kind: np.ndarray, interval_s: np.ndarray, hand: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return when the foot treads and lifts, seconds from EARLY_S before each onset: (O,) each.

    A tap lasts for half of the interval.
    """
    lift = np.minimum(LIFT_AT * interval_s, LATEST_LIFT_S) + LIFT_SPREAD_S * hand[0]
    tread = np.minimum(PRESS_AT * interval_s * np.exp(PRESS_SPREAD * hand[1]), LATEST_PRESS_S)
    lift, tread = (np.clip(EARLY_S + move, 0.0, interval_s) for move in (lift, tread))
    tapped = np.minimum(tread + interval_s / 2, interval_s)
    return tread, np.where(kind == TAP, tapped, lift)


def _gestures(
    moves: tuple[np.ndarray, np.ndarray],
    kind: np.ndarray,
    interval_s: np.ndarray,
    depth: np.ndarray,
) -> Gestures:
    """Return the gestures of these moves: a short time up grows, a short press is left out."""
    onset_s = np.cumsum(np.append(0.0, interval_s))
    treads, lifts = _TREADS[kind], _LIFTS[kind]
    press_s = (onset_s[:-1] + moves[0])[treads] - EARLY_S
    release_s = np.append((onset_s[:-1] + moves[1])[lifts] - EARLY_S, onset_s[-1])[: len(press_s)]
    press_s[1:] = np.maximum(press_s[1:], release_s[:-1] + SHORTEST_S)
    long = release_s - press_s >= SHORTEST_S
    level = np.stack([depth[treads], np.zeros(len(press_s))])
    return hung(press_s[long], release_s[long], level[:, long], onset_s[:-1])
