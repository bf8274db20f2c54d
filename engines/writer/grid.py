"""Divide bars into beats, and beats into the steps on which strokes are written.

A beat is what is felt as one: a dotted quarter in 6/8, else a quarter; the last beat of a bar of
7/8 is half as long. Each beat has a division of its own.

Letters: N notes, B beats, S steps.
"""

from typing import NamedTuple

import numpy as np

from engines.clip import MAX_BEATS, Metre
from engines.drummer.quantise import DIVISIONS, quantised
from engines.features import SHORTEST_BAR
from engines.grid import beat_of, is_compound

TICKS = 24
"""Parts of a beat: the least that all of `DIVISIONS` divide."""

STRAIGHT, TRIPLET, SIX = (DIVISIONS.index(parts) for parts in (4, 3, 6))
"""Indices into `DIVISIONS`."""

THREES = (TRIPLET, SIX)

TELLING = {8: 3, 16: 3, 4: 6, 20: 6, 3: 8, 9: 8, 15: 8, 21: 8}
"""Ticks that only some divisions have, and the coarsest of these."""

SHORTEST_BEAT = 0.75
"""Dotted notes shorter than this many quarter notes are no beats."""

SAME = 1e-6
"""Times in beats that differ by less are the same."""


class Beats(NamedTuple):
    """Hold the beats of some bars, (B,) each."""

    start: np.ndarray
    """In quarter notes."""
    unit: np.ndarray
    """Length of a whole beat in quarter notes."""
    share: np.ndarray
    """How much of a whole beat it lasts, 0 to 1."""
    bar: np.ndarray
    """Which bar it belongs to, int from 0."""
    number: np.ndarray
    """Its number in the bar, int from 0."""
    left: np.ndarray
    """How many beats of the bar follow it, int."""


class Grid(NamedTuple):
    """Hold the steps of some bars, (S,) each."""

    time: np.ndarray
    """In quarter notes."""
    length: np.ndarray
    """In quarter notes."""
    beat: np.ndarray
    """Which of the beats it belongs to, int."""
    tick: np.ndarray
    """Its place in the beat, int from 0 to `TICKS` - 1."""
    division: np.ndarray
    """How its beat is divided, index into `DIVISIONS`."""
    bar_ago: np.ndarray
    """The step at the same place of the bar before, -1 for none."""


def beats_between(metres: tuple[Metre, ...], start: float, end: float) -> Beats:
    """Return the beats from a start to an end in quarter notes, the one that the start cuts whole.

    Bars shorter than `SHORTEST_BAR` are counted together.
    """
    rows = [row for bar, line in enumerate(_bars(metres, start, end)) for row in _beats(bar, *line)]
    columns = np.array(rows, dtype=float).reshape(-1, 6).T
    return Beats(*columns[:3], *columns[3:].astype(np.intp))


def placed(onset: np.ndarray, beats: Beats) -> tuple[np.ndarray, np.ndarray]:
    """Return where played notes stand: beat (N,) and tick (N,), both int.

    The beat is B for a note that belongs to the beat after the last.
    """
    row = np.maximum(np.searchsorted(beats.start, onset + SAME, side="right") - 1, 0)
    played = row + (onset - beats.start[row]) / beats.unit[row]
    beat, tick = _split(_without_false_runs(played, quantised(played)))
    inside = np.clip(beat, 0, len(beats.start) - 1)
    over = (beat == inside) & (tick >= np.rint(beats.share[inside] * TICKS))
    return beat + over, np.where(over, 0, tick)


def _split(written: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return beats and ticks, (N,) int each, of written places counted in beats."""
    beat = np.floor(written + SAME).astype(np.intp)
    return beat, np.rint((written - beat) * TICKS).astype(np.intp)


def _without_false_runs(played: np.ndarray, written: np.ndarray) -> np.ndarray:
    """Put strokes on sixteenths that were taken for parts of an eighth, but follow none: (N,).

    A stroke between two sixteenths with no other an eighth of a beat from it is one played late.
    """
    eighth = np.rint(written * 8).astype(np.intp)
    fine = np.abs(written * 8 - eighth) < SAME
    run = np.isin(eighth - 1, eighth[fine]) | np.isin(eighth + 1, eighth[fine])
    return np.where(fine & (eighth % 2 == 1) & ~run, np.rint(played * 4) / 4, written)


def divisions(beat: np.ndarray, tick: np.ndarray, beats: Beats) -> np.ndarray:
    """Return how the beats are divided, as the notes at (N,) beats and ticks tell: (B,).

    It is an index into `DIVISIONS`. A beat that does not tell is divided as the nearest that does:
    into three, or into four. Dotted beats are divided into three or six.
    """
    count = len(beats.start)
    inside = (beat >= 0) & (beat < count)
    beat, tick = beat[inside], tick[inside]
    finest = np.zeros(count, dtype=np.intp)
    for place, parts in TELLING.items():
        at = beat[tick == place]
        finest[at] = np.maximum(finest[at], DIVISIONS.index(parts))
    halved = np.isin(np.arange(count), beat[tick == TICKS // 2])
    finest[(finest == TRIPLET) & halved] = SIX
    told = np.isin(np.arange(count), beat[tick % (TICKS // 2) != 0])
    found = _spread(finest, told)
    dotted = np.where((found == TRIPLET) & ~halved | ~(told | halved), TRIPLET, SIX)
    return np.where(beats.unit != 1.0, dotted, found)


def grid_of(beats: Beats, division: np.ndarray) -> Grid:
    """Return the steps of beats that are divided so, (B,) index into `DIVISIONS`."""
    parts = np.array(DIVISIONS)[division]
    count = np.ceil(beats.share * parts - SAME).astype(np.intp)
    beat = np.repeat(np.arange(len(count)), count)
    tick = (np.arange(len(beat)) - np.repeat(np.cumsum(count) - count, count)) * (
        TICKS // parts[beat]
    )
    time = beats.start[beat] + tick / TICKS * beats.unit[beat]
    ends = beats.start + beats.share * beats.unit
    length = np.minimum(beats.unit[beat] / parts[beat], ends[beat] - time)
    return Grid(time, length, beat, tick, division[beat], _bar_ago(beats, beat, tick))


def steps_at(beat: np.ndarray, tick: np.ndarray, grid: Grid) -> np.ndarray:
    """Return the step that is nearest to each note, (N,) int; -1 for one beyond the beats."""
    if not len(grid.time):
        return np.full(len(beat), -1)
    ordinal = np.searchsorted(grid.beat * TICKS + grid.tick, beat * TICKS + tick - 0.5)
    after = np.minimum(ordinal, len(grid.time) - 1)
    before = np.maximum(after - 1, 0)
    place, wanted = grid.beat * TICKS + grid.tick, beat * TICKS + tick
    nearer = np.abs(place[before] - wanted) < np.abs(place[after] - wanted)
    step = np.where(nearer, before, after)
    return np.where((beat < 0) | (beat > grid.beat[-1]), -1, step)


def _bar_ago(beats: Beats, beat: np.ndarray, tick: np.ndarray) -> np.ndarray:
    """Return the step at the same place of the bar before: (S,) int, -1 for none."""
    places = list(zip(beats.bar[beat].tolist(), beats.number[beat].tolist(), tick, strict=True))
    row = {place: step for step, place in enumerate(places)}
    return np.array([row.get((bar - 1, index, at), -1) for bar, index, at in places], dtype=np.intp)


def _spread(finest: np.ndarray, told: np.ndarray) -> np.ndarray:
    """Give beats that do not tell, (B,) bool, what the nearest others have: three or four parts."""
    rows = np.flatnonzero(told)
    if not len(rows):
        return finest
    nearest = rows[np.abs(np.arange(len(finest))[:, None] - rows).argmin(axis=1)]
    coarse = np.where(np.isin(finest[nearest], THREES), TRIPLET, STRAIGHT)
    return np.where(told, finest, coarse)


def _bars(
    metres: tuple[Metre, ...], start: float, end: float
) -> list[tuple[Metre, float, float, float]]:
    """Return the metre and the line of each bar, the range's start, and the bar's end in it."""
    bars = []
    for metre, following in zip(metres, (*metres[1:], None), strict=True):
        limit = min(following.time if following else MAX_BEATS, end)
        length = metre.bar * max(1, SHORTEST_BAR // metre.bar)
        first = max(int((start - metre.time) / length + SAME), 0)
        while (line := metre.time + first * length) < limit - SAME:
            bars.append((metre, line, start, min(line + length, limit)))
            first += 1
    return bars


def _beats(
    bar: int, metre: Metre, line: float, start: float, end: float
) -> list[tuple[float, float, float, int, int, int]]:
    """Return the beats of a bar from its start to its end, as rows of `Beats`."""
    unit = _unit(metre)
    starts = np.arange(line, end - SAME, unit)
    ends = np.minimum(starts + unit, end)
    count = max(int(np.ceil(metre.bar / unit - SAME)), 1)
    return [
        (float(on), unit, float((off - on) / unit), bar, k, max(count - 1 - k, 0))
        for k, (on, off) in enumerate(zip(starts, ends, strict=True))
        if off > start + SAME
    ]


def _unit(metre: Metre) -> float:
    """Return the length of a beat in quarter notes."""
    felt = beat_of(metre)
    return felt if is_compound(metre) and felt >= SHORTEST_BEAT else 1.0
