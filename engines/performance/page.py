"""Read a written clip closely: what each note is among its neighbours.

All of it is read from notes, metre and tempo alone, so that any clip can be read.

Letters: N notes, O onsets, B bars.
"""

from functools import cached_property
from typing import Literal, get_args

import numpy as np

from engines.features import Features
from engines.performance.recurrence import recurrence
from engines.performance.tonality import fit

FARTHEST = 32.0
"""Distances in beats count up to here."""

WIDEST = 3.0
"""Gaps in a chord count up to so many octaves; what is beyond its ends is so far away."""

HANDS_PART = 5 / 12
"""From this gap on in octaves, the notes above it and below it are taken by two hands."""

Summed = Literal["notes", "pitch", "top", "length", "chord", "boundary"]
SUMMED: tuple[Summed, ...] = get_args(Summed)
"""What is added up by note: 1, the pitch, the onset's highest pitch, log2 of the duration, and how
many notes begin with it; and by onset, how likely a phrase begins."""


Sums = dict[Summed, np.ndarray]
"""What was added up, by its name."""

Span = tuple[float, float]
"""From so many beats before an onset to so many after it."""

HEARD: list[Span] = [(16.0, 16.0), (1.0, 0.5), (0.0, 1.0), (1.0, -1e-3)]
"""Where a key and a harmony are heard, and what comes and what was, which may be others. Our
choice."""


class Page:
    """Compare each note of a clip with its chord, its neighbours and the music around it.

    Everything is computed at first use and kept.
    """

    def __init__(self, features: Features) -> None:
        self.features = features
        self.notes = features.notes
        self.order = features.order
        self.group = features.group
        self.pitch = self.notes.pitch.astype(np.float64)

    @cached_property
    def octaves(self) -> np.ndarray:
        """The logarithms of the durations: (N,), see `log2`."""
        return log2(self.notes.duration)

    @cached_property
    def onset(self) -> np.ndarray:
        """The onsets in beats: (O,)."""
        return self.features.group_onset

    @cached_property
    def tempo(self) -> np.ndarray:
        """The written tempo at each onset in bpm: (O,)."""
        return self.features.clip.tempo.at(self.onset)

    @cached_property
    def top(self) -> np.ndarray:
        """The highest pitch of each onset: (O,)."""
        return self.features.group_top.astype(np.float64)

    @cached_property
    def bottom(self) -> np.ndarray:
        """The lowest pitch of each onset: (O,)."""
        return self.features.group_bottom.astype(np.float64)

    @cached_property
    def count(self) -> np.ndarray:
        """How many notes begin at each onset: (O,)."""
        return self.features.group_size.astype(np.float64)

    @cached_property
    def interval(self) -> np.ndarray:
        """Beats to the next onset, the last as long as its longest note: (O,)."""
        return np.maximum(np.append(np.diff(self.onset), self.longest[-1:]), 1e-3)

    @cached_property
    def _sums(self) -> np.ndarray:
        """What the onsets before each add up to: (a row for each of `SUMMED`, O+1)."""
        by_onset = {
            "notes": self.count,
            "pitch": np.bincount(self.group, self.pitch, len(self.onset)),
            "top": self.top * self.count,
            "length": np.bincount(self.group, self.octaves, len(self.onset)),
            "chord": self.count**2,
            "boundary": self.boundary,
        }
        sums = np.zeros((len(SUMMED), len(self.onset) + 1))
        np.cumsum([by_onset[name] for name in SUMMED], axis=1, out=sums[:, 1:])
        return sums

    @cached_property
    def chroma(self) -> np.ndarray:
        """Beats that each pitch class sounds from each onset on, a note at most 4: (O, 12)."""
        place, beats = 12 * self.group + self.notes.pitch % 12, np.minimum(self.notes.duration, 4.0)
        return np.bincount(place, beats, 12 * len(self.onset)).reshape(-1, 12)

    def sums_around(self, spans: list[Span]) -> Sums:
        """Return what spans around each onset add up to: (spans, O) of each."""
        first, last = self._rows(spans)
        return dict(zip(SUMMED, self._sums[:, last] - self._sums[:, first], strict=True))

    def spread(self, by_onset: np.ndarray) -> np.ndarray:
        """Return an onset's value for each of its notes: (N,) for (O,)."""
        return np.asarray(by_onset[self.group])

    @cached_property
    def sounding(self) -> np.ndarray:
        """How many earlier notes are still held at each onset: (O,)."""
        begun = np.searchsorted(np.sort(self.notes.onset), self.onset - 1e-6)
        ended = np.searchsorted(np.sort(self.notes.end), self.onset + 1e-3)
        return np.maximum(begun - ended, 0).astype(np.float64)

    @cached_property
    def key(self) -> np.ndarray:
        """How well the music around each onset fits each key, major then minor: (O, 24).

        The whole clip counts a fifth, so that a few notes do not tell a key alone.
        """
        widely, *_ = self._chromas
        return fit(widely + 0.2 * self.chroma.sum(axis=0))

    @cached_property
    def tonic(self) -> np.ndarray:
        """The tonic's pitch class at each onset: (O,) int."""
        return np.asarray(self.key.argmax(axis=1) % 12)

    @cached_property
    def degree(self) -> np.ndarray:
        """Semitones above the tonic of each note: (N,) int."""
        return (self.notes.pitch.astype(np.intp) - self.spread(self.tonic)) % 12

    @cached_property
    def harmony(self) -> np.ndarray:
        """What sounds about each onset, as shares of the pitch classes: (O, 12)."""
        _, about, *_ = self._chromas
        return _shares(about)

    @cached_property
    def change(self) -> np.ndarray:
        """How far what comes is from what was in harmony, 0 to 1: (O,)."""
        after, before = _shares(self._chromas[-2:])
        return 0.5 * np.abs(after - before).sum(axis=1)

    @cached_property
    def _chromas(self) -> np.ndarray:
        """The chroma of `HEARD` around each onset: (4, O, 12)."""
        total = np.zeros((len(self.onset) + 1, 12))
        np.cumsum(self.chroma, axis=0, out=total[1:])
        first, last = self._rows(HEARD)
        return np.asarray(total[last] - total[first])

    @cached_property
    def gaps(self) -> np.ndarray:
        """Octaves to the chord's next note below and above, `WIDEST` at most: (2, N).

        It is `WIDEST` at the ends of the chord too.
        """
        return np.minimum(self._steps, WIDEST)

    @cached_property
    def hand_gap(self) -> np.ndarray:
        """The widest gap in each onset's chord, where hands part, 0 to `WIDEST` octaves: (O,)."""
        return np.minimum(self._widest_step, WIDEST)

    @cached_property
    def upper_hand(self) -> np.ndarray:
        """1 above the widest gap of the chord, -1 below it, 0 in a narrow chord: (N,)."""
        below, _ = self._steps
        parts = (below == self.spread(self._widest_step)) & (below >= HANDS_PART)
        lowest = np.full(len(self.onset), np.inf)
        np.minimum.at(lowest, self.group, np.where(parts, self.pitch, np.inf))
        line = self.spread(lowest)
        return np.where(np.isinf(line), 0.0, np.where(self.pitch >= line, 1.0, -1.0))

    @cached_property
    def longest(self) -> np.ndarray:
        """The longest duration of each onset in beats: (O,)."""
        longest = np.zeros(len(self.onset))
        np.maximum.at(longest, self.group, self.notes.duration)
        return longest

    @cached_property
    def boundary(self) -> np.ndarray:
        """How likely a phrase begins at each onset: (O,)."""
        found = np.zeros(len(self.onset))
        np.maximum.at(found, self.group, self.features.boundary)
        return found

    @cached_property
    def same_pitch(self) -> np.ndarray:
        """Beats since and until the pitch is struck, `FARTHEST` at most: (2, N)."""
        by_pitch = np.lexsort((self.notes.onset, self.notes.pitch))
        wait = np.diff(self.notes.onset[by_pitch])
        wait = np.where(np.diff(self.pitch[by_pitch]) == 0, np.minimum(wait, FARTHEST), FARTHEST)
        apart = np.full((2, len(self.pitch)), FARTHEST)
        apart[0, by_pitch[1:]] = apart[1, by_pitch[:-1]] = wait
        return apart

    @cached_property
    def repeats(self) -> np.ndarray:
        """How each bar comes back: (B, 4), see `recurrence`."""
        return recurrence(self.features)

    @cached_property
    def _steps(self) -> np.ndarray:
        """Octaves to the chord's next note below and above, infinite at its ends: (2, N)."""
        by_pitch = np.lexsort((self.pitch, self.group))
        step = np.diff(self.pitch[by_pitch]) / 12
        step = np.where(np.diff(self.group[by_pitch]) == 0, step, np.inf)
        steps = np.full((2, len(self.pitch)), np.inf)
        steps[0, by_pitch[1:]] = steps[1, by_pitch[:-1]] = step
        return steps

    @cached_property
    def _widest_step(self) -> np.ndarray:
        """The widest step inside each onset's chord in octaves, 0 for a single note: (O,)."""
        below, _ = self._steps
        widest = np.zeros(len(self.onset))
        np.maximum.at(widest, self.group, np.where(np.isfinite(below), below, 0.0))
        return widest

    def _rows(self, spans: list[Span]) -> tuple[np.ndarray, np.ndarray]:
        """Return the first onset of each span and the one after its last: (spans, O) twice.

        They are spans around each onset.
        """
        before, after = np.array(spans).T[..., None]
        return (
            np.searchsorted(self.onset, self.onset - before - 1e-6),
            np.searchsorted(self.onset, self.onset + after + 1e-6),
        )


def mean(sums: Sums, name: Summed) -> np.ndarray:
    """Return the mean by note of what was added up, see `Page.sums_around`: (spans, O)."""
    return np.asarray(sums[name] / np.maximum(sums["notes"], 1.0))


def log2(beats: np.ndarray) -> np.ndarray:
    """Return log2 of lengths, any shape, of which none counts as shorter than a 256th note."""
    return np.log2(np.maximum(beats, 1 / 64))


def _shares(chroma: np.ndarray) -> np.ndarray:
    return np.asarray(chroma / np.maximum(chroma.sum(axis=-1, keepdims=True), 1e-9))
