"""Let other people guess how a person played: those who recorded the same piece.

Letters: N notes, O onsets, M other recordings of the piece, T cells of the grid.
"""

from collections import defaultdict
from functools import cache

import numpy as np

from engines.performance.pedalling import DOWN, Gestures, gestures
from engines.training.evaluation.case import Case, Guess
from engines.training.evaluation.pedal import CELL_S, down_cells

PER_BEAT = 960
"""Notes are the same if they are written at the same 960th of a beat at one pitch."""

ENOUGH = 0.8
"""Recordings of which this share of the notes is the same are of the same score: some leave out the
repeats."""


class Ring:
    """Know who else recorded the piece of a case, in a fixed order."""

    def __init__(self, cases: list[Case]) -> None:
        self.pieces: dict[str, list[Case]] = defaultdict(list)
        for case in cases:
            self.pieces[case.recording.piece].append(case)
        self.heard_in = cache(heard_in)

    def others(self, case: Case) -> list[Case]:
        """Return the recordings of the piece after this one, then those before it."""
        piece = self.pieces[case.recording.piece]
        if case not in piece:
            return []
        own = piece.index(case)
        return piece[own + 1 :] + piece[:own]


class AnotherHuman:
    """Play as another person did: the one who comes so many places later in the ring.

    One of these for each distance to half the ring compares every pair of people once.
    """

    name = "another human"
    reads_marks = False

    def __init__(self, ring: Ring, distance: int) -> None:
        self.ring = ring
        self.distance = distance

    def fit(self, cases: list[Case]) -> None:
        """Learn nothing."""

    def predict(self, case: Case, marks: bool) -> Guess | None:  # noqa: ARG002 - no marks needed
        """Return the other person's performance; None if the ring is too small."""
        others = self.ring.others(case)
        if self.distance > (len(others) + 1) // 2:
            return None
        return self.ring.heard_in(case, others[self.distance - 1])

    def sample(self, case: Case, seed: int, marks: bool) -> Guess | None:
        """Return the other person's performance, once."""
        return None if seed else self.predict(case, marks)


class MeanOfOthers:
    """Play as the mean of at least two other people."""

    name = "mean of other humans"
    reads_marks = False

    def __init__(self, ring: Ring) -> None:
        self.ring = ring

    def fit(self, cases: list[Case]) -> None:
        """Learn nothing."""

    def predict(self, case: Case, marks: bool) -> Guess | None:  # noqa: ARG002 - no marks needed
        """Return the mean of the others; None if there are fewer than two."""
        heard = self._heard(case)
        if len(heard) < 2:
            return None
        return Guess(
            velocity=_mean([_level(guess.velocity) for guess in heard]),
            stretch=_mean([_level(guess.stretch) for guess in heard]),
            asynchrony_s=_mean([guess.asynchrony_s for guess in heard]),
            articulation=_mean([guess.articulation for guess in heard]),
            pedal=_majority(case, [guess.pedal for guess in heard if guess.pedal is not None]),
        )

    def sample(self, case: Case, seed: int, marks: bool) -> Guess | None:  # noqa: ARG002
        """Return one of the others, as long as there are more."""
        heard = self._heard(case)
        return heard[seed] if len(heard) > max(seed, 1) else None

    def _heard(self, case: Case) -> list[Guess]:
        heard = (self.ring.heard_in(case, other) for other in self.ring.others(case))
        return [guess for guess in heard if guess is not None]


def people(cases: list[Case]) -> list[AnotherHuman | MeanOfOthers]:
    """Return the systems that are other people; all pairs of the cases are compared."""
    ring = Ring(cases)
    most = max((len(piece) for piece in ring.pieces.values()), default=0)
    pairs = [AnotherHuman(ring, distance) for distance in range(1, most // 2 + 1)]
    return [*pairs, MeanOfOthers(ring)]


def heard_in(case: Case, other: Case) -> Guess | None:
    """Return another recording as a guess of this one, note by note, NaN for what it lacks.

    None if they are not of the same score.
    """
    rows = _rows(case, other)
    if (rows < 0).mean() > 1 - ENOUGH:
        return None
    played = other.expression
    onset_s, hangs = _onset_s(case, other)
    intervals = np.diff(case.features.clip.tempo.seconds(case.features.group_onset))
    steps = np.maximum(np.diff(onset_s), 1e-3)
    return Guess(
        velocity=_taken(played.velocity, rows),
        stretch=np.append(np.log2(steps / np.maximum(intervals, 1e-6)), 0.0),
        asynchrony_s=_taken(played.asynchrony_s, rows),
        articulation=_taken(played.articulation, rows),
        pedal=hangs,
    )


def _onset_s(case: Case, other: Case) -> tuple[np.ndarray, Gestures]:
    """Return when the other one played each onset, (O,) seconds or NaN, and pedalled there."""
    written = np.rint(case.features.group_onset * PER_BEAT)
    theirs = np.rint(other.features.group_onset * PER_BEAT)
    index = np.minimum(np.searchsorted(theirs, written), len(theirs) - 1)
    shared = theirs[index] == written
    onset_s = np.where(shared, other.onset_s[index], np.nan)
    filled = np.interp(written, theirs, other.onset_s)
    filled += np.arange(len(filled)) * 1e-9  # onsets beyond their last one stay in order
    return onset_s, gestures(other.recording.sustain_s, other.recording.sustain, filled)


def _rows(case: Case, other: Case) -> np.ndarray:
    """Return the other's row of each note, -1 where it was not played: (N,) int."""
    theirs, ours = _names(other), _names(case)
    by_name = np.argsort(theirs, kind="stable")
    index = np.minimum(np.searchsorted(theirs[by_name], ours), len(theirs) - 1)
    return np.where(theirs[by_name][index] == ours, by_name[index], -1)


def _names(case: Case) -> np.ndarray:
    notes = case.features.notes
    return np.rint(notes.onset * PER_BEAT).astype(np.int64) * 128 + notes.pitch


def _taken(values: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.where(rows < 0, np.nan, values[rows])


def _level(values: np.ndarray) -> np.ndarray:
    return values - np.nanmean(values)


def _mean(guesses: list[np.ndarray]) -> np.ndarray:
    """Return the mean of what is known, NaN where nothing is."""
    values = np.stack(guesses)
    known = (~np.isnan(values)).sum(axis=0)
    return np.where(known, np.nansum(values, axis=0) / np.maximum(known, 1), np.nan)


def _majority(case: Case, pedals: list[Gestures]) -> Gestures:
    """Return when most of the feet are down."""
    down = np.stack([down_cells(pedal, case.onset_s, case.end_s) for pedal in pedals])
    cells_s = case.onset_s[0] + CELL_S * np.arange(down.shape[1])
    return gestures(cells_s, np.where(down.mean(axis=0) > 0.5, DOWN, 0.0), case.onset_s)
