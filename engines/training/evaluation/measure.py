"""Compare a guess with what a person played, one number or row of numbers a recording.

Letters: N values, S samples, L lags. What is NaN in either is left out.
"""

import numpy as np

LAGS = 8
"""How far apart notes are whose likeness is measured."""

STILL = 1e-9
"""What varies by less than this does not vary."""


def correlation(guessed: np.ndarray, human: np.ndarray) -> float:
    """Return Pearson's r of (N,) with (N,); 0 where the guess does not vary, NaN if nobody does."""
    ours, theirs = _known(guessed, human)
    if len(ours) < 3 or theirs.std() < STILL:
        return float("nan")
    if ours.std() < STILL:
        return 0.0
    return float(np.corrcoef(ours, theirs)[0, 1])


def error(guessed: np.ndarray, human: np.ndarray) -> float:
    """Return the mean absolute difference of (N,) and (N,)."""
    ours, theirs = _known(guessed, human)
    return float(np.abs(ours - theirs).mean()) if len(ours) else float("nan")


def spread_ratio(sampled: np.ndarray, human: np.ndarray) -> float:
    """Return the standard deviation of (N,) over that of (N,), NaN if the human has none."""
    ours, theirs = _known(sampled, human)
    if len(ours) < 3 or theirs.std() < STILL:
        return float("nan")
    return float(ours.std() / theirs.std())


def crps(samples: np.ndarray, human: np.ndarray) -> float:
    """Return the mean continuous ranked probability score of (S, N) against (N,), in their unit.

    Source: Ferro (2014), "Fair scores for ensemble forecasts", Quarterly Journal of the Royal
    Meteorological Society 140: the score of the distribution that the samples come from, whatever
    their number.
    """
    known = ~np.isnan(human) & ~np.isnan(samples).any(axis=0)
    count = len(samples)
    if count < 2 or not known.any():
        return float("nan")
    ours = np.sort(samples[:, known], axis=0)
    weight = 2 * np.arange(count) - count + 1
    apart = (weight[:, None] * ours).sum(axis=0) / (count * (count - 1))
    return float((np.abs(ours - human[known]).mean(axis=0) - apart).mean())


def autocorrelation(values: np.ndarray) -> np.ndarray:
    """Return the correlation of (N,) with itself 1 to `LAGS` later, (L,); 0 for what is still."""
    known = ~np.isnan(values)
    if known.sum() <= LAGS + 2:
        return np.full(LAGS, np.nan)
    centred = np.where(known, values - values[known].mean(), 0.0)
    variance = float((centred**2).sum() / known.sum())
    if variance < STILL**2:
        return np.zeros(LAGS)
    pairs = [max(int((known[lag:] & known[:-lag]).sum()), 1) for lag in range(1, LAGS + 1)]
    products = [float((centred[lag:] * centred[:-lag]).sum()) for lag in range(1, LAGS + 1)]
    return np.array(products) / np.array(pairs) / variance


def _known(guessed: np.ndarray, human: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    known = ~np.isnan(guessed) & ~np.isnan(human)
    return guessed[known], human[known]
