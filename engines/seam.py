"""Keep a loop seamless when its notes move: nothing leaves it, enters it or sounds across its seam.

A clip without a loop is treated as one that plays once.

Letters: N notes, O onsets. Times are in beats.
"""

from functools import cached_property

import numpy as np

from engines.clip import MAX_BEATS, Clip
from engines.features import Features

LEAST_KEPT = 0.5
"""A chord that is drawn in at an edge keeps at least this share of its spread."""


class Seam:
    """Hold the notes of a clip in the part of it where they were written.

    Args:
        clip: the notes before they move.
        features: those of the clip as it was written, which say what is in the loop.
    """

    def __init__(self, clip: Clip, features: Features) -> None:
        self.notes = clip.notes
        self.features = features
        self.loops = clip.loop is not None
        self.start, self.end = clip.region()
        written = features.notes.onset
        self.inside = (written >= self.start) & (written < self.end)
        """Which notes are in the loop, (N,) bool; the others lead in to it or come after it."""
        self.after = written >= self.end

    def held(self, onset: np.ndarray) -> np.ndarray:
        """Return the onsets kept before, in or after the loop, chords whole, notes in order: (N,).

        A note goes at most half of its way to an edge, so that none piles up there.
        """
        edge = np.where(self.inside, self.start, np.where(self.after, self.end, 0.0))
        onset = self._drawn_in(onset, 0.5 * (self.notes.onset + edge))
        edge = np.where(self.inside, self.end, self.start)
        latest = np.where(self.after, MAX_BEATS, 0.5 * (self.notes.onset + edge))
        return np.minimum(onset, latest)

    def freed(self, onset: np.ndarray) -> np.ndarray:
        """Return the onsets, held where the notes are not in the loop, (N,)."""
        return np.where(self.inside, onset, self.held(onset))

    def wrapped(self, onset: np.ndarray) -> np.ndarray:
        """Return the onsets with each note that left the loop brought in at its other end, (N,)."""
        around = self.start + np.mod(onset - self.start, self.end - self.start)
        around = np.where(around < self.end, around, self.start)
        return np.where(self.inside, around, onset)

    def fitted(self, unwrapped: np.ndarray, onset: np.ndarray, duration: np.ndarray) -> np.ndarray:
        """Return durations that end with the loop and where it strikes their pitch again, (N,).

        Notes that were written longer than that stay no longer than written.

        Args:
            unwrapped: (N,) onsets before wrapping.
            onset: (N,) onsets after it.
            duration: (N,) in beats.
        """
        room = np.maximum(self.end - onset, self.notes.end - unwrapped)
        duration = np.where(self.inside, np.minimum(duration, room), duration)
        if not self.loops:
            return duration
        clear = self.notes.duration <= self._until_again(self.notes.onset) + 1e-6
        return np.where(clear, np.minimum(duration, self._until_again(onset)), duration)

    def _until_again(self, onset: np.ndarray) -> np.ndarray:
        """Return the time to the next onset of the same pitch, round the loop: (N,)."""
        until = np.full(len(onset), np.inf)
        first, second = self._rounds
        until[first] = np.mod(onset[second] - onset[first], self.end - self.start)
        until[first[first == second]] = self.end - self.start
        return until

    @cached_property
    def _rounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows in the loop and the next ones of their pitch, round and round."""
        rows = np.lexsort((self.notes.onset, self.notes.pitch))
        rows = rows[self.inside[rows]]
        pitch = self.notes.pitch[rows]
        last = np.append(pitch[1:] != pitch[:-1], True)[: len(rows)]
        second = np.roll(rows, -1)
        second[last] = rows[np.roll(last, 1)]
        return rows, second

    def _drawn_in(self, onset: np.ndarray, low: np.ndarray) -> np.ndarray:
        """Return the onsets with each chord that is early by its `low`, (N,), drawn together: (N,).

        Its first note goes to the edge and its last stays, so that the chord is no later than
        others; but half of what lies between them is kept, and the last goes later only for that.
        """
        missing = low - onset
        if not (missing > 0).any():
            return onset
        group = self.features.group
        most, least = np.full((2, len(self.features.group_onset)), [[-np.inf], [np.inf]])
        np.maximum.at(most, group, missing)
        np.minimum.at(least, group, missing)
        kept = np.maximum(-least / np.maximum(most - least, 1e-9), LEAST_KEPT)[group]
        drawn = low + (most[group] - missing) * kept
        return np.where(most[group] > 0, drawn, onset)
