"""Map how hard somebody plays a keyboard onto how hard people play.

A keyboard's springs and its player's hands together give some velocities often and others never.
What was played for a minute is kept as quantiles; each is mapped onto the quantile that people's
music has there, and what lies between along straight lines. So the order of velocities stays.

Letters: Q quantiles, at the shares in `LEVELS`.

Source: quantile mapping as in histogram specification, Gonzalez and Woods (2018), Digital Image
Processing, section 3.3.
"""

from collections.abc import Sequence
from itertools import accumulate

LEVELS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""Below which share of the notes each quantile lies."""

PEOPLE = (62.4, 68.5, 75.4, 80.0, 83.7, 87.0, 90.1, 93.4, 97.5, 102.9, 106.7)
"""The quantiles of people's velocities: the mean over the 859 songs of POP909 of each song's own.

Source: Wang et al. (2020), POP909: A Pop-song Dataset for Music Arrangement Generation (MIT): piano
arrangements whose velocities were played, some of them edited; all tracks of each main version.
"""

LEAST_SPREAD = 8.0
"""Quantiles that lie closer together in all tell of a keyboard with one velocity. Our choice."""

STEEPEST = 3.0
"""No velocity step becomes more than so many: else a keyboard's coarse steps would be heard."""

Curve = Sequence[float]
"""What each velocity from 0 to 127 becomes, (128,), rising from 0 to 127."""

SAME: Curve = tuple(map(float, range(128)))
"""The curve that changes nothing."""


def quantiles(counts: Sequence[int]) -> tuple[float, ...]:
    """Return the quantiles, (Q,), of velocities of which there are so many each: (128,).

    A velocity stands for all strengths that are rounded to it, so no two quantiles are equal.
    """
    total = sum(counts)
    below = [0.0, *(count / total for count in accumulate(counts))]
    edges = [min(max(velocity - 0.5, 1.0), 127.0) for velocity in range(129)]
    return tuple(round(interpolated(level, below, edges), 2) for level in LEVELS)


def is_flat(played: Sequence[float]) -> bool:
    """Return whether quantiles, (Q,), lie too close to tell anything about a hand."""
    return played[-1] - played[0] < LEAST_SPREAD


def curve(played: Sequence[float]) -> Curve:
    """Return what maps the quantiles of a player, (Q,), onto those of people; `SAME` for none."""
    if not played or is_flat(played):
        return SAME
    wanted = _reached(played)
    xs, ys = [0.0, *played, 127.0], [0.0, *wanted, 127.0]
    return tuple(interpolated(float(velocity), xs, ys) for velocity in range(128))


def interpolated(x: float, xs: Sequence[float], ys: Sequence[float]) -> float:
    """Return y at x on straight lines through points, whose xs do not fall."""
    at = next((row for row, edge in enumerate(xs) if edge >= x), len(xs) - 1)
    if at == 0 or xs[at] == x or xs[at] == xs[at - 1]:
        return ys[at]
    share = (x - xs[at - 1]) / (xs[at] - xs[at - 1])
    return ys[at - 1] + min(share, 1.0) * (ys[at] - ys[at - 1])


def _reached(played: Sequence[float]) -> list[float]:
    """Return where the player's quantiles go, (Q,): to people's, as far as `STEEPEST` lets them.

    It starts from the median, which goes where it should.
    """
    middle, reached = len(PEOPLE) // 2, list(PEOPLE)
    for row in range(middle + 1, len(PEOPLE)):
        most = STEEPEST * (played[row] - played[row - 1])
        reached[row] = reached[row - 1] + min(PEOPLE[row] - PEOPLE[row - 1], most)
    for row in range(middle - 1, -1, -1):
        most = STEEPEST * (played[row + 1] - played[row])
        reached[row] = reached[row + 1] - min(PEOPLE[row + 1] - PEOPLE[row], most)
    return reached
