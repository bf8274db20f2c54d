"""Find numbers for new notes."""

import numpy as np

from engines.clip import Notes


def free_ids(notes: Notes, count: int) -> np.ndarray:
    """Return ids that no note has, (count,) int: above theirs, or between them if none are left."""
    first = int(notes.note_id.max()) + 1 if len(notes) else 0
    if first + count <= Notes.COLUMNS["note_id"].high:
        return np.arange(first, first + count)
    return np.setdiff1d(np.arange(len(notes) + count), notes.note_id)[:count]
