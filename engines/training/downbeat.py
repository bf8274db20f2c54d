"""Find the bars of a song from its chords and phrases, where its file does not tell them right.

Letters: C chord changes.
"""

import numpy as np

from engines.training.phrase_label import Phrases


def beat_phase(change: np.ndarray) -> float:
    """Return 0.5 if the chords of a song change half-way between its file's beats, else 0.

    Args:
        change: (C,) beats.
    """
    return 0.5 * float((np.rint(2 * change) % 2).mean() > 0.5) if len(change) else 0.0


def beats_a_bar(change: np.ndarray) -> int:
    """Return 3 or 4: so many beats, or twice as many, after a chord change there mostly is another.

    Args:
        change: (C,) beats.
    """
    half_beat = np.rint(2 * change).astype(int)
    three, four = (
        sum(np.isin(half_beat + 2 * bar * bars, half_beat).sum() for bars in (1, 2))
        for bar in (3, 4)
    )
    return 3 if three > four else 4


def first_downbeat(change: np.ndarray, bar: int, phrases: Phrases | None) -> int:
    """Return the beat below `bar` that bars begin on: phrases do, and else most chords."""
    if phrases:
        return phrases.start % bar
    return int(np.bincount(np.rint(change).astype(int) % bar, minlength=bar).argmax())
