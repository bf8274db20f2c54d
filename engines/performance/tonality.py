"""Say how well what sounds fits each key.

Letters: O onsets.

Source: Krumhansl (1990), Cognitive Foundations of Musical Pitch, table 2.1 and ch. 4: a key is
found by correlating how long the pitch classes sound with how well they belong to it.
"""

import numpy as np

MAJOR = np.array([6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88])
MINOR = np.array([6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17])
"""How well each step above the tonic belongs to a key."""


def fit(chroma: np.ndarray) -> np.ndarray:
    """Return correlations from -1 to 1 with the keys, C to B major and then minor: (O, 24).

    Args:
        chroma: (O, 12) how long each pitch class sounds.
    """
    centred = chroma - chroma.mean(axis=1, keepdims=True)
    length = np.sqrt((centred**2).sum(axis=1, keepdims=True))
    return np.asarray((centred / np.maximum(length, 1e-9)) @ KEYS.T)


def _keys() -> np.ndarray:
    """Return the profiles of the 24 keys, of mean 0 and length 1: (24, 12)."""
    profiles = [np.roll(profile, step) for profile in (MAJOR, MINOR) for step in range(12)]
    keys = np.array(profiles) - np.mean(profiles, axis=1, keepdims=True)
    return np.asarray(keys / np.linalg.norm(keys, axis=1, keepdims=True))


KEYS = _keys()
"""The profiles of the keys, C to B major and then minor: (24, 12)."""
