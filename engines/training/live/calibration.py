"""Choose how steady a hand's lots are, so that its neighbouring notes are as alike as players'.

A hand that learned from many players expects the mean of what they would do next, and so follows
itself less than any of them did. Lots that resemble those before them make up for it.
"""

from collections.abc import Iterable

import numpy as np

from engines.touch.hearing import STYLES
from engines.touch.network import Network
from engines.training.live.lesson import Lesson, Page
from engines.training.live.measure import Deed, alike, performed

STEADY = (0.0, 0.1, 0.2, 0.3)
"""What is tried: correlations of a lot with the one before."""

PAGES, FEWEST = 24, 200
"""So many pages of a style are played, none of which has fewer notes."""


def steadiness(
    network: Network, pages: Iterable[tuple[Page, Lesson]]
) -> dict[str, tuple[float, float]]:
    """Return by style how steady the lots of velocity and of lateness are to be.

    Args:
        network: a hand whose lots are not steady yet.
        pages: what it has learned from.
    """
    chosen: dict[str, list[tuple[Page, Lesson]]] = {style: [] for style in STYLES}
    for page, taught in pages:
        some = chosen[STYLES[page.style]]
        if len(some) < PAGES and len(taught.row) >= FEWEST and taught.known.any(axis=0).all():
            some.append((page, taught))
    return {style: _of_style(network, some) for style, some in chosen.items() if some}


def _of_style(network: Network, pages: list[tuple[Page, Lesson]]) -> tuple[float, float]:
    """Return the steadiness that brings each of the two things nearest to the players."""
    human = _likeness([(taught, taught.played) for _, taught in pages])
    away = []
    for steady in STEADY:
        ours = [
            (taught, performed(network, page, taught, seed, (steady, steady)))
            for seed, (page, taught) in enumerate(pages)
        ]
        away.append(np.abs(_likeness(ours) - human))
    velocity, lateness = np.argmin(away, axis=0).tolist()
    return STEADY[velocity], STEADY[lateness]


def _likeness(done: list[tuple[Lesson, np.ndarray]]) -> np.ndarray:
    """Return how alike neighbours are, (2,), in what was done, (N, 2) each."""
    return np.array(
        [
            alike(Deed(one, played[:, at], one.known[:, at]) for one, played in done)
            for at in range(2)
        ]
    )
