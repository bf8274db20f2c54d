"""Say how likely values are by the shares of bins, and draw from it.

Letters: R distributions, K bins.
"""

from typing import NamedTuple

import numpy as np

from engines.performance.scatter import normal_share


class Histogram(NamedTuple):
    """Be R distributions over the same bins.

    `edge` (K + 1,) rises; `below` (R, K + 1) is the share below each edge, from 0 to 1. Within a
    bin all values are as likely.
    """

    edge: np.ndarray
    below: np.ndarray

    @classmethod
    def of(cls, edge: np.ndarray, share: np.ndarray) -> "Histogram":
        """Return the distributions whose bins have shares (R, K) with a sum of 1."""
        below = np.empty((len(share), len(edge)))
        below[:, 0], below[:, -1] = 0.0, 1.0
        share[:, :-1].cumsum(axis=1, dtype=float, out=below[:, 1:-1])
        return cls(edge, below)

    def at(self, rows: np.ndarray | slice) -> "Histogram":
        """Return some of the distributions."""
        return self._replace(below=self.below[rows])

    def replaced(self, rows: np.ndarray, others: "Histogram") -> "Histogram":
        """Return the distributions with others over the same bins in some rows, (R,) bool."""
        below = self.below.copy()
        below[rows] = others.below
        return self._replace(below=below)

    def opened(self, top: float) -> "Histogram":
        """Return the distributions with their last bin reaching up to `top`."""
        edge = self.edge.copy()
        edge[-1] = top
        return self._replace(edge=edge)

    def mean(self) -> np.ndarray:
        """Return the means: (R,)."""
        middle = 0.5 * (self.edge[1:] + self.edge[:-1])
        return np.asarray((self.below[:, 1:] - self.below[:, :-1]) @ middle)

    def drawn(self, field: np.ndarray) -> np.ndarray:
        """Return a sample of each by a field of normal noise, (R,); 0 gives the medians: (R,)."""
        return self.quantile(normal_share(field))

    def quantile(self, share: np.ndarray) -> np.ndarray:
        """Return below which value each share, (R,) between 0 and 1, of its distribution lies."""
        rows = np.arange(len(share))
        upper = np.minimum((self.below <= share[:, None]).sum(axis=1), len(self.edge) - 1)
        low, high = self.below[rows, upper - 1], self.below[rows, upper]
        part = (share - low) / np.maximum(high - low, 1e-12)
        return np.asarray(self.edge[upper - 1] + part * (self.edge[upper] - self.edge[upper - 1]))

    def share_below(self, value: np.ndarray) -> np.ndarray:
        """Return the share of each distribution below a value of its own, (R,)."""
        upper = np.clip(np.searchsorted(self.edge, value, side="right"), 1, len(self.edge) - 1)
        rows = np.arange(len(value))
        low, high = self.below[rows, upper - 1], self.below[rows, upper]
        width = self.edge[upper] - self.edge[upper - 1]
        part = np.clip((value - self.edge[upper - 1]) / width, 0.0, 1.0)
        return np.asarray(low + part * (high - low))
