"""Hold the boosted trees of one parameter as plain arrays.

So they can be kept in a file, and be written into a file of weights.

Letters: R rows, A columns of what is seen, T trees, K forks, J leaves.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

from engines.training.draft import drafted


class Stand(NamedTuple):
    """Be the trees of one parameter: `base` plus the value of one leaf of each tree.

    `root` (T,) is the fork where each tree begins. A fork looks at one `column`, (K,), and goes to
    `low` if it is at most `split`, (K,), else to `high`; these are (K,) numbers of forks, or below
    zero -1 minus the number of a leaf; `value` (J,) is what the leaves say.
    """

    base: np.ndarray
    root: np.ndarray
    column: np.ndarray
    split: np.ndarray
    low: np.ndarray
    high: np.ndarray
    value: np.ndarray

    def says(self, seen: np.ndarray) -> np.ndarray:
        """Return the parameter's mean, or log odds, for each row: (R,) of (R, A)."""
        rows = np.arange(len(seen))[:, None]
        at = np.tile(self.root, (len(seen), 1))
        while (forks := at >= 0).any():
            fork = np.where(forks, at, 0)
            is_low = seen[rows, self.column[fork]] <= self.split[fork]
            at = np.where(forks, np.where(is_low, self.low[fork], self.high[fork]), at)
        return np.asarray(self.base + self.value[-1 - at].sum(axis=1))


def bare(base: float) -> Stand:
    """Return a stand without a tree, which always says the same."""
    whole = np.zeros(0, dtype=np.int64)
    real = np.zeros(0, dtype=np.float32)
    return Stand(np.array(base, dtype=np.float32), whole, whole, real, whole, whole, real)


def stand_of(grown: HistGradientBoostingRegressor | HistGradientBoostingClassifier) -> Stand:
    """Return the arrays of what scikit-learn has grown."""
    # scikit-learn has no public way to its trees
    base = float(np.ravel(grown._baseline_prediction)[0])  # noqa: SLF001
    trees = [predictor.nodes for (predictor,) in grown._predictors]  # noqa: SLF001
    base += sum(float(nodes["value"][0]) for nodes in trees if nodes["is_leaf"][0])
    trees = [nodes for nodes in trees if not nodes["is_leaf"][0]]
    if not trees:
        return bare(base)
    forks = leaves = 0
    roots, parts = [], []
    for nodes in trees:
        ends = nodes["is_leaf"].astype(bool)
        name = np.where(ends, -np.cumsum(ends) - leaves, np.cumsum(~ends) - 1 + forks)
        fork = nodes[~ends]
        roots.append(forks)
        parts.append(
            (
                fork["feature_idx"].astype(np.int64),
                fork["num_threshold"].astype(np.float32),
                name[fork["left"]].astype(np.int64),
                name[fork["right"]].astype(np.int64),
                nodes["value"][ends].astype(np.float32),
            )
        )
        forks, leaves = forks + len(fork), leaves + int(ends.sum())
    arrays = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Stand(np.array(base, dtype=np.float32), np.array(roots, dtype=np.int64), *arrays)


def kept_stand(path: Path) -> Stand:
    """Return a stand that was kept."""
    with np.load(path, allow_pickle=False) as file:
        return Stand(*(file[name] for name in Stand._fields))


def keep_stand(stand: Stand, path: Path) -> None:
    """Write a stand; a kill leaves no half of it."""
    with drafted(path) as draft:
        np.savez(draft, allow_pickle=False, **stand._asdict())
