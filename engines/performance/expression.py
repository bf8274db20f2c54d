"""Convert between played notes and expressive parameters, both ways exactly.

A performance is taken apart into what a player decides: how loud each note is, how fast the music
goes at each onset, how the notes of a chord fall apart, how long each note is held. Taken together
they give the performance back.

Letters: N notes, O onsets (see `Features.group`).

Source: Widmer and Cancino-Chacon (2018), "Computational models of expressive music performance",
Frontiers in Digital Humanities 5:25, section 2: tempo, timing, articulation and dynamics as
parameters of each note; the articulation is the logarithm of the played over the written duration.
"""

from typing import NamedTuple

import numpy as np

from engines.features import Features

CLOSEST_S = 0.001
"""Onsets are at least this far apart in the tempo curve; what is closer is asynchrony. This and
the three below are our choice."""

SHORTEST_BEATS = 0.0625
"""Notes that are written shorter, such as grace notes, count as this long."""

SHORTEST_S = 0.0005
"""Notes that are played shorter, such as those of length 0, count as this long."""

WINDOW = 1.0
"""The local beat period is measured from this many beats before an onset to as many after it."""


class Played(NamedTuple):
    """Be N notes as they sound: seconds from any origin, velocities 1 to 127; (N,) float64 each."""

    onset_s: np.ndarray
    release_s: np.ndarray
    velocity: np.ndarray


class Expression(NamedTuple):
    """Be a performance of a written clip.

    `start_s` is when the first onset is played; `stretch` (O,) is log2 of the played over the
    written inter-onset interval, both in seconds, 0 for the last onset; `asynchrony_s` (N,) is how
    late each note comes after its onset's own time; `articulation` (N,) is log2 of the played over
    the written duration at the local tempo; `velocity` (N,).
    """

    start_s: float
    stretch: np.ndarray
    asynchrony_s: np.ndarray
    articulation: np.ndarray
    velocity: np.ndarray


def encode(features: Features, played: Played, grace: np.ndarray | None = None) -> Expression:
    """Return the parameters of a performance.

    Args:
        features: those of the written clip, N notes.
        played: the same notes as they were played, row by row.
        grace: (N,) bool, notes that do not say when their onset is, unless they are alone.
    """
    time = _onset_times(features, played.onset_s, grace)
    duration = np.maximum(played.release_s - played.onset_s, SHORTEST_S)
    return Expression(
        start_s=float(time[0]) if len(time) else 0.0,
        stretch=_stretch(features, time),
        asynchrony_s=played.onset_s - time[features.group],
        articulation=np.log2(duration / _written_s(features, time)),
        velocity=np.asarray(played.velocity, dtype=np.float64),
    )


def decode(features: Features, expression: Expression) -> Played:
    """Return the performance of these parameters: the inverse of `encode`."""
    time = onset_times(features, expression.stretch, expression.start_s)
    onset = time[features.group] + expression.asynchrony_s
    duration = 2.0**expression.articulation * _written_s(features, time)
    return Played(onset, onset + duration, expression.velocity)


def onset_times(features: Features, stretch: np.ndarray, start_s: float = 0.0) -> np.ndarray:
    """Return when each onset is played in seconds, (O,), for stretches (O,)."""
    steps = _intervals_s(features) * 2.0 ** stretch[:-1]
    return start_s + np.concatenate([[0.0], np.cumsum(steps)])[: len(features.group_onset)]


def beat_period(features: Features, time: np.ndarray) -> np.ndarray:
    """Return the local beat period in seconds a beat, (O,), for onset times in seconds (O,)."""
    onset = features.group_onset
    if len(onset) < 2:
        return np.asarray(60.0 / features.clip.tempo.at(onset))
    start = np.maximum(onset - WINDOW, onset[0])
    end = np.minimum(onset + WINDOW, onset[-1])
    return np.asarray((np.interp(end, onset, time) - np.interp(start, onset, time)) / (end - start))


def _onset_times(features: Features, onset_s: np.ndarray, grace: np.ndarray | None) -> np.ndarray:
    """Return the time of each onset, the mean of its notes, rising: (O,) seconds.

    Where onsets are played in another order than they are written, they meet halfway between the
    latest so far and the earliest to come: one that goes astray does not drag all others with it.
    """
    weight = np.ones(len(onset_s)) if grace is None else np.where(grace, 1e-9, 1.0)
    onsets = len(features.group_onset)
    total = np.bincount(features.group, weight, onsets)
    time = np.bincount(features.group, weight * onset_s, onsets) / total
    steps = CLOSEST_S * np.arange(onsets)
    level = time - steps
    held_up = np.maximum.accumulate(level)
    drawn_on = np.minimum.accumulate(level[::-1])[::-1]
    return np.asarray((held_up + drawn_on) / 2 + steps)


def _stretch(features: Features, time: np.ndarray) -> np.ndarray:
    if len(time) < 2:
        return np.zeros(len(time))
    return np.append(np.log2(np.diff(time) / _intervals_s(features)), 0.0)


def _intervals_s(features: Features) -> np.ndarray:
    """Return the written inter-onset intervals in seconds: (O-1,)."""
    return np.maximum(np.diff(features.clip.tempo.seconds(features.group_onset)), 1e-6)


def _written_s(features: Features, time: np.ndarray) -> np.ndarray:
    """Return how long each note is written at the local tempo: (N,) seconds."""
    period = np.maximum(beat_period(features, time), 1e-6)[features.group]
    return np.maximum(features.notes.duration, SHORTEST_BEATS) * period
