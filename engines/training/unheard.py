"""Expect of each piece what trees learned from the others: what a player is surprised by.

A player that has learned a piece is hardly surprised by those who play it, and would take players
to stray less than they do. Where there is no music that it has not learned, trees that have not
heard a piece stand in for it.

Letters: N notes, D parameters.

Source: Stone (1974), "Cross-validatory choice and assessment of statistical predictions", Journal
of the Royal Statistical Society B 36(2).
"""

from collections.abc import Callable

import numpy as np

from engines.features import Features
from engines.performance.interpreter import UNITS
from engines.training.forest import Growth, grow_stand
from engines.training.lesson import Lesson, lesson
from engines.training.recording import Recording
from engines.training.stand import Stand
from engines.training.table import seen_by_trees, tabulate


class Unheard:
    """Say of a recording what is expected by those who have heard the other pieces alone.

    Args:
        lessons: of two pieces or more.
        growth: how the trees grow.
        told: called with the share of the work that is done.
    """

    def __init__(
        self, lessons: list[Lesson], growth: Growth, told: Callable[[float], None]
    ) -> None:
        self._stands: dict[str, list[Stand]] = {}
        pieces = list(dict.fromkeys(one.piece for one in lessons))
        for number, piece in enumerate(pieces):
            told(number / len(pieces))
            others = [one for one in lessons if one.piece != piece]
            table = tabulate([(1.0, others)], growth.rows)
            self._stands[piece] = [grow_stand(table, n, growth) for n in range(len(UNITS))]

    def __call__(self, recording: Recording) -> np.ndarray:
        """Return means in the network's units: (N, 4), rows as in the recording's clip."""
        seen = seen_by_trees(lesson(recording))
        found = np.empty((len(seen), len(UNITS)))
        stands = self._stands[recording.piece]
        found[Features(recording.clip).order] = np.stack([one.says(seen) for one in stands], axis=1)
        return found
