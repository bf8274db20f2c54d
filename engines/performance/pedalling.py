"""Convert between the sustain pedal's events and gestures that hang on the played onsets.

A gesture is a press and its release. Each is told by the onset near which it falls and how long
after that onset it comes, so that gestures go with the notes where these are moved in time.

Letters: O onsets, P pedal events, G gestures, T grid times. Pedal values go from 0 (up) to 127;
between two events the pedal stays where it is, and it begins at 0.

Source: MIDI 1.0, table 3: controller 64 is on from 64. Repp (1996), "Pedal timing and tempo in
expressive piano performance", Psychology of Music 24(2): the foot's times follow the onsets'.
"""

from typing import NamedTuple

import numpy as np

DOWN = 64.0
"""From this value on the pedal is down. Source: MIDI 1.0, table 3."""

LIFTED = 56.0
"""A press counts as a new one after the pedal was below this value: it is never quite still."""

EARLY_S = 0.03
"""What the foot does so shortly before an onset belongs to that onset."""


class Gestures(NamedTuple):
    """Be G presses of the pedal, in order of time; (G,) each.

    `press` and `release` are onsets, 0 to O-1, int; `press_s` and `release_s` are how many seconds
    after them the pedal goes down and up, from -EARLY_S on except before the first onset, and
    infinite where it is never released. `depth` is the mean value while it is down, 64 to 127,
    `rest` the mean value from the release to the next press, 0 to below 64.
    """

    press: np.ndarray
    press_s: np.ndarray
    release: np.ndarray
    release_s: np.ndarray
    depth: np.ndarray
    rest: np.ndarray


def pedal_targets(
    onset_time_s: np.ndarray, end_s: float, sustain_s: np.ndarray, sustain: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what the foot does around each onset: the share it is down, and whether it presses.

    An onset's time goes from EARLY_S before it to EARLY_S before the next one, or to `end_s`. What
    is down before the first onset counts as pressed there.

    Args:
        onset_time_s: when the onsets are played, (O,) seconds, rising.
        end_s: when the last note ends, seconds.
        sustain_s: when the pedal moves, (P,) seconds, in order.
        sustain: where it goes, (P,) 0 to 127. No events mean no pedal.

    Returns:
        (O,) float32 from 0 to 1, and (O,) float32 0 or 1.
    """
    edges = np.append(onset_time_s, max(end_s, *onset_time_s[-1:], 0.0) + EARLY_S) - EARLY_S
    down_s = _time_down(edges, sustain_s, sustain)
    share = np.diff(down_s) / np.maximum(np.diff(edges), 1e-6)
    press = np.zeros(len(onset_time_s), dtype=np.float32)
    if len(press):
        press[_onset_of(_presses(sustain_s, sustain, edges[0]), onset_time_s)] = 1.0
    return np.clip(share, 0.0, 1.0).astype(np.float32), press


def states(times_s: np.ndarray, values: np.ndarray, grid_s: np.ndarray) -> np.ndarray:
    """Return whether the pedal is down at each time of a grid in seconds, any order: (T,) bool."""
    level = np.append(0.0, values)[np.searchsorted(times_s, grid_s, side="right")]
    return np.asarray(level >= DOWN)


def _time_down(time_s: np.ndarray, sustain_s: np.ndarray, sustain: np.ndarray) -> np.ndarray:
    """Return for how many seconds the pedal has been down at each of some times, of their shape."""
    if not len(sustain_s):
        return np.zeros_like(time_s)
    last = max(float(time_s.max()), float(sustain_s[-1]))
    bounds = np.append(sustain_s, last)
    total = np.append(0.0, np.cumsum(np.diff(bounds) * (sustain >= DOWN)))
    return np.interp(time_s, bounds, total)


def _presses(sustain_s: np.ndarray, sustain: np.ndarray, start_s: float) -> np.ndarray:
    """Return when the pedal goes down in seconds, trembling and what ended before a start aside."""
    clear = np.flatnonzero((sustain >= DOWN) | (sustain < LIFTED))
    clear = clear[max(np.searchsorted(sustain_s[clear], start_s) - 1, 0) :]
    down = np.append(False, sustain[clear] >= DOWN)
    return np.asarray(sustain_s[clear][down[1:] & ~down[:-1]])


def _onset_of(time_s: np.ndarray, onset_time_s: np.ndarray) -> np.ndarray:
    """Return the onset to which each time belongs, the first for what is before it."""
    after = np.searchsorted(onset_time_s - EARLY_S, time_s, side="right")
    return np.maximum(after - 1, 0)
