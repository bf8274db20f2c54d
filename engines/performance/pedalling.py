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
"""A press counts as a new one after the pedal was below this value: it is never quite still. Our
choice."""

EARLY_S = 0.03
"""What the foot does so shortly before an onset belongs to that onset. Our choice."""

RISE_S, FALL_S = 0.12, 0.1
"""How long the way down and up takes from end to end. Measured on the Vienna 4x22 corpus."""

RAMP = np.array([0.1, 0.35, 0.65, 0.9, 1.0])
"""Shares of the way that the pedal has gone at equal steps of time."""


class Gestures(NamedTuple):
    """Be G presses of the pedal, in order of time; (G,) each.

    `press` and `release` are onsets, 0 to O-1, int; `press_s` and `release_s` are how many seconds
    after them the pedal goes down and up, at least -EARLY_S except before the first onset, and
    infinite for one that is never released. `depth` is the mean value while it is down, 64 to 127,
    `rest` the mean value from the release to the next press, 0 to below 64.
    """

    press: np.ndarray
    press_s: np.ndarray
    release: np.ndarray
    release_s: np.ndarray
    depth: np.ndarray
    rest: np.ndarray


def gestures(sustain_s: np.ndarray, sustain: np.ndarray, onset_time_s: np.ndarray) -> Gestures:
    """Return the presses of a pedal, hung on the onsets; none if there are no onsets.

    Args:
        sustain_s: when the pedal moves, (P,) seconds, in order; the last at one time counts.
        sustain: where it goes, (P,) 0 to 127.
        onset_time_s: when the onsets are played, (O,) seconds, rising.
    """
    settled = np.append(np.diff(sustain_s) > 0, True)[: len(sustain_s)] & (len(onset_time_s) > 0)
    time, level = sustain_s[settled], np.asarray(sustain, dtype=np.float64)[settled]
    press, release = _turns(level)
    press_s, release_s = time[press], np.append(time, np.inf)[release]
    depth = _mean_level(time, level, press, release)
    rest = _mean_level(time, level, release, np.append(press[1:], len(time))[: len(press)])
    level = np.stack([np.clip(depth, DOWN, 127.0), np.clip(rest, 0.0, np.nextafter(DOWN, 0.0))])
    return hung(press_s, release_s, level, onset_time_s)


def hung(
    press_s: np.ndarray, release_s: np.ndarray, level: np.ndarray, onset_time_s: np.ndarray
) -> Gestures:
    """Return presses whose times are known, hung on the onsets.

    Args:
        press_s: when the pedal goes down, (G,) seconds, rising.
        release_s: when it goes up, (G,) seconds, each after its press and before the next; infinite
            for one that is never released.
        level: where it goes, (2, G): 64 to 127 at the press, 0 to below 64 at the release.
        onset_time_s: when the onsets are played, (O,) seconds, rising; some if there is a press.
    """
    press, release = _onset_of(press_s, onset_time_s), _onset_of(release_s, onset_time_s)
    return Gestures(
        press=press,
        press_s=press_s - onset_time_s[press],
        release=release,
        release_s=release_s - onset_time_s[release],
        depth=level[0],
        rest=level[1],
    )


def events(
    time_s: np.ndarray, level: np.ndarray, ramps: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return the events of a pedal that goes down and up in turn.

    With `gesture_times` it is the inverse of `gestures`, but for the wavering of a held foot.

    Args:
        time_s: when, (2G,) seconds in order; the last may be infinite and then never happens.
        level: where it goes, (2, G): 64 to 127 when it goes down, 0 to below 64 when it goes up.
        ramps: whether the pedal takes some steps on its way; it is half down at the same time.

    Returns:
        (P,) seconds, in order, and (P,) whole numbers from 0 to 127.
    """
    whole = np.rint(level)
    down, up = np.clip(whole[0], DOWN, 127.0), np.clip(whole[1], 0.0, DOWN - 1.0)
    value = np.stack([down, up], axis=1).ravel()
    if ramps:
        time_s, value = _ramps(time_s, value)
    ends = np.isfinite(time_s)
    return time_s[ends], value[ends]


def gesture_times(gestures: Gestures, onset_time_s: np.ndarray) -> np.ndarray:
    """Return when the pedal goes down and up in turn, seconds in order: (2G,).

    What comes too late for a shorter interval comes earlier, with all that hangs on its onset.

    Args:
        gestures: G presses.
        onset_time_s: when the onsets that they hang on are played, (O,) seconds, rising.
    """
    onset = np.stack([gestures.press, gestures.release], axis=1).ravel()
    late_s = np.stack([gestures.press_s, gestures.release_s], axis=1).ravel() + EARLY_S
    latest_s = np.zeros(len(onset_time_s))
    np.maximum.at(latest_s, onset, late_s)
    shrink = np.ones(len(onset_time_s))
    shrink[:-1] = np.minimum(np.diff(onset_time_s) / np.maximum(latest_s[:-1], 1e-9), 1.0)
    late_s = np.where(late_s > 0, late_s * shrink[onset], late_s)
    return np.asarray(onset_time_s[onset] + late_s - EARLY_S)


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


def _turns(level: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the events that press and those that release, (G,) int each, P for one that lacks."""
    down = np.append(False, level >= DOWN)
    press = np.flatnonzero(down[1:] & ~down[:-1])
    release = np.flatnonzero(~down[1:] & down[:-1])
    return press, np.append(release, len(level))[: len(press)]


def _mean_level(
    time: np.ndarray, level: np.ndarray, first: np.ndarray, end: np.ndarray
) -> np.ndarray:
    """Return the mean value over time from some events to others, (G,); P ends at the last event.

    The value of the last event is all that is known of what follows it; 0 follows what never ends.
    """
    total = np.append(0.0, np.cumsum(np.diff(time) * level[:-1]))
    last = np.minimum(end, len(time) - 1)
    start = np.minimum(first, len(time) - 1)
    span = time[last] - time[start]
    mean = np.where(span > 0, (total[last] - total[start]) / np.where(span > 0, span, 1.0), 0.0)
    return np.where(span > 0, mean, np.append(level, 0.0)[first])


def _ramps(time: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return events on the way from one value to the next, by turns down and up: (5 * 2G,)."""
    before = np.append(0.0, value)[:-1, None]
    level = np.rint(before + (value[:, None] - before) * RAMP)
    crossed = np.argmax((level >= DOWN) == (value >= DOWN)[:, None], axis=1)
    step = np.arange(len(RAMP)) - crossed[:, None]
    step_s = np.where(np.arange(len(time)) % 2, FALL_S, RISE_S) / (len(RAMP) - 1)
    room_s = np.full(len(time) + 1, np.inf)
    room_s[1:-1] = (time[1:] - time[:-1]) / (2 * len(RAMP))
    earlier, later = np.minimum(step_s, room_s[:-1]), np.minimum(step_s, room_s[1:])
    late_s = step * np.where(step < 0, earlier[:, None], later[:, None])
    return (time[:, None] + late_s).ravel(), level.ravel()


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
