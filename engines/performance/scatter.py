"""Say how far what players do scatters about a mean, and draw from it.

Letters: N notes, K components of a mixture, V values.
"""

from typing import NamedTuple

import numpy as np

POINTS, ZOOMS = 9, 2
"""A quantile is looked for at so many places at once, so many times over; within the last gap of 1
part in 8^2 the distribution is a straight line."""

STEPS = np.linspace(0.0, 1.0, POINTS)
"""These places, as parts of the gap."""


class Mixture(NamedTuple):
    """Be one distribution a note, a mixture of K logistics: (N, K) each, weights of sum 1."""

    weight: np.ndarray
    centre: np.ndarray
    scale: np.ndarray

    def mean(self) -> np.ndarray:
        """Return the means: (N,)."""
        return np.asarray((self.weight * self.centre).sum(axis=-1))

    def variance(self) -> np.ndarray:
        """Return the variances: (N,)."""
        about = self.centre - self.mean()[:, None]
        each = about**2 + np.pi**2 / 3.0 * self.scale**2
        return np.asarray((self.weight * each).sum(axis=-1))

    def about(self, mean: np.ndarray) -> "Mixture":
        """Return the distributions moved to other means, (N,)."""
        return self._replace(centre=self.centre + (mean - self.mean())[:, None])

    def widened(self, factor: float) -> "Mixture":
        """Return the distributions with the same means and standard deviations so much larger."""
        mean = self.mean()[:, None]
        return Mixture(self.weight, mean + factor * (self.centre - mean), factor * self.scale)

    def drawn(self, field: np.ndarray) -> np.ndarray:
        """Return a sample for each distribution, (N,), by a field of normal noise, (N,).

        A field of 0 gives the medians.
        """
        return self.quantile(normal_share(field))

    def quantile(self, share: np.ndarray) -> np.ndarray:
        """Return below which value each share, (N,) between 0 and 1, of its distribution lies.

        It lies between the quantiles of the components.
        """
        ends = self.centre + self.scale * np.log(share / (1.0 - share))[:, None]
        low, high = ends.min(axis=-1), ends.max(axis=-1)
        rows = np.arange(len(low))
        for _ in range(ZOOMS):
            tried = low[:, None] + (high - low)[:, None] * STEPS
            found = self.share_below(tried)
            below = (found < share[:, None])[:, 1:-1].sum(axis=1)
            low, high = tried[rows, below], tried[rows, below + 1]
        under, over = found[rows, below], found[rows, below + 1]
        part = (share - under) / np.maximum(over - under, 1e-12)
        return np.asarray(low + (high - low) * part.clip(0.0, 1.0))

    def share_below(self, value: np.ndarray) -> np.ndarray:
        """Return the share of each distribution that lies below values: (N, V) for (N, V)."""
        z = (value[..., None] - self.centre[:, None]) / self.scale[:, None]
        return np.asarray((np.tanh(0.5 * z) @ self.weight[:, :, None])[..., 0] * 0.5 + 0.5)


def normal_share(z: np.ndarray) -> np.ndarray:
    """Return the share of the normal distribution below z, any shape, to within 1e-7.

    Source: Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.2.17.
    """
    t = 1.0 / (1.0 + 0.2316419 * np.abs(z))
    series = np.zeros_like(t)
    for factor in reversed(TAIL):
        series = series * t + factor
    tail = np.exp(-0.5 * z * z) * 0.3989422804 * t * series
    return np.asarray(np.clip(np.where(z > 0, 1.0 - tail, tail), 1e-9, 1.0 - 1e-9))


TAIL = (0.319381530, -0.356563782, 1.781477937, -1.821255978, 1.330274429)
