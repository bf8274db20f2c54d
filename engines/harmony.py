"""Find where the harmony changes.

Letters: O onsets, K harmonies.
"""

import numpy as np

from engines.features import Features


def changes(features: Features) -> np.ndarray:
    """Return when each harmony begins, in beats: (K,) float64, rising; the first onset first."""
    groups = features.group_onset
    low = np.full(len(groups), 128)
    np.minimum.at(low, features.group, features.notes.pitch)
    strength = np.zeros(len(groups))
    np.maximum.at(strength, features.group, features.strength)
    new = (np.diff(low, prepend=-1) != 0) & (strength >= 0.75)
    new[:1] = True
    return np.asarray(groups[new])
