"""Turn gestures back into what the pedal did."""

import numpy as np

from engines.performance.pedalling import Gestures, events, gesture_times


def inverse(
    foot: Gestures, onset_s: np.ndarray, ramps: bool = False
) -> tuple[np.ndarray, np.ndarray]:
    """Return the events of gestures at onsets, (O,) seconds: times and values, (P,) each."""
    return events(gesture_times(foot, onset_s), np.stack([foot.depth, foot.rest]), ramps)
