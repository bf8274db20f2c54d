"""Tell the writer of each step where it stands and what is asked for there.

Letters: S steps, B beats, V voices, F columns, A ahead.
"""

from typing import Literal, NamedTuple, get_args

import numpy as np

from engines.drummer.quantise import DIVISIONS
from engines.genre import Genre
from engines.kit import VOICES
from engines.writer.grid import TICKS, Beats, Grid
from engines.writer.score import TIERS

Styles = Literal["auto", Genre]
"""The genre; "auto" leaves it to the rhythm."""

KINDS = ("onsets", "voices", "bass", "accents")
"""What a rhythm may be that of: all strokes of a part, some of its voices, a bass that goes with
the kick, or what is loud."""

STYLES: tuple[str, ...] = get_args(Styles)

PLACES = sorted({TICKS * k // parts for parts in DIVISIONS for k in range(parts)})
"""The ticks of a beat that steps may stand on."""

AHEAD = 16
"""How many steps of the rhythm to come are seen."""

BEATS, LEFT, BARS = 6, 4, 8
"""Beats from the bar line on, and to the next, beyond which they are alike; and after how many bars
the count of bars begins anew."""

USUAL_BPM, USUAL_DENSITY = 110.0, 5.0
"""What stands for 0 among tempi and among strokes a beat, about the means of the dataset."""

TEMPI = (30.0, 300.0)
"""Felt beats a minute beyond which tempi are alike."""

HIT = TIERS - 1
"""Columns of what a voice did."""


class Wish(NamedTuple):
    """Say what is asked for on the steps of a grid.

    Attributes:
        bpm: felt beats a minute.
        style: index into `STYLES`, 0 leaves it open.
        density: (S,) strokes of all voices a beat, NaN leaves it open.
        fill: (B,) bool, the beats of fills.
        tap: (S,) the rhythm to follow, 0 to 1 by loudness; None for none.
        kind: index into `KINDS`, what the rhythm is that of; -1 if that is not known.
        given: (V,) bool, voices whose strokes are known beforehand.
        strokes: (S, V) int, tiers of those.
    """

    bpm: float
    style: int
    density: np.ndarray
    fill: np.ndarray
    tap: np.ndarray | None
    kind: int
    given: np.ndarray
    strokes: np.ndarray


def view(beats: Beats, grid: Grid, wish: Wish) -> np.ndarray:
    """Return what is known of each step before anything is written: (S, F) float32."""
    columns = [
        *_position(beats, grid),
        _wished(grid, wish),
        _fills(grid, wish),
        _rhythm(grid, wish),
    ]
    given = np.where(wish.given, wish.strokes > 0, False)
    mask = np.broadcast_to(wish.given, given.shape)
    return np.concatenate([*columns, given, mask], axis=1, dtype=np.float32)


def memory(hits: np.ndarray, grid: Grid) -> np.ndarray:
    """Return what the writer remembers of its own strokes on each step: (S, M) float32.

    That is what all voices did on the step before, on this step and the next a bar ago, and on this
    step two bars ago. Rows of -1 are silence.
    """
    rows = remembered(grid)
    told = np.concatenate([_tiers(hits), np.zeros((1, HIT * len(VOICES)))])
    hit = np.concatenate([hits > 0, np.zeros((1, len(VOICES)))])
    columns = (told[rows[0]], told[rows[1]], hit[rows[2]], hit[rows[3]])
    return np.concatenate([*columns, rows[1:2].T >= 0], axis=1, dtype=np.float32)


MEMORY = 2 * HIT * len(VOICES) + 2 * len(VOICES) + 1
"""How many columns `memory` has."""


def remembered(grid: Grid) -> np.ndarray:
    """Return which steps are remembered on each: (4, S) int, -1 for none."""
    count = len(grid.time)
    ago = np.append(grid.bar_ago, -1)
    following = np.where(ago[:-1] >= 0, ago[:-1] + 1, -1)
    return np.stack([np.arange(count) - 1, ago[:-1], following, ago[ago[:-1]]])


def _tiers(hits: np.ndarray) -> np.ndarray:
    """Return a column for each voice and tier above silence: (S, V * HIT) bool."""
    return (hits[:, :, None] == np.arange(1, TIERS)).reshape(len(hits), -1)


def _position(beats: Beats, grid: Grid) -> list[np.ndarray]:
    row = grid.beat
    return [
        grid.tick[:, None] == PLACES,
        grid.division[:, None] == np.arange(len(DIVISIONS)),
        np.minimum(beats.number[row], BEATS - 1)[:, None] == np.arange(BEATS),
        np.minimum(beats.left[row], LEFT - 1)[:, None] == np.arange(LEFT),
        (beats.bar[row] % BARS)[:, None] == np.arange(BARS),
    ]


def _wished(grid: Grid, wish: Wish) -> np.ndarray:
    """Return tempo, density and style: (S, 3 + styles)."""
    known = np.isfinite(wish.density)
    density = np.log2(np.where(known, np.maximum(wish.density, 0.1), USUAL_DENSITY) / USUAL_DENSITY)
    tempo = np.full(len(grid.time), np.log2(np.clip(wish.bpm, *TEMPI) / USUAL_BPM))
    style = np.zeros((len(grid.time), len(STYLES)))
    style[:, wish.style] = 1.0
    return np.column_stack([tempo, known, density, style])


def _fills(grid: Grid, wish: Wish) -> np.ndarray:
    """Return whether this beat, the one after it and the one before are of a fill: (S, 3) bool."""
    around = np.pad(wish.fill, 1)
    return np.stack([around[1:-1], around[2:], around[:-2]], axis=1)[grid.beat]


def _rhythm(grid: Grid, wish: Wish) -> np.ndarray:
    """Return a rhythm's kind, if there is one, it on this step and those ahead, and a bar ago."""
    count = len(grid.time)
    if wish.tap is None:
        return np.zeros((count, len(KINDS) + AHEAD + 3))
    later = np.append(wish.tap, np.zeros(AHEAD))
    ahead = np.lib.stride_tricks.sliding_window_view(later, AHEAD + 1)
    ago = np.append(wish.tap, 0.0)[grid.bar_ago]
    kind = np.broadcast_to(np.arange(len(KINDS)) == wish.kind, (count, len(KINDS)))
    return np.column_stack([kind, np.ones(count), ahead, ago])


COLUMNS = (
    len(PLACES)
    + len(DIVISIONS)
    + BEATS
    + LEFT
    + BARS
    + (3 + len(STYLES))
    + 3
    + (len(KINDS) + AHEAD + 3)
    + 2 * len(VOICES)
)
"""How many columns `view` has (F)."""
