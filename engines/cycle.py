"""Tell after how many beats what a band shares comes round, so that its loops stay together.

Lengths are in beats.
"""

from engines.clip import Clip

SHORTEST = 2.0
"""What is shared comes round no sooner; a divisor as short as a beat would leave nothing of it."""

SAME = 1e-6
"""Lengths that differ by less are the same."""


def band_period(clip: Clip, ensemble: tuple[Clip, ...]) -> float | None:
    """Return after how many beats a shared curve repeats for one part, None for never.

    It is the longest time that divides the part's loop and the others', so that loops of one, four
    and eight bars, or of four and six beats, hear the same at the same moment. A loop with which
    the part has no such time in common is passed over.
    """
    loops = sorted(part.loop.end - part.loop.start for part in ensemble if part.loop)
    if not loops:
        return None
    period = clip.loop.end - clip.loop.start if clip.loop else loops[0]
    for loop in loops:
        common = _divisor(period, loop)
        period = common if common >= min(SHORTEST, loops[0]) - SAME else period
    return period


def _divisor(longer: float, shorter: float) -> float:
    """Return the greatest length that divides both. Source: Euclid, Elements, book X, prop. 3."""
    while shorter > SAME:
        longer, shorter = shorter, longer % shorter
    return longer
