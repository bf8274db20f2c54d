"""Say what a drummer sees of each hit on the page: numbers for the network.

Letters: H hits, F columns of `COLUMNS`, V voices, T moments of `MOMENTS`.
"""

from typing import Literal, NamedTuple, get_args

import numpy as np

from engines.drummer.hits import moments
from engines.kit import STROKES, VOICES, Group

PARTS = 12
"""Parts of a beat that hits are seen on: sixteenths and triplets both are."""

REACH = 24
"""How many of them are seen before and after a hit: two beats."""

MOMENTS = 2 * REACH + 1

KIT_STROKES = tuple(stroke.name for stroke in STROKES if stroke.group != Group.HAND)[:20]
"""The strokes that drummers were heard to play; others are seen as their voice."""

Style = Literal[
    "any",
    "afrobeat",
    "afrocuban",
    "blues",
    "country",
    "dance",
    "funk",
    "gospel",
    "highlife",
    "hiphop",
    "jazz",
    "latin",
    "middleeastern",
    "neworleans",
    "pop",
    "punk",
    "reggae",
    "rock",
    "soul",
]
"""The styles of the Groove MIDI Dataset."""

Player = Literal[
    "any",
    "drummer1",
    "drummer2",
    "drummer3",
    "drummer4",
    "drummer5",
    "drummer6",
    "drummer7",
    "drummer8",
    "drummer9",
    "drummer10",
]
"""Its drummers."""

STYLES: tuple[str, ...] = get_args(Style)[1:]
PLAYERS: tuple[str, ...] = get_args(Player)[1:]

LONGEST_S, SHORTEST_S = 2.0, 0.02
"""Intervals count as no longer and no shorter."""

COLUMNS = (
    *(f"voice {name}" for name in VOICES),
    *(f"stroke {name}" for name in KIT_STROKES),
    "strokes are known",
    *(f"{wave} of the beat, {turns}" for turns in (1, 2, 3, 4) for wave in ("sine", "cosine")),
    *(f"{wave} of the bar, {turns}" for turns in (1, 2, 4) for wave in ("sine", "cosine")),
    "bar",
    "compound",
    "tempo",
    "downbeat",
    "sixteenths",
    *(f"style {name}" for name in STYLES),
    *(f"player {name}" for name in PLAYERS),
    "since the last onset",
    "to the next onset",
    "since the last of the voice",
    "to the next of the voice",
    "at once",
    "density",
)
"""What is said of each hit. Tempo, intervals and density are in octaves; "sixteenths" says that
hits were written on sixteenths and lateness counts from there, whatever was played."""


class Sight(NamedTuple):
    """Be what is seen of H hits in order of time.

    `time` in beats; `beat` the place in the bar and `bar` its length, in beats; `compound` whether
    beats divide into three; `bpm` the tempo there: (H,) each. `stroke` is an index into `STROKES`.
    """

    time: np.ndarray
    voice: np.ndarray
    stroke: np.ndarray
    beat: np.ndarray
    bar: np.ndarray
    compound: np.ndarray
    bpm: np.ndarray

    def at(self, rows: np.ndarray) -> "Sight":
        """Return some of the hits, (H,) bool or their rows."""
        return Sight(*(column[rows] for column in self))


class Telling(NamedTuple):
    """Be what else a drummer is told: the style, whose playing is wanted, and how to read.

    `strokes` says which strokes they are, not their voices alone; `sixteenths` as in `COLUMNS`.
    """

    style: str = "any"
    player: str = "any"
    strokes: bool = True
    sixteenths: bool = False


def said(sight: Sight, telling: Telling) -> np.ndarray:
    """Return what is said of each hit: (H, F) float32."""
    blocks = [
        _one_hot(sight.voice, len(VOICES)),
        _one_hot(np.where(telling.strokes, sight.stroke, -1), len(KIT_STROKES)),
        _flag(len(sight.time), telling.strokes),
        _waves(sight.time, (1, 2, 3, 4)),
        _waves(sight.beat / sight.bar, (1, 2, 4)),
        (sight.bar / 4.0 - 1.0)[:, None],
        sight.compound[:, None],
        np.log2(sight.bpm / 120.0)[:, None],
        (sight.beat < 1e-6)[:, None],
        _flag(len(sight.time), telling.sixteenths),
        _named(telling.style, STYLES, len(sight.time)),
        _named(telling.player, PLAYERS, len(sight.time)),
        _intervals(sight),
    ]
    return np.concatenate(blocks, axis=1, dtype=np.float32)


def around(sight: Sight) -> np.ndarray:
    """Return what is played around each hit, 1 where a voice is struck: (H, V T) float32."""
    moment = np.rint(sight.time * PARTS).astype(np.intp)
    moment -= moment.min(initial=0) - REACH
    struck = np.zeros((int(moment.max(initial=REACH)) + REACH + 1, len(VOICES)), dtype=np.float32)
    struck[moment, sight.voice] = 1.0
    windows = np.lib.stride_tricks.sliding_window_view(struck, MOMENTS, axis=0)
    return windows[moment - REACH].reshape(len(moment), MOMENTS * len(VOICES))


def _one_hot(index: np.ndarray, size: int) -> np.ndarray:
    return np.asarray(index[:, None] == np.arange(size))


def _flag(hits: int, value: bool) -> np.ndarray:
    return np.full((hits, 1), float(value))


def _named(name: str, names: tuple[str, ...], hits: int) -> np.ndarray:
    return np.tile(np.array([float(name == known) for known in names]), (hits, 1))


def _waves(turn: np.ndarray, harmonics: tuple[int, ...]) -> np.ndarray:
    """Return sines and cosines of turns, (H,), so many times faster: (H, 2 a harmonic)."""
    angle = 2 * np.pi * np.multiply.outer(turn, harmonics)
    waves = np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    return waves.reshape(len(turn), 2 * len(harmonics))


def _intervals(sight: Sight) -> np.ndarray:
    """Return the last six columns: (H, 6)."""
    hits, index = len(sight.time), moments(sight.time)
    count = np.bincount(index)
    found = np.empty((6, hits))
    found[0:2] = _gaps(sight, np.cumsum(count) - count)[:, index]
    by_voice = np.argsort(sight.voice, kind="stable")
    found[2:4, by_voice] = _gaps(sight, by_voice, np.diff(sight.voice[by_voice]) != 0)
    found[0:4] = np.log2(np.minimum(np.maximum(found[0:4], SHORTEST_S), LONGEST_S))
    found[4] = count[index] / 4.0
    span = float(np.ptp(sight.time)) + 1.0 if hits else 1.0
    found[5] = np.log2(1.0 + hits / span)
    return found.T


def _gaps(sight: Sight, rows: np.ndarray, apart: np.ndarray | bool = False) -> np.ndarray:
    """Return the seconds since the one before, and to the one after, of M of the hits: (2, M).

    Each gap is as long as the tempo where it begins says. `apart` (M - 1,) are those that have
    nothing to do with the next.
    """
    gaps = np.full((2, len(rows)), LONGEST_S)
    seconds = np.diff(sight.time[rows]) * 60.0 / sight.bpm[rows[:-1]]
    gaps[0, 1:] = gaps[1, :-1] = np.where(apart, LONGEST_S, seconds)
    return gaps
