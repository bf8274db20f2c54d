"""Keep numbers between two ends."""

import numpy as np


def bounded(value: np.ndarray, low: np.ndarray | float, high: np.ndarray | float) -> np.ndarray:
    """Return values between two ends, of their common shape; NaN stays.

    On few notes it is faster than `numpy.clip`, which goes through much Python first.
    """
    return np.minimum(np.maximum(value, low), high)
