"""Say what a drummer sees of each hit on the page: numbers for the network.

Letters: H hits, F columns of `COLUMNS`, V voices, T moments of `MOMENTS`.
"""

from functools import lru_cache
from typing import Literal, NamedTuple, get_args

import numpy as np

from engines.drummer.hits import moments
from engines.genre import Genre
from engines.kit import STROKES, VOICES

PARTS = 12
"""Parts of a beat that hits are seen on: sixteenths and triplets both are."""

REACH = 24
"""How many of them are seen before and after a hit: two beats."""

MOMENTS = 2 * REACH + 1

HEARD = 20
"""So many of the strokes, the first ones, drummers were heard to play; others are seen as their
voice."""

Style = Literal["any", Genre]
"""The genre that is told, if one is."""

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

BEAT_TURNS, BAR_TURNS = np.array([1, 2, 3, 4]), np.array([1, 2, 4])
"""So many waves a beat and a bar."""

COLUMNS = (
    *(f"voice {name}" for name in VOICES),
    *(f"stroke {stroke.name}" for stroke in STROKES[:HEARD]),
    "strokes are known",
    *(f"{wave} of the beat, {turns}" for turns in BEAT_TURNS for wave in ("sine", "cosine")),
    *(f"{wave} of the bar, {turns}" for turns in BAR_TURNS for wave in ("sine", "cosine")),
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
    hits = len(sight.time)
    table = np.empty((hits, len(COLUMNS)), dtype=np.float32)
    table[:] = _told(telling)
    table[:, _KIT] = _VOICE[sight.voice]
    if telling.strokes:
        table[:, _KIT] += _STROKE[sight.stroke]
    turns = np.empty((hits, len(BEAT_TURNS) + len(BAR_TURNS)))
    turns[:, : len(BEAT_TURNS)] = sight.time[:, None] * BEAT_TURNS
    turns[:, len(BEAT_TURNS) :] = (sight.beat / sight.bar)[:, None] * BAR_TURNS
    turns *= 2 * np.pi
    table[:, _SINES], table[:, _COSINES] = np.sin(turns), np.cos(turns)
    table[:, _PLACE["bar"]] = sight.bar / 4.0 - 1.0
    table[:, _PLACE["compound"]] = sight.compound
    table[:, _PLACE["tempo"]] = np.log2(sight.bpm / 120.0)
    table[:, _PLACE["downbeat"]] = sight.beat < 1e-6
    table[:, _INTERVALS] = _intervals(sight)
    return table


def around(sight: Sight) -> np.ndarray:
    """Return what is played around each hit, 1 where a voice is struck: (H, V T) float32."""
    moment = np.rint(sight.time * PARTS).astype(np.intp)
    moment -= moment.min(initial=0)
    struck = np.zeros((int(moment.max(initial=0)) + MOMENTS, len(VOICES)), dtype=np.float32)
    struck[moment + REACH, sight.voice] = 1.0
    step, row = struck.itemsize, struck.strides[0]
    shape, strides = (len(struck) - MOMENTS + 1, len(VOICES), MOMENTS), (row, step, row)
    windows = np.ndarray(shape, struck.dtype, struck, strides=strides)
    return windows[moment].reshape(len(moment), len(VOICES) * MOMENTS)


@lru_cache(maxsize=64)
def _told(telling: Telling) -> np.ndarray:
    """Return what is said of every hit alike: (F,) float32, 0 where hits differ."""
    row = np.zeros(len(COLUMNS), dtype=np.float32)
    row[_PLACE["strokes are known"]] = telling.strokes
    row[_PLACE["sixteenths"]] = telling.sixteenths
    for name in (f"style {telling.style}", f"player {telling.player}"):
        if name in _PLACE:
            row[_PLACE[name]] = 1.0
    row.flags.writeable = False
    return row


def _intervals(sight: Sight) -> np.ndarray:
    """Return the last six columns: (H, 6)."""
    hits, index = len(sight.time), moments(sight.time)
    count = np.bincount(index)
    found = np.empty((6, hits))
    found[0:2] = _gaps(sight, count.cumsum() - count)[:, index]
    by_voice = sight.voice.argsort(kind="stable")
    voice = sight.voice[by_voice]
    found[2:4, by_voice] = _gaps(sight, by_voice, voice[1:] != voice[:-1])
    found[0:4] = np.log2(np.minimum(np.maximum(found[0:4], SHORTEST_S), LONGEST_S))
    found[4] = count[index] / 4.0
    span = float(sight.time[-1] - sight.time[0]) + 1.0 if hits else 1.0
    found[5] = np.log2(1.0 + hits / span)
    return found.T


def _gaps(sight: Sight, rows: np.ndarray, apart: np.ndarray | bool = False) -> np.ndarray:
    """Return the seconds since the one before, and to the one after, of M of the hits: (2, M).

    Each gap is as long as the tempo where it begins says. `apart` (M - 1,) are those that have
    nothing to do with the next.
    """
    gaps, time = np.full((2, len(rows)), LONGEST_S), sight.time[rows]
    seconds = (time[1:] - time[:-1]) * 60.0 / sight.bpm[rows[:-1]]
    gaps[0, 1:] = gaps[1, :-1] = np.where(apart, LONGEST_S, seconds)
    return gaps


def _wave(name: str) -> slice:
    """Return which columns are sines, or cosines, of the beat and then of the bar."""
    return slice(_PLACE[f"{name} of the beat, 1"], _PLACE["bar"], 2)


_PLACE = {column: place for place, column in enumerate(COLUMNS)}
_KIT = slice(0, _PLACE["strokes are known"])
_SINES, _COSINES = _wave("sine"), _wave("cosine")
_INTERVALS = slice(_PLACE["since the last onset"], len(COLUMNS))

_VOICE = np.eye(len(VOICES), _KIT.stop, dtype=np.float32)
_STROKE = np.eye(len(STROKES), _KIT.stop, len(VOICES), dtype=np.float32)
"""The columns of `_KIT` for each voice and for each stroke, none for what nobody was heard to play.
"""
