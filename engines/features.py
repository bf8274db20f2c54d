"""Read from a clip what a player reads from the page: metre, chords, melody, phrases.

Everything is computed at first use and kept. Rows follow the clip's notes, in their order.

Letters: N notes, O onsets (notes that begin together, sorted by time), P phrases, B bars.
"""

from functools import cached_property

import numpy as np

from engines.clip import Clip, Metre
from engines.phrase import local_boundaries, segment
from engines.role import infer

CHORD_S = 0.03
"""Notes within this many seconds begin together. Source: Goebl (2001), JASA 110(1), melody lead."""

GRID_TOLERANCE = 0.07
"""How far in beats a performed note may lie from the metrical position that it stands for."""


class Features:
    """Describe the notes of one clip."""

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        self.notes = clip.notes

    @cached_property
    def role(self) -> str:
        """The clip's role; never "auto"."""
        return infer(self.clip)

    @cached_property
    def order(self) -> np.ndarray:
        """Rows sorted by onset, then pitch: (N,) int."""
        return np.lexsort((self.notes.pitch, self.notes.onset))

    @cached_property
    def onset_s(self) -> np.ndarray:
        """Onsets in seconds: (N,) float64."""
        return self.clip.tempo.seconds(self.notes.onset)

    @cached_property
    def group(self) -> np.ndarray:
        """Which onset, 0 to O-1, each note belongs to: (N,) int."""
        starts = np.diff(self.onset_s[self.order], prepend=-np.inf) > CHORD_S
        groups = np.empty(len(self.notes), dtype=np.intp)
        groups[self.order] = np.cumsum(starts) - 1
        return groups

    @cached_property
    def group_onset(self) -> np.ndarray:
        """When each onset's first note begins, in beats: (O,) float64."""
        sorted_groups = self.group[self.order]
        first = np.flatnonzero(np.diff(sorted_groups, prepend=-1))
        return np.asarray(self.notes.onset[self.order][first])

    @cached_property
    def group_size(self) -> np.ndarray:
        """How many notes begin at each onset: (O,) int."""
        return np.bincount(self.group, minlength=len(self.group_onset))

    @cached_property
    def top(self) -> np.ndarray:
        """Whether the note is the highest of its onset: (N,) bool."""
        return self._extreme(np.maximum)

    @cached_property
    def bottom(self) -> np.ndarray:
        """Whether the note is the lowest of its onset: (N,) bool."""
        return self._extreme(np.minimum)

    @cached_property
    def melody(self) -> np.ndarray:
        """Whether the note belongs to the upper line over an accompaniment: (N,) bool.

        It is the top of its onset and not below a note that still sounds under which it began.
        """
        pitch, order = self.notes.pitch.astype(int), self.order
        held_end, held_pitch = -np.inf, -1
        line = np.zeros(len(pitch), dtype=bool)
        onset, end = self.notes.onset.tolist(), self.notes.end.tolist()
        top, pitches = self.top.tolist(), pitch.tolist()
        for row in order.tolist():
            if not top[row]:
                continue
            if pitches[row] >= held_pitch or onset[row] >= held_end - GRID_TOLERANCE:
                line[row] = True
                held_end, held_pitch = end[row], pitches[row]
        return line

    @cached_property
    def slot(self) -> np.ndarray:
        """Beats from the onset to the first onset at or after the note's end: (N,) float64.

        Duration over slot is the articulation ratio: 1 is connected, 0.5 is staccato. A note with
        nothing after it has its own duration as its slot.
        """
        end = self.notes.end
        after = np.searchsorted(self.group_onset, end - 0.1 * self.notes.duration, side="left")
        after = np.maximum(after, self.group + 1)
        padded = np.append(self.group_onset, np.inf)
        slot = padded[np.minimum(after, len(self.group_onset))] - self.notes.onset
        return np.where(np.isfinite(slot), slot, self.notes.duration)

    @cached_property
    def ioi(self) -> np.ndarray:
        """Inter-onset interval to the next onset in beats, the last takes its duration: (N,)."""
        following = np.append(self.group_onset[1:], np.inf)[self.group]
        interval = following - self.group_onset[self.group]
        return np.where(np.isfinite(interval), interval, np.maximum(self.notes.duration, 1e-3))

    @cached_property
    def metre_index(self) -> np.ndarray:
        """Which metre holds at each note: (N,) int."""
        return self._metre_at(self.notes.onset)

    @cached_property
    def metres(self) -> tuple[Metre, ...]:
        """The clip's metres, 4/4 from beat 0 where none is given."""
        given = self.clip.metre
        return given if given and given[0].time == 0 else (Metre(), *given)

    @cached_property
    def bar_onset(self) -> np.ndarray:
        """Every bar line in beats, the clip's end last: (B+1,) float64."""
        ends = [metre.time for metre in self.metres[1:]] + [max(self.clip.length, self._last_onset)]
        lines = [
            np.arange(metre.time, end - 1e-9, metre.bar)
            for metre, end in zip(self.metres, ends, strict=True)
            if end > metre.time
        ]
        return np.append(np.concatenate(lines), ends[-1])

    @cached_property
    def bar(self) -> np.ndarray:
        """The bar, 0 to B-1, of each note: (N,) int. A note just before a bar line belongs to it."""
        found = np.searchsorted(self.bar_onset, self.notes.onset + GRID_TOLERANCE, side="right") - 1
        return np.clip(found, 0, len(self.bar_onset) - 2)

    @cached_property
    def beat(self) -> np.ndarray:
        """Position in the bar in beats, slightly below 0 for a note just before it: (N,)."""
        return np.asarray(self.notes.onset - self.bar_onset[self.bar])

    @cached_property
    def strength(self) -> np.ndarray:
        """Metrical strength from 1 (bar line) to 0 (off any grid): (N,) float64.

        Source: the metrical grid of Lerdahl and Jackendoff (1983), A Generative Theory of Tonal
        Music, ch. 4, one step of weight a level as in Longuet-Higgins and Lee (1984).
        """
        strength = np.zeros(len(self.notes))
        for level in range(len(LEVEL_STRENGTH) - 1, -1, -1):
            periods = np.array([_periods(metre)[level] for metre in self.metres])
            steps = self.beat / periods[self.metre_index]
            near = np.abs(steps - np.round(steps)) * periods[self.metre_index] <= GRID_TOLERANCE
            strength[near] = LEVEL_STRENGTH[level]
        return strength

    @cached_property
    def phrase_onset(self) -> np.ndarray:
        """Phrase starts in beats and the clip's end last: (P+1,) float64, rising."""
        tops = self.order[self.top[self.order]]
        rows = tops[np.flatnonzero(np.diff(self.group[tops], prepend=-1))]
        strength = local_boundaries(
            self.notes.pitch[rows].astype(float), self.group_onset, self.notes.end[rows]
        )
        return segment(strength, self.group_onset, self.bar_onset)

    @cached_property
    def phrase(self) -> np.ndarray:
        """The phrase, 0 to P-1, of each note: (N,) int."""
        onset = self.group_onset[self.group]
        found = np.searchsorted(self.phrase_onset, onset + 1e-9, side="right") - 1
        return np.clip(found, 0, len(self.phrase_onset) - 2)

    @cached_property
    def phrase_position(self) -> np.ndarray:
        """Position in the phrase, 0 at its start to 1 at its end: (N,) float64."""
        start, end = self.phrase_onset[self.phrase], self.phrase_onset[self.phrase + 1]
        return np.clip((self.notes.onset - start) / (end - start), 0.0, 1.0)

    @property
    def _last_onset(self) -> float:
        return float(self.notes.onset.max()) + 1e-3 if len(self.notes) else 0.0

    def _metre_at(self, beats: np.ndarray) -> np.ndarray:
        starts = np.array([metre.time for metre in self.metres])
        found = np.searchsorted(starts, beats + GRID_TOLERANCE, side="right") - 1
        return np.clip(found, 0, len(starts) - 1)

    def _extreme(self, better: np.ufunc) -> np.ndarray:
        best = np.full(len(self.group_onset), -1 if better is np.maximum else 128)
        better.at(best, self.group, self.notes.pitch)
        return np.asarray(self.notes.pitch == best[self.group])


LEVEL_STRENGTH = (1.0, 0.75, 0.5, 0.25, 0.15, 0.1)
"""Strength of the bar, half bar, beat, half beat, third of a beat and quarter beat."""


def _periods(metre: Metre) -> tuple[float, ...]:
    """Return the periods in beats of the levels of `LEVEL_STRENGTH`."""
    unit = 4.0 / metre.denominator
    compound = metre.numerator % 3 == 0 and metre.numerator > 3 and metre.denominator >= 8
    beat = 3 * unit if compound else unit
    count = metre.numerator // 3 if compound else metre.numerator
    half_bar = metre.bar / 2 if count % 2 == 0 else metre.bar
    halves = (unit, unit, unit / 2) if compound else (beat / 2, beat / 3, beat / 4)
    return (metre.bar, half_bar, beat, *halves)
