"""Read a score and a performance from MIDI files.

Letters: N notes, P pedal events, T time signatures.
"""

from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from symusic.core import ScoreSecond, ScoreTick

from engines.clip import SUSTAIN_PEDAL
from engines.error import EngineError

SOFT_PEDAL = 67
"""The controller number of the soft pedal. Source: MIDI 1.0, table 3."""

UPPER, LOWER = 1, 2
"""The staves of a piano."""

MIDDLE_C = 60
"""Where a score does not say, notes from here on are the upper staff's."""

S = TypeVar("S", ScoreTick, ScoreSecond)


class MidiScore(NamedTuple):
    """Be N written notes, by onset, then pitch; of notes that begin as one the longest is left.

    `onset`, `duration` (N,) float64 and `metre_time` (T,) float64 in beats; `pitch`, `staff` (N,)
    and `numerator`, `denominator` (T,) are int.
    """

    pitch: np.ndarray
    onset: np.ndarray
    duration: np.ndarray
    staff: np.ndarray
    metre_time: np.ndarray
    numerator: np.ndarray
    denominator: np.ndarray


class MidiPerformance(NamedTuple):
    """Be N played notes, by onset, then pitch, in seconds.

    `sustain` and `soft` (P, 2) float64 are times in seconds and values of the pedals.
    """

    pitch: np.ndarray
    onset_s: np.ndarray
    release_s: np.ndarray
    velocity: np.ndarray
    sustain: np.ndarray
    soft: np.ndarray


def read_score(path: Path) -> MidiScore:
    """Return the notes of all tracks but drums.

    Of a file with two tracks of notes one is the upper staff. Tempo and velocities are not read.

    Raises:
        EngineError: the file cannot be read, or has no notes.
    """
    score = _read(path, ScoreTick)
    tracks = [track.notes.numpy() for track in score.tracks if track.notes and not track.is_drum]
    note = {name: np.concatenate([t[name] for t in tracks]) for name in tracks[0]}
    order = np.lexsort((-note["duration"], note["pitch"], note["time"]))
    unlike = np.diff(note["time"][order]).astype(bool) | np.diff(note["pitch"][order]).astype(bool)
    rows = order[np.append(True, unlike)]
    signs = sorted(score.time_signatures, key=lambda sign: sign.time)
    signs = [sign for sign in signs if sign.numerator]
    beat = float(score.ticks_per_quarter)
    return MidiScore(
        pitch=note["pitch"][rows].astype(np.intp),
        onset=note["time"][rows] / beat,
        duration=note["duration"][rows] / beat,
        staff=_staves([track["pitch"] for track in tracks])[rows],
        metre_time=np.array([sign.time for sign in signs]) / beat,
        numerator=np.array([sign.numerator for sign in signs], dtype=np.intp),
        denominator=np.array([sign.denominator for sign in signs], dtype=np.intp),
    )


def read_performance(path: Path) -> MidiPerformance:
    """Return the notes of all tracks but drums, and the pedals, at the file's own tempo.

    Raises:
        EngineError: the file cannot be read, or has no notes.
    """
    tracks = [track for track in _read(path, ScoreSecond).tracks if not track.is_drum]
    notes = [track.notes.numpy() for track in tracks]
    time, pitch, duration, velocity = (
        np.concatenate([n[name] for n in notes])
        for name in ("time", "pitch", "duration", "velocity")
    )
    rows = np.lexsort((pitch, time))
    onset_s = time[rows].astype(np.float64)
    events = [(c.time, c.value, c.number) for track in tracks for c in track.controls]
    control = np.array(sorted(events, key=lambda event: event[0])).reshape(-1, 3)
    return MidiPerformance(
        pitch=pitch[rows].astype(np.intp),
        onset_s=onset_s,
        release_s=onset_s + duration[rows],
        velocity=velocity[rows].astype(np.float64),
        sustain=control[control[:, 2] == SUSTAIN_PEDAL, :2],
        soft=control[control[:, 2] == SOFT_PEDAL, :2],
    )


def _read(path: Path, kind: type[S]) -> S:
    try:
        score = kind.from_file(str(path))
    except (OSError, RuntimeError, ValueError) as error:
        raise EngineError(f"{path} cannot be read as a MIDI file: {error}") from error
    if not any(track.notes and not track.is_drum for track in score.tracks):
        raise EngineError(f"{path} has no notes, allowed are MIDI files with at least one")
    return score


def _staves(pitches: list[np.ndarray]) -> np.ndarray:
    """Return the staff of each note of some tracks, one track after the other: (N,) int."""
    if len(pitches) != 2:
        return np.where(np.concatenate(pitches) >= MIDDLE_C, UPPER, LOWER)
    first, second = (float(track.mean()) for track in pitches)
    staves = (UPPER, LOWER) if first >= second else (LOWER, UPPER)
    return np.repeat(staves, [len(track) for track in pitches])
