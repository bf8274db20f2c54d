"""Judge guesses of one recording.

Letters: N notes, O onsets, S samples, K numbers that a metric keeps of a recording, L lags.
"""

from itertools import pairwise

import numpy as np

from engines.training.evaluation.aspect import Aspects
from engines.training.evaluation.case import Case, Guess
from engines.training.evaluation.measure import (
    autocorrelation,
    correlation,
    crps,
    error,
    spread_ratio,
)
from engines.training.evaluation.pedal import PEDALLED, down_cells, frame_f1, press_scores

Judgement = dict[str, np.ndarray]
"""What was measured, (K,) for each metric; see `metric.METRICS`."""

NAMES = {
    "velocity": "velocity",
    "ioi": "ioi",
    "slow_tempo": "slow tempo",
    "asynchrony": "asynchrony",
    "articulation": "articulation",
}
"""How the report calls each of the `Aspects`."""


def judge_mean(case: Case, guess: Guess) -> Judgement:
    """Return how near a mean prediction comes to what was played."""
    ours, theirs = case.compared(guess), _human(case, guess)
    found = {
        f"{name} r": correlation(getattr(ours, field), getattr(theirs, field))
        for field, name in NAMES.items()
    }
    found["velocity mae"] = error(ours.velocity, theirs.velocity)
    return _rows({**found, **_pedal(case, guess)})


def judge_samples(case: Case, samples: list[Guess]) -> Judgement:
    """Return how lifelike samples are, at least one, and how near their distribution comes."""
    theirs = [_human(case, sample) for sample in samples]
    ours = [case.compared(sample) for sample in samples]
    found = {}
    for field, name in NAMES.items():
        pairs = [(getattr(a, field), getattr(b, field)) for a, b in zip(ours, theirs, strict=True)]
        found[f"{name} r, sample"] = _mean([correlation(*pair) for pair in pairs])
        found[f"{name} std ratio"] = _mean([spread_ratio(*pair) for pair in pairs])
    velocities = np.stack([sample.velocity for sample in ours])
    found["velocity crps"] = crps(velocities, case.aspects.velocity)
    found["velocity r, two samples"] = _mean([correlation(a, b) for a, b in pairwise(velocities)])
    return {**_rows(found), **_autocorrelations(case, ours, theirs)}


def _human(case: Case, guess: Guess) -> Aspects:
    """Return what is compared of the human's performance, where the guess is known."""
    known = not any(np.isnan(values).any() for values in guess[:4] if values is not None)
    return case.aspects if known else case.compared(case.truth, guess)


def _pedal(case: Case, guess: Guess) -> dict[str, float]:
    if guess.pedal is None or not case.knows_pedal:
        return {}
    ours = down_cells(guess.pedal, case.onset_s, case.end_s)
    theirs = down_cells(case.pedal, case.onset_s, case.end_s)
    presses, is_pedalled = press_scores(ours, theirs), theirs.mean() > PEDALLED
    return {
        "pedal accuracy": float((ours == theirs).mean()),
        "pedal f1": frame_f1(ours, theirs) if is_pedalled else np.nan,
        "pedal press f1": presses,
        "pedal press f1, pedalled": presses if is_pedalled else np.nan,
    }


def _autocorrelations(case: Case, ours: list[Aspects], theirs: list[Aspects]) -> Judgement:
    """Return the mean autocorrelations of samples, then the human's: (2 L,) each."""
    top = melody_rows(case)
    both = (ours, theirs)
    velocity = [
        np.mean([autocorrelation(a.velocity[top]) for a in whose], axis=0) for whose in both
    ]
    ioi = [np.mean([autocorrelation(a.ioi) for a in whose], axis=0) for whose in both]
    return {
        "velocity autocorrelation": np.concatenate(velocity),
        "ioi autocorrelation": np.concatenate(ioi),
    }


def melody_rows(case: Case) -> np.ndarray:
    """Return the rows of the highest note of each onset, in order of time: (O,) int."""
    by_pitch = np.lexsort((case.features.notes.pitch, case.features.group))
    last = np.append(np.diff(case.features.group[by_pitch]) > 0, True)
    return np.asarray(by_pitch[last])


def _mean(values: list[float]) -> float:
    known = [value for value in values if not np.isnan(value)]
    return float(np.mean(known)) if known else float("nan")


def _rows(found: dict[str, float]) -> Judgement:
    return {name: np.array([value]) for name, value in found.items()}
