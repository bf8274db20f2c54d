"""Find the bars of a song from its chords and phrases, where its file does not tell them right.

Letters: C chord changes.
"""

from collections import Counter

import numpy as np

from engines.training.phrase_label import Phrases


def beats_a_bar(change: np.ndarray) -> int:
    """Return 3 or 4: the number of beats, or half or double it, that more chords last.

    Args:
        change: (C,) beats, rising.
    """
    steps = Counter(np.rint(np.diff(change)).astype(int).tolist())
    return 3 if steps[3] + steps[6] > steps[2] + steps[4] else 4


def first_downbeat(change: np.ndarray, bar: int, phrases: Phrases | None) -> int:
    """Return the beat below `bar` that bars begin on: phrases do, and else most chords."""
    if phrases and phrases.bar == bar:
        return round(float(phrases.start[0])) % bar
    votes = Counter((np.rint(change).astype(int) % bar).tolist())
    return votes.most_common(1)[0][0] if votes else 0
