"""Ask the learned player how a written clip is played.

Letters: N notes, O onsets, T notes of a window, F columns of the view, M marks, S styles,
D parameters, K components.
"""

from typing import NamedTuple

import numpy as np

from engines.features import Features
from engines.performance.network import Network
from engines.performance.scatter import Mixture
from engines.performance.view import MARKS, View

WINDOW, HOP = 512, 384
"""Notes that are looked at together, and how far the next window is; where windows overlap their
opinions are blended, so that there are no seams."""

PARAMETERS = 6
VELOCITY, STRETCH, ASYNCHRONY, ARTICULATION, DOWN, PRESS = range(PARAMETERS)
"""The parameters, in the order of the network's outputs."""

UNITS = np.array([15.0, 1.0, 0.03, 1.0])
"""What 1 of the first four outputs stands for: MIDI velocity, octaves of tempo, seconds, log2."""


STYLES = ("pop", "line", "strings", "written")
"""What a network is told of the music beyond its notes: pop piano, a line of one voice, bowed
strings; and that a lesson is what a score asks for, which nobody played."""

STYLE_OF_ROLE = {
    "keys": "pop",
    "lead": "line",
    "winds": "line",
    "strings": "strings",
    "pad": "strings",
}
"""The style of each role; the others are played as a piano is."""


class Marks(NamedTuple):
    """Be what a score says of N notes beyond pitch and time.

    `bits` (N,) as in `engines.training.recording`, `upper` (N,) bool: on the upper staff.
    """

    bits: np.ndarray
    upper: np.ndarray


class Known(NamedTuple):
    """Be what is played already: values (N, D) in the network's units, and which count, bool."""

    value: np.ndarray
    given: np.ndarray


class Interpretation(NamedTuple):
    """Be the distributions of how N notes are played.

    `velocity` is about the clip's mean, in MIDI units; `stretch` log2 of the played over the
    written inter-onset interval, for each note that of its onset; `asynchrony` seconds;
    `articulation` log2 of the played over the written duration. `down` and `press` (O,) are
    probabilities: that the sustain pedal is down from an onset to the next, and that it is pressed
    anew there.
    """

    velocity: Mixture
    stretch: Mixture
    asynchrony: Mixture
    articulation: Mixture
    down: np.ndarray
    press: np.ndarray


def interpret(
    features: Features, network: Network, marks: Marks | None = None, known: Known | None = None
) -> Interpretation:
    """Return how the notes of a clip, at least one, are played."""
    mean, scatter = _outputs(features, network, marks, known)
    mixtures = [_mixture(mean[:, d], scatter[:, d], UNITS[d]) for d in range(len(UNITS))]
    by_onset = np.empty((len(features.group_onset), 2))
    by_onset[features.group] = 1.0 / (1.0 + np.exp(-mean[:, DOWN:]))
    return Interpretation(*mixtures, down=by_onset[:, 0], press=by_onset[:, 1])


def _mixture(mean: np.ndarray, scatter: np.ndarray, unit: float) -> Mixture:
    """Return the distributions of one parameter about its mean, (N,), from scatter (N, K, 3)."""
    weight = np.exp(scatter[..., 0] - scatter[..., 0].max(axis=-1, keepdims=True))
    weight /= weight.sum(axis=-1, keepdims=True)
    offset = scatter[..., 1] - (weight * scatter[..., 1]).sum(axis=-1, keepdims=True)
    return Mixture(weight, unit * (mean[:, None] + offset), unit * np.exp(scatter[..., 2]))


def _outputs(
    features: Features, network: Network, marks: Marks | None, known: Known | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the network's means (N, D) and scatter (N, 4, K, 3), rows as in the clip."""
    order = features.order
    inputs = _inputs(features, marks, known)
    inputs = tuple(array[order] for array in inputs)
    total = weights = None
    for start, end in _windows(len(order)):
        found = network.run(*(array[start:end] for array in inputs))
        ramp = _ramp(end - start)
        if total is None:
            total = [np.zeros((len(order), *f.shape[1:])) for f in found]
            weights = np.zeros(len(order))
        for sum_, part in zip(total, found, strict=True):
            sum_[start:end] += part * ramp.reshape(-1, *[1] * (part.ndim - 1))
        weights[start:end] += ramp
    mean, scatter = (sum_ / weights.reshape(-1, *[1] * (sum_.ndim - 1)) for sum_ in total)
    back = np.argsort(order)
    return mean[back], scatter[back]


def _inputs(
    features: Features, marks: Marks | None, known: Known | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return view (N, F), said (N, M+2+S), known (N, 2 D) and beats (N,), float32."""
    given = np.zeros((len(features.notes), 2 * PARAMETERS), dtype=np.float32)
    if known is not None:
        given[:, :PARAMETERS] = np.where(known.given, known.value, 0.0)
        given[:, PARAMETERS:] = known.given
    beats = features.notes.onset.astype(np.float32)
    style = STYLE_OF_ROLE.get(features.role, "")
    return View(features).table(), said(features, marks, style), given, beats


def said(features: Features, marks: Marks | None, style: str) -> np.ndarray:
    """Return the marks, the upper staff, whether these are known, and the style: (N, M+2+S)."""
    table = np.zeros((len(features.notes), MARKS + 2 + len(STYLES)), dtype=np.float32)
    if marks is not None:
        table[:, :MARKS] = (marks.bits[:, None] >> np.arange(MARKS)) & 1
        table[:, MARKS], table[:, MARKS + 1] = marks.upper, 1.0
    if style:
        table[:, MARKS + 2 + STYLES.index(style)] = 1.0
    return table


def _windows(notes: int) -> list[tuple[int, int]]:
    starts = list(range(0, max(notes - WINDOW, 0) + HOP, HOP))
    starts = [min(start, max(notes - WINDOW, 0)) for start in starts]
    return [(start, min(start + WINDOW, notes)) for start in dict.fromkeys(starts)]


def _ramp(length: int) -> np.ndarray:
    """Return how much each note of a window counts, little at its edges: (T,)."""
    from_start = np.arange(1, length + 1)
    return np.minimum(np.minimum(from_start, from_start[::-1]), (WINDOW - HOP) // 2).astype(float)
