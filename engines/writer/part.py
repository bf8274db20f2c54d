"""Turn what was written on steps into notes of a clip.

Letters: N notes, S steps, V voices.
"""

import numpy as np

from engines.clip import Clip, Notes
from engines.identity import free_ids
from engines.kit import CLOSED_HAT, OPEN_HAT, UNMAPPED
from engines.overlap import beside
from engines.writer.grid import Grid
from engines.writer.network import Network
from engines.writer.pads import played_pitches

LONGEST = 0.25
"""A stroke is written this many beats long, or as long as its step."""


def strokes(network: Network, clip: Clip, grid: Grid, hits: np.ndarray) -> Notes:
    """Return the notes of strokes, (N,) rows by time, as the clip's kit has them.

    Each has the velocity that drummers give on average to such a stroke of its voice.

    Args:
        network: what has written them.
        clip: whose pads and note numbers they get.
        grid: S steps.
        hits: (S, V) tiers, 0 where a voice is silent.
    """
    hits = _one_hat(hits)
    pitch = played_pitches(hits, clip)
    step, voice = np.nonzero((hits > 0) & (pitch != UNMAPPED))
    level = np.array(network.card["levels"])
    return Notes(
        pitch=pitch[step, voice],
        onset=grid.time[step],
        duration=np.minimum(grid.length[step], LONGEST),
        velocity=level[voice, hits[step, voice] - 1],
    )


def _one_hat(hits: np.ndarray) -> np.ndarray:
    """Return the tiers, (S, V), with no closed hat where it is struck open: it is one pair."""
    hits = hits.copy()
    hits[hits[:, OPEN_HAT] > 0, CLOSED_HAT] = 0
    return hits


def joined(clip: Clip, kept: Notes, new: Notes) -> Notes:
    """Return kept notes of a clip as they are and new ones beside them, with ids of their own."""
    new = beside(new, kept)
    return Notes.concatenate(kept, new.replace(note_id=free_ids(clip.notes, len(new))))
