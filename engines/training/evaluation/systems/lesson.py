"""Put performances into the tables that trees learn from.

Letters: N notes, O onsets, F columns, R rows to learn from.
"""

from collections import Counter
from typing import NamedTuple

import numpy as np

from engines.performance.pedalling import pedal_targets
from engines.performance.surroundings import WIDTH, surroundings
from engines.performance.view import MARKS, View
from engines.training.evaluation.case import Case
from engines.training.evaluation.judgement import melody_rows

NOTE_TARGETS = ("velocity", "asynchrony", "articulation")
"""What is learned of notes; the rest is learned of onsets."""


class Table(NamedTuple):
    """Be the rows of a case: (N, F) of its notes and (O, F) of its onsets, float32."""

    notes: np.ndarray
    onsets: np.ndarray


class Lesson(NamedTuple):
    """Be rows, (R, F) of notes and of onsets, and the targets of either, NaN for the unknown."""

    notes: np.ndarray
    onsets: np.ndarray
    targets: dict[str, np.ndarray]

    def rows_of(self, target: str) -> np.ndarray:
        """Return the rows that a target belongs to: (R, F)."""
        return self.notes if target in NOTE_TARGETS else self.onsets


def table_of(case: Case, marks: bool) -> Table:
    """Return what the trees look at, with the score's marks or without."""
    rows = View(case.features).table()
    if marks:
        bits = (case.recording.marks[:, None] >> np.arange(MARKS)) & 1
        rows = np.column_stack([rows, bits, case.recording.staff]).astype(np.float32)
    notes = np.column_stack([rows, _around(case, rows)])
    return Table(notes=notes, onsets=notes[melody_rows(case)])


def learn(cases: list[Case], marks: bool, rows: int) -> Lesson:
    """Return a lesson of about so many notes and onsets, drawn from each piece alike."""
    recordings = Counter(case.recording.piece for case in cases)
    quota = {piece: rows // len(recordings) // count for piece, count in recordings.items()}
    pages = [_page(case, marks, max(quota[case.recording.piece], 1)) for case in cases]
    notes, onsets, targets = zip(*pages, strict=True)
    return Lesson(
        notes=np.concatenate(notes),
        onsets=np.concatenate(onsets),
        targets={name: np.concatenate([each[name] for each in targets]) for name in targets[0]},
    )


def _page(case: Case, marks: bool, quota: int) -> Lesson:
    table, targets = table_of(case, marks), _targets(case)
    rng = np.random.default_rng(len(table.notes))
    notes = rng.permutation(len(table.notes))[:quota]
    onsets = rng.permutation(len(table.onsets))[:quota]
    return Lesson(
        notes=table.notes[notes],
        onsets=table.onsets[onsets],
        targets={
            name: values[notes if name in NOTE_TARGETS else onsets]
            for name, values in targets.items()
        },
    )


def _targets(case: Case) -> dict[str, np.ndarray]:
    """Return what was played of each note, (N,), or onset, (O,)."""
    recording, played = case.recording, case.aspects
    share, press = pedal_targets(case.onset_s, case.end_s, recording.sustain_s, recording.sustain)
    delay_s = np.full(len(press), np.nan)
    delay_s[case.pedal.press] = np.clip(case.pedal.press_s, 0.0, 1.0)
    return {
        "velocity": played.velocity,
        "asynchrony": played.asynchrony,
        "articulation": played.articulation,
        "ioi": played.ioi,
        "down": share,
        "press": press,
        "delay": delay_s,
    }


def _around(case: Case, rows: np.ndarray) -> np.ndarray:
    """Return what is around each note: (N, A)."""
    order = case.features.order
    around = np.empty((len(rows), WIDTH), dtype=rows.dtype)
    around[order] = surroundings(rows[order], case.features.group_onset[case.features.group[order]])
    return around
