"""Join tied tones, and spread slurs and marks over the notes that they concern.

Letters: T tones as they are written, N notes as they sound.
"""

from collections import defaultdict
from typing import NamedTuple

import numpy as np

from engines.training.barline import SAME
from engines.training.recording import GRACE, IN_SLUR, SLUR_START, SLUR_STOP
from engines.training.written import TIE, TIED_BACK, TIED_ON, SlurEnd, Tone

LONGEST_SLUR = 64.0
"""What seems to be a slur of more beats is two ends that do not belong together."""


class Written(NamedTuple):
    """Be T tones, a row each: `onset` and `length` in beats, whole numbers in the rest."""

    onset: np.ndarray
    length: np.ndarray
    pitch: np.ndarray
    staff: np.ndarray
    voice: np.ndarray
    marks: np.ndarray
    chord: np.ndarray
    tie: np.ndarray


def tabulate(tones: list[Tone], bar_line: np.ndarray) -> Written:
    """Return tones as columns; `bar_line` is where each of the score's measures begins."""
    measure, beat, length, *rest = (np.array(column) for column in zip(*tones, strict=True))
    onset = np.round(np.maximum(bar_line[measure] + beat, 0.0), 9)
    return Written(onset, np.round(length, 9), *rest)


def sounding(written: Written, slurs: list[SlurEnd]) -> Written:
    """Return the notes by onset, then pitch: ties joined, unisons once, marks on whole chords."""
    first, length = _joined(written)
    marks = _spread(written.marks, written.chord) | _slurred(written, slurs)
    tied = first != np.arange(len(first))
    joint = marks.copy()
    np.bitwise_or.at(joint, first[tied], marks[tied] | TIE)
    notes = written._replace(length=length, marks=joint)
    return _without_unisons(Written(*(column[~tied] for column in notes)))


def _joined(written: Written) -> tuple[np.ndarray, np.ndarray]:
    """Return for each tone the first that it is tied to, itself if none, and the joint length."""
    first, length = np.arange(len(written.onset)), written.length.copy()
    waiting: dict[int, list[int]] = defaultdict(list)
    by_onset = np.lexsort((first, written.onset))
    for row in by_onset[written.tie[by_onset] > 0].tolist():
        waits, onset = waiting[int(written.pitch[row])], written.onset[row]
        meets = [w for w in waits if abs(written.onset[w] + length[w] - onset) < SAME]
        if written.tie[row] & TIED_BACK and meets:
            waits.remove(meets[0])
            first[row] = meets[0]
            length[meets[0]] += written.length[row]
        if written.tie[row] & TIED_ON:
            waits.append(int(first[row]))
    return first, length


def _spread(marks: np.ndarray, chord: np.ndarray) -> np.ndarray:
    """Return the marks with those of any tone of a chord on all of its tones: (T,) int."""
    starts = np.flatnonzero(np.diff(chord, prepend=chord[0] - 1))
    counts = np.diff(np.append(starts, len(chord)))
    return np.repeat(np.bitwise_or.reduceat(marks, starts), counts)


def _slurred(written: Written, ends: list[SlurEnd]) -> np.ndarray:
    """Return the marks that slurs set: on their first and last chord and on all between, (T,)."""
    marks = np.zeros(len(written.onset), dtype=written.marks.dtype)
    onset, voice = written.onset, written.voice
    by_voice = {int(v): np.flatnonzero(voice == v) for v in set(voice.tolist())}
    by_voice = {v: rows[np.argsort(onset[rows], kind="stable")] for v, rows in by_voice.items()}
    for start, stop in _pairs(written, ends):
        rows = by_voice[int(voice[start])]
        low, high = np.searchsorted(onset[rows], [onset[start] - SAME, onset[stop] + SAME]).tolist()
        marks[rows[low:high]] |= IN_SLUR
        marks[start] |= SLUR_START | IN_SLUR
        marks[stop] |= SLUR_STOP | IN_SLUR
    return _spread(marks, written.chord)


def _pairs(written: Written, ends: list[SlurEnd]) -> list[tuple[int, int]]:
    """Return the tones where each slur starts and stops: by number, else by voice.

    The ends are taken in the order of time, for a file goes back for every voice.
    """
    pairs, opened = list[tuple[int, int]](), dict[tuple[str, int], int]()
    for end in sorted(ends, key=lambda end: (written.onset[end.tone], end.tone)):
        voice = int(written.voice[end.tone])
        if end.starts:
            opened[end.number, voice] = end.tone
            continue
        number = [key for key in opened if key[0] == end.number]
        own = [key for key in number if key[1] == voice]
        fitting = own or number or [key for key in opened if key[1] == voice]
        if not fitting:
            continue
        start = opened.pop(fitting[-1])
        if written.onset[end.tone] - written.onset[start] <= LONGEST_SLUR:
            pairs.append((start, end.tone))
    return pairs


def _without_unisons(written: Written) -> Written:
    """Return the notes by onset and pitch, the longest of several alike with the marks of all."""
    grace = (written.marks & GRACE) > 0
    order = np.lexsort((-written.length, written.pitch, ~grace, written.onset))
    sorted_notes = Written(*(column[order] for column in written))
    same = (np.diff(sorted_notes.onset) < SAME) & (np.diff(sorted_notes.pitch) == 0)
    same &= np.diff(grace[order].astype(int)) == 0
    starts = np.flatnonzero(np.concatenate([[True], ~same]))
    marks = np.bitwise_or.reduceat(sorted_notes.marks, starts)
    kept = Written(*(column[starts] for column in sorted_notes))._replace(marks=marks)
    by_pitch = np.lexsort((kept.pitch, kept.onset))
    return Written(*(column[by_pitch] for column in kept))
