"""Say how far what players do scatters about a mean, and draw from it.

Letters: R distributions of any shape, K components of a mixture, V values.
"""

from functools import cache
from math import erfc, sqrt
from typing import NamedTuple

import numpy as np

from engines.bounded import bounded

POINTS, ZOOMS = 9, 2
"""A quantile is looked for at so many places at once, so many times over; within the last gap of 1
part in 8^2 the distribution is a straight line."""

STEPS = np.linspace(0.0, 1.0, POINTS)[:, None]
"""These places, as parts of the gap."""

BLOCK = 2048
"""So many quantiles are looked for together: what they need stays near the processor."""


class Mixture(NamedTuple):
    """Be one distribution a note, or several, each a mixture of K logistics: (K, R) each.

    The weights of each have a sum of 1.
    """

    weight: np.ndarray
    centre: np.ndarray
    scale: np.ndarray

    def at(self, rows: int | list[int] | slice) -> "Mixture":
        """Return some of the distributions: rows of the first axis of R."""
        return Mixture(*(array[:, rows] for array in self))

    def mean(self) -> np.ndarray:
        """Return the means: (R,)."""
        return np.asarray((self.weight * self.centre).sum(axis=0))

    def variance(self) -> np.ndarray:
        """Return the variances: (R,)."""
        about = self.centre - self.mean()
        each = about**2 + np.pi**2 / 3.0 * self.scale**2
        return np.asarray((self.weight * each).sum(axis=0))

    def about(self, mean: np.ndarray) -> "Mixture":
        """Return the distributions moved to other means, (R,)."""
        return self._replace(centre=self.centre + (mean - self.mean()))

    def widened(self, factor: np.ndarray | float) -> "Mixture":
        """Return the distributions with the same means and standard deviations so much larger.

        Args:
            factor: above 0, of a shape that goes with (R,).
        """
        mean = self.mean()
        return Mixture(self.weight, mean + factor * (self.centre - mean), factor * self.scale)

    def drawn(self, field: np.ndarray) -> np.ndarray:
        """Return a sample for each distribution, (R,), by a field of normal noise, (R,).

        A field of 0 gives the medians.
        """
        return self.quantile(normal_share(field))

    def quantile(self, share: np.ndarray) -> np.ndarray:
        """Return below which value each share, (R,) between 0 and 1, of its distribution lies.

        It lies between the quantiles of the components.
        """
        listed = Mixture(*(array.reshape(len(array), -1) for array in self))
        found = np.empty(share.size)
        for start in range(0, share.size, BLOCK):
            rows = slice(start, start + BLOCK)
            block = listed.at(rows)
            found[rows] = block._quantile(share.ravel()[rows])  # noqa: SLF001  (its own class)
        return found.reshape(share.shape)

    def share_below(self, value: np.ndarray) -> np.ndarray:
        """Return the share of each distribution that lies below values: (V, R) for (V, R)."""
        half = (value[:, None] - self.centre) * (0.5 / self.scale)
        return np.asarray((np.tanh(half) * (0.5 * self.weight)).sum(axis=1) + 0.5)

    def _quantile(self, share: np.ndarray) -> np.ndarray:
        """Return the quantiles of some distributions in a list: R is a number here."""
        ends = self.centre + self.scale * np.log(share / (1.0 - share))
        low, high = ends.min(axis=0), ends.max(axis=0)
        rows = np.arange(len(low))
        for _ in range(ZOOMS):
            tried = low + (high - low) * STEPS
            found = self.share_below(tried)
            below = (found < share)[1:-1].sum(axis=0)
            low, high = tried[below, rows], tried[below + 1, rows]
        under, over = found[below, rows], found[below + 1, rows]
        part = (share - under) / np.maximum(over - under, 1e-12)
        return np.asarray(low + (high - low) * bounded(part, 0.0, 1.0))


def normal_share(z: np.ndarray) -> np.ndarray:
    """Return the share of the normal distribution below z, any shape, to within 1e-7.

    It is between 1e-9 and all but as much.
    """
    return np.asarray(np.interp(z, *_normal()))


@cache
def _normal() -> tuple[np.ndarray, np.ndarray]:
    """Return values and the shares below them, so near that lines between are within 1e-7."""
    z = np.linspace(-6.0, 6.0, 8193)
    return z, bounded(np.array([0.5 * erfc(-one / sqrt(2.0)) for one in z]), 1e-9, 1.0 - 1e-9)
