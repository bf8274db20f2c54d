"""Ask the learned player how a written clip is played.

Letters: N notes, O onsets, T notes of a window, F columns of the view, M marks, S styles,
D parameters, K components.
"""

from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, get_args

import msgspec
import numpy as np

from engines.error import WeightsError
from engines.features import Features
from engines.performance.footwork import SURE
from engines.performance.scatter import Mixture
from engines.performance.traces import Bank, Traces, independent
from engines.performance.view import COLUMNS, MARKS, View

WINDOW, HOP = 512, 384
"""Notes that are looked at together, and how far the next window is; where windows overlap their
opinions are blended, so that there are no seams."""

PARAMETERS = 6
VELOCITY, STRETCH, ASYNCHRONY, ARTICULATION, DOWN, PRESS = range(PARAMETERS)
"""The parameters, in the order of the network's outputs."""

UNITS = np.array([15.0, 1.0, 0.03, 1.0])
"""What 1 of the first four outputs stands for: MIDI velocity, octaves of tempo, seconds, log2."""


Sampled = Literal["velocity", "stretch", "asynchrony", "articulation"]
SAMPLED: tuple[Sampled, ...] = get_args(Sampled)
"""The parameters that have a distribution, in the order of the first four outputs."""

STYLES = ("pop", "line", "strings", "written")
"""What a network is told of the music beyond its notes: pop piano, a line of one voice, bowed
strings; and that a lesson is what a score asks for, which nobody played."""

SAID = MARKS + 2 + len(STYLES)
"""How many numbers are said of a note beyond the view, see `said`."""

STYLE_OF_ROLE = {"keys": "pop", "lead": "line", "winds": "line"}
"""The style of each role that has players of its own; the others are played as a piano is."""


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

    `mixture` (K, 4, N) has those of `SAMPLED`: velocity is about the clip's mean, in MIDI units;
    stretch log2 of the played over the written inter-onset interval, for each note that of its
    onset; asynchrony seconds; articulation log2 of the played over the written duration. `down` and
    `press` (O,) are probabilities: that the sustain pedal is down from an onset to the next, and
    that it is pressed anew there.
    """

    mixture: Mixture
    down: np.ndarray
    press: np.ndarray

    def of(self, name: Sampled) -> Mixture:
        """Return the distributions of one parameter: (K, N)."""
        return self.mixture.at(SAMPLED.index(name))


class Player(Protocol):
    """Be a network, as `engines.performance.network` reads it from a file."""

    path: Path

    @property
    def card(self) -> dict[str, Any]:
        """What it says of itself."""
        ...

    def run(
        self, view: np.ndarray, said: np.ndarray, known: np.ndarray, beats: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """Return means (T, D) and scatter (T, 4, K, 3) for one window of T notes."""
        ...


class Interpreter:
    """Be a learned player at the page: how it plays a clip, and how far its performances differ.

    It can be handed to `Features.once`, so that a clip is interpreted once for all engines.

    Args:
        network: the player. Its card's `spread` says by how much the distribution of a parameter
            is too narrow, `traces` what players did in them (see `traces.Traces`), `press` by how
            much the log odds of a press of the pedal are too low; all may be missing.

    Raises:
        WeightsError: the card says something else there, or the network.
    """

    def __init__(self, network: Player) -> None:
        self._network = network
        _try(network)
        try:
            self._card = msgspec.convert(network.card, _Card)
        except msgspec.ValidationError as error:
            raise WeightsError(
                f"{network.path} has a card that cannot be read: {error}; allowed are a positive"
                f" spread of each of {', '.join(SAMPLED)}, a number as press, and traces"
            ) from error
        factors = [self._card.spread.get(name, 1.0) for name in SAMPLED]
        self._spread = np.array(factors)[:, None]
        self._bank = Bank(self._card.traces) if self._card.traces else None

    def __call__(self, features: Features, marks: Marks | None = None) -> Interpretation:
        """Return how the notes of a clip, at least one, are played."""
        found = interpret(features, self._network, marks)
        press = _chance(log_odds(found.press) + self._card.press)
        return found._replace(mixture=found.mixture.widened(self._spread), press=press)

    def noise(self, features: Features, rng: np.random.Generator) -> np.ndarray:
        """Return what picks one performance of a clip, normal of variance 1: (N, 4)."""
        return self._bank.field(features, rng) if self._bank else independent(features, rng)


def _try(network: Player) -> None:
    """Do nothing if a network says of two notes what it should.

    Raises:
        WeightsError: it says something else.
    """
    widths = (len(COLUMNS), SAID, 2 * PARAMETERS)
    view, told, known = (np.zeros((2, width), dtype=np.float32) for width in widths)
    mean, scatter = network.run(view, told, known, np.zeros(2, dtype=np.float32))
    shapes = (mean.shape, scatter.shape[:2], scatter.shape[3:])
    if shapes != ((2, PARAMETERS), (2, len(SAMPLED)), (3,)) or not np.isfinite(mean).all():
        raise WeightsError(
            f"{network.path} says {mean.shape[1:]} and {scatter.shape[1:]} numbers of a note,"
            f" allowed are ({PARAMETERS},) and ({len(SAMPLED)}, any, 3) that are finite"
        )


class _Card(msgspec.Struct, frozen=True):
    """Be what the card says of how players stray from what the network says.

    Raises:
        ValueError: a number is none that can be counted with.
    """

    spread: dict[Sampled, float] = {}
    traces: Traces | None = None
    press: float = 0.0

    def __post_init__(self) -> None:
        for name, factor in self.spread.items():
            if not 0.0 < factor < np.inf:
                raise ValueError(f"the spread of {name} is {factor}")
        if not np.isfinite(self.press):
            raise ValueError(f"press is {self.press}")


def interpret(
    features: Features, network: Player, marks: Marks | None = None, known: Known | None = None
) -> Interpretation:
    """Return how the notes of a clip, at least one, are played."""
    mean, scatter = _outputs(features, network, marks, known)
    mixture = _mixture(mean[:, : len(UNITS)].T, scatter)
    down, press = (
        _chance(np.bincount(features.group, mean[:, d]) / features.group_size)
        for d in (DOWN, PRESS)
    )
    return Interpretation(mixture, down, press)


def log_odds(chance: np.ndarray) -> np.ndarray:
    """Return log(p / (1 - p)) of chances or shares, any shape, none surer than `SURE`."""
    sure = np.clip(chance, SURE, 1.0 - SURE)
    return np.asarray(np.log(sure / (1.0 - sure)))


def _chance(odds: np.ndarray) -> np.ndarray:
    """Return the chances of log odds, any shape."""
    return np.asarray(0.5 + 0.5 * np.tanh(0.5 * odds))


def _mixture(mean: np.ndarray, scatter: np.ndarray) -> Mixture:
    """Return the distributions about means, (4, N), from scatter (N, 4, K, 3)."""
    unit = UNITS[:, None]
    share, centre, scale = np.ascontiguousarray(scatter.transpose(3, 2, 1, 0))
    weight = np.exp(share - share.max(axis=0))
    weight /= weight.sum(axis=0)
    offset = centre - (weight * centre).sum(axis=0)
    return Mixture(weight, unit * (mean + offset), unit * np.exp(scale))


def _outputs(
    features: Features, network: Player, marks: Marks | None, known: Known | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return the network's means (N, D) and scatter (N, 4, K, 3), rows as in the clip."""
    order = features.order
    inputs = [array[order] for array in _inputs(features, marks, known)]
    windows = _windows(len(order))
    opinions = [network.run(*(array[start:end] for array in inputs)) for start, end in windows]
    mean, scatter = (
        _blended([found[output] for found in opinions], windows, len(order)) for output in (0, 1)
    )
    back = np.argsort(order)
    return mean[back], scatter[back]


def _blended(parts: list[np.ndarray], windows: list[tuple[int, int]], notes: int) -> np.ndarray:
    """Return what windows say of N notes, each (T, ...), as one array (N, ...)."""
    if len(parts) == 1:
        return parts[0]
    total, weight = np.zeros((notes, *parts[0].shape[1:])), np.zeros(notes)
    for part, (start, end) in zip(parts, windows, strict=True):
        ramp = _ramp(end - start)
        total[start:end] += (part.T * ramp).T
        weight[start:end] += ramp
    return np.asarray((total.T / weight).T)


def _inputs(
    features: Features, marks: Marks | None, known: Known | None
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return view (N, F), said (N, M+2+S), known (N, 2 D) and beats (N,), float32."""
    given = np.zeros((len(features.notes), 2 * PARAMETERS), dtype=np.float32)
    if known is not None:
        given[:, :PARAMETERS] = np.where(known.given, known.value, 0.0)
        given[:, PARAMETERS:] = known.given
    beats = features.group_onset[features.group].astype(np.float32)
    style = STYLE_OF_ROLE.get(features.role, "")
    return View(features).table(), said(features, marks, style), given, beats


def said(features: Features, marks: Marks | None, style: str) -> np.ndarray:
    """Return the marks, the upper staff, whether these are known, and the style: (N, M+2+S)."""
    table = np.zeros((len(features.notes), SAID), dtype=np.float32)
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
