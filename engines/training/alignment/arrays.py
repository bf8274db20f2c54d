"""Put a score and its performance together as the arrays of a recording.

Letters: S score notes, P played notes, M matched notes.
"""

import numpy as np

from engines.error import EngineError
from engines.training.alignment.match import align
from engines.training.alignment.midi import MidiPerformance, MidiScore
from engines.training.recording import PER_BEAT, PER_SECOND

Arrays = dict[str, np.ndarray]

LEAST_SHARE = 0.5
"""What has a smaller share of notes in common is not the same music: different pieces of (n)ASAP
share at most 0.32, recordings and their scores 0.73 or more."""


def aligned_arrays(score: MidiScore, played: MidiPerformance) -> Arrays:
    """Return the arrays that `read_recording` reads, and the notes that only one side has.

    A MIDI file knows no marks: `flags` are 0. Times are whole numbers of 1/960 beat or second.

    Raises:
        EngineError: they have too few notes in common.
    """
    rows = align(score.pitch, score.onset, played.pitch, played.onset_s)
    share = len(rows) / max(len(score.pitch), len(played.pitch))
    if share < LEAST_SHARE:
        raise EngineError(
            f"score and performance share {share:.0%} of their notes, allowed are {LEAST_SHARE:.0%}"
            " or more: two files of the same music"
        )
    missed = np.setdiff1d(np.arange(len(score.pitch)), rows[:, 0])
    extra = np.setdiff1d(np.arange(len(played.pitch)), rows[:, 1])
    return {
        **_written(score, rows[:, 0]),
        **_heard(played, rows[:, 1]),
        **{f"missed_{name}": column for name, column in _written(score, missed).items()},
        **{f"extra_{name.removeprefix('perf_')}": c for name, c in _heard(played, extra).items()},
        "extra_pitch": played.pitch[extra].astype(np.uint8),
        "sustain_t": _ticks(played.sustain[:, 0], PER_SECOND),
        "sustain_v": played.sustain[:, 1].astype(np.uint8),
        "soft_t": _ticks(played.soft[:, 0], PER_SECOND),
        "soft_v": played.soft[:, 1].astype(np.uint8),
        "ts_score": _ticks(score.metre_time, PER_BEAT),
        "ts_num": score.numerator.astype(np.uint8),
        "ts_den": score.denominator.astype(np.uint8),
    }


def match_share(arrays: Arrays) -> float:
    """Return the share of matched notes in the larger of score and performance, 0 to 1."""
    matched = len(arrays["pitch"])
    return matched / (matched + max(len(arrays["missed_pitch"]), len(arrays["extra_pitch"])))


def _written(score: MidiScore, rows: np.ndarray) -> Arrays:
    return {
        "score_on": _ticks(score.onset[rows], PER_BEAT),
        "score_dur": _ticks(score.duration[rows], PER_BEAT),
        "pitch": score.pitch[rows].astype(np.uint8),
        "staff": score.staff[rows].astype(np.uint8),
        "flags": np.zeros(len(rows), dtype=np.uint16),
    }


def _heard(played: MidiPerformance, rows: np.ndarray) -> Arrays:
    return {
        "perf_on": _ticks(played.onset_s[rows], PER_SECOND),
        "perf_off": _ticks(played.release_s[rows], PER_SECOND),
        "velocity": played.velocity[rows].astype(np.uint8),
    }


def _ticks(time: np.ndarray, per_unit: float) -> np.ndarray:
    return np.rint(time * per_unit).astype(np.int32)
