"""Read from a clip what a player reads from the page: metre, chords, melody, phrases.

Everything is computed at first use and kept. Rows follow the clip's notes, in their order.

Letters: N notes, O onsets (notes that begin together, sorted by time), P phrases, B bars.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any, TypeVar

import numpy as np

from engines.boundary import Line, probability
from engines.clip import Clip, Metre
from engines.grid import TOLERANCE, beat_of, strengths
from engines.phrase import log_odds, segment
from engines.role import infer

T = TypeVar("T")

CHORD_S = 0.03
"""Notes within this many seconds begin together. Source: Goebl (2001), JASA 110(1), melody lead."""

CONNECTED = 0.9
"""From this share of its slot on, a note is written as connected to the next onset."""

LINE_LEAP, LINE_REST = 9, 1.0
"""The melody falls by more than this many semitones only after a rest of this many beats. Set on
the melody tracks of POP909, of which it finds 92 % (and 88 % of what it finds is melody there)."""

LINE_SHARE = 0.9
"""A clip in which this share of the notes follow one another is one line, and all of it melody."""

SHORTEST_BAR = 1.0
"""Bars shorter than this many beats are counted together, so that no clip has endless bars."""


class Features:
    """Describe the notes of one clip."""

    def __init__(self, clip: Clip) -> None:
        self.clip = clip
        self.notes = clip.notes
        self._derived: dict[Callable[[Features], Any], Any] = {}

    def once(self, derive: Callable[["Features"], T]) -> T:
        """Return what a function makes of these features alone, made once."""
        if derive not in self._derived:
            self._derived[derive] = derive(self)
        found: T = self._derived[derive]
        return found

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
        groups = np.empty(len(self.notes), dtype=np.intp)
        groups[self.order] = np.cumsum(self._begins) - 1
        return groups

    @cached_property
    def group_onset(self) -> np.ndarray:
        """When each onset's first note begins, in beats: (O,) float64."""
        return np.asarray(self.notes.onset[self.order[self._begins]])

    @cached_property
    def group_size(self) -> np.ndarray:
        """How many notes begin at each onset: (O,) int."""
        return np.bincount(self.group, minlength=len(self.group_onset))

    def first_played(self, onset: np.ndarray) -> np.ndarray:
        """Return when each onset's first note comes, (O,), if the notes come at `onset`, (N,)."""
        played = np.full(len(self.group_onset), np.inf)
        np.minimum.at(played, self.group, onset)
        return played

    @cached_property
    def group_top(self) -> np.ndarray:
        """The highest pitch of each onset: (O,) int."""
        return self._extreme(np.maximum)

    @cached_property
    def group_bottom(self) -> np.ndarray:
        """The lowest pitch of each onset: (O,) int."""
        return self._extreme(np.minimum)

    @cached_property
    def top(self) -> np.ndarray:
        """Whether the note is the highest of its onset: (N,) bool."""
        return np.asarray(self.notes.pitch == self.group_top[self.group])

    @cached_property
    def bottom(self) -> np.ndarray:
        """Whether the note is the lowest of its onset: (N,) bool."""
        return np.asarray(self.notes.pitch == self.group_bottom[self.group])

    @cached_property
    def melody(self) -> np.ndarray:
        """Whether the note belongs to the upper line over an accompaniment: (N,) bool.

        It is the top of its onset and not below a note of the line that still sounds; nor far below
        one that has just ended, for then it fills a rest of the line.
        """
        if self._is_one_line:
            return self.top
        rows = self.order[self.top[self.order]]
        held_end, held_pitch, line = -np.inf, -1, []
        heard = zip(
            self.notes.pitch[rows].tolist(),
            (self.notes.onset[rows] + TOLERANCE).tolist(),
            self.notes.end[rows].tolist(),
            strict=True,
        )
        for pitch, onset, end in heard:
            near = pitch >= held_pitch - LINE_LEAP or onset >= held_end + LINE_REST
            sings = pitch >= held_pitch or (onset >= held_end and near)
            line.append(sings)
            if sings:
                held_end, held_pitch = end, pitch
        melody = np.zeros(len(self.notes), dtype=bool)
        melody[rows] = line
        return melody

    @cached_property
    def next_group(self) -> np.ndarray:
        """The first onset at or after the note's end, O if there is none: (N,) int.

        A tenth of the note's duration may overlap.
        """
        nearly_end = self.notes.end - 0.1 * self.notes.duration
        return np.maximum(np.searchsorted(self.group_onset, nearly_end), self.group + 1)

    @cached_property
    def slot(self) -> np.ndarray:
        """Beats from the onset to the first onset at or after the note's end: (N,) float64.

        Duration over slot is the articulation ratio: 1 is connected, 0.5 is staccato. A note with
        nothing after it has its own duration as its slot.
        """
        slot = np.append(self.group_onset, np.inf)[self.next_group] - self.notes.onset
        return np.where(np.isfinite(slot), slot, self.notes.duration)

    @cached_property
    def ioi(self) -> np.ndarray:
        """Inter-onset interval to the next onset in beats, the last takes its duration: (N,)."""
        following = np.append(self.group_onset[1:], np.inf)[self.group]
        interval = following - self.group_onset[self.group]
        return np.where(np.isfinite(interval), interval, np.maximum(self.notes.duration, 1e-3))

    @cached_property
    def metres(self) -> tuple[Metre, ...]:
        """The clip's metres, 4/4 from beat 0 where none is given."""
        given = self.clip.metre
        return given if given and given[0].time == 0 else (Metre(), *given)

    @cached_property
    def metre_index(self) -> np.ndarray:
        """Which metre holds at each note: (N,) int."""
        if len(self.metres) == 1:
            return np.zeros(len(self.notes), dtype=np.intp)
        starts = np.array([metre.time for metre in self.metres])
        return np.searchsorted(starts[1:], self.notes.onset + TOLERANCE, side="right")

    @cached_property
    def beat_length(self) -> np.ndarray:
        """Length of the felt beat in quarter notes, 1.5 in 6/8: (N,) float64."""
        return np.array([beat_of(metre) for metre in self.metres])[self.metre_index]

    @cached_property
    def bar_onset(self) -> np.ndarray:
        """Every bar line in beats, the clip's end last: (B+1,) float64."""
        last = max(self.clip.length, self._last_onset)
        ends = [min(metre.time, last) for metre in self.metres[1:]] + [last]
        lines = [
            np.arange(
                metre.time,
                max(end - TOLERANCE, metre.time + 1e-9),
                metre.bar * max(1, SHORTEST_BAR // metre.bar),
            )
            for metre, end in zip(self.metres, ends, strict=True)
            if end > metre.time
        ]
        return np.concatenate([*lines, [last]])

    @cached_property
    def bar(self) -> np.ndarray:
        """The bar, 0 to B-1, of each note, that of the next line just before it: (N,) int."""
        return np.searchsorted(self.bar_onset[1:-1], self.notes.onset + TOLERANCE, side="right")

    @cached_property
    def beat(self) -> np.ndarray:
        """Position in the bar in beats, slightly below 0 for a note just before it: (N,)."""
        return np.asarray(self.notes.onset - self.bar_onset[self.bar])

    @cached_property
    def strength(self) -> np.ndarray:
        """Metrical strength from 1 (bar line) to 0 (off any grid): (N,) float64."""
        return strengths(self.beat, self.metre_index, self.metres)

    @cached_property
    def melody_rows(self) -> np.ndarray:
        """The rows of the melody by onset: (M,) int."""
        return self.order[self.melody[self.order]]

    @cached_property
    def line(self) -> Line:
        """What the phrase finder looks at: the M notes of the melody."""
        rows = self.melody_rows
        bar = np.array([metre.bar for metre in self.metres])
        return Line(
            pitch=self.notes.pitch[rows].astype(np.float64),
            onset=self.notes.onset[rows],
            end=self.notes.end[rows],
            onset_s=self.onset_s[rows],
            strength=self.strength[rows],
            beat=self.beat[rows],
            bar=bar[self.metre_index[rows]],
        )

    @cached_property
    def boundary(self) -> np.ndarray:
        """How likely a phrase begins at each note's onset, 0 to 1: (N,) float64.

        It is 0 where the melody has no note.
        """
        found = np.zeros(len(self.group_onset))
        found[self.group[self.melody_rows]] = self.line_boundary
        return found[self.group]

    @cached_property
    def line_boundary(self) -> np.ndarray:
        """How likely a phrase begins at each note of the melody by onset: (M,) float64."""
        return probability(self.line)

    @cached_property
    def phrase_onset(self) -> np.ndarray:
        """Phrase starts in beats and the clip's end last: (P+1,) float64, rising."""
        return segment(log_odds(self.line_boundary), self.line.onset, self.bar_onset)

    @cached_property
    def phrase(self) -> np.ndarray:
        """The phrase, 0 to P-1, of each note: (N,) int."""
        onset = self.group_onset[self.group]
        return np.searchsorted(self.phrase_onset[1:-1], onset + 1e-9, side="right")

    @cached_property
    def phrase_position(self) -> np.ndarray:
        """Position in the phrase, 0 at its start to 1 at its end: (N,) float64."""
        start, end = self.phrase_onset[self.phrase], self.phrase_onset[self.phrase + 1]
        return np.clip((self.notes.onset - start) / (end - start), 0.0, 1.0)

    @cached_property
    def _begins(self) -> np.ndarray:
        """Whether a new onset begins, in the order of `order`: (N,) bool.

        Notes of one pitch are struck one after the other, however fast, unless they are one.
        """
        time = self.onset_s[self.order]
        begins = np.ones(len(time), dtype=bool)
        begins[1:] = time[1:] - time[:-1] > CHORD_S
        if len(time) and self._needs_parting(time, begins):
            begins[:] = _parted(time.tolist(), self.notes.pitch[self.order].tolist())
        return begins

    def _needs_parting(self, time: np.ndarray, begins: np.ndarray) -> bool:
        """Return whether notes close to the one before may yet be no part of one chord."""
        span = time - time[begins][np.cumsum(begins) - 1]
        if not span.any():
            return False
        by_pitch = np.lexsort((self.onset_s, self.notes.pitch))
        wait = np.diff(self.onset_s[by_pitch])
        again = (np.diff(self.notes.pitch[by_pitch]) == 0) & (wait > 0) & (wait <= CHORD_S)
        return bool((span > CHORD_S).any() or again.any())

    @property
    def _is_one_line(self) -> bool:
        """Whether most notes wait for the one before to have three quarters sounded."""
        onset = self.notes.onset[self.order]
        nearly_end = onset + 0.75 * self.notes.duration[self.order]
        overlaps = int(np.count_nonzero(onset[1:] < nearly_end[:-1]))
        return overlaps <= (1 - LINE_SHARE) * len(onset)

    @property
    def _last_onset(self) -> float:
        return float(self.notes.onset.max()) + 1e-3 if len(self.notes) else 0.0

    def _extreme(self, better: np.ufunc) -> np.ndarray:
        if not len(self.notes):
            return np.zeros(0, dtype=np.intp)
        by_onset = self.notes.pitch[self.order].astype(np.intp)
        return np.asarray(better.reduceat(by_onset, np.flatnonzero(self._begins)))


def _parted(times: list[float], pitches: list[int]) -> list[bool]:
    """Return where an onset begins among notes by time in seconds, none longer than a chord."""
    first, struck, begins = -np.inf, dict[int, float](), []
    for time, pitch in zip(times, pitches, strict=True):
        begins.append(time - first > CHORD_S or struck.get(pitch, time) < time)
        if begins[-1]:
            first, struck = time, {}
        struck[pitch] = time
    return begins
