"""Draw performances of the same bars one below the other: loudness, tempo and pedal.

Letters: O onsets, K onsets that a value is known of, G presses of the pedal, T times.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from sheet import INNER, sheet

from bridge.picture.svg import moved, path, text
from bridge.picture.window import Window
from engines.error import EngineError
from engines.performance.expression import beat_period, onset_times
from engines.performance.pedalling import gesture_times
from engines.training.evaluation.case import Case, Guess

NAMES, GAP = 170.0, 46.0
"""Widths of the names with a scale, and between the columns."""

COLUMN = (INNER - NAMES - 2 * GAP) / 3

HEAD, ROW, BETWEEN, FOOT = 96.0, 60.0, 10.0, 22.0
"""Heights of the titles, of a row, between rows, and of what is said below."""

PEDAL, PEDAL_BEHIND = (ROW * 0.25, ROW * 0.65), (ROW * 0.74, ROW * 0.82)
"""Between which heights in a row its pedal is drawn, and that of the first row."""

POINTS = 240
"""A wave is drawn through so many times."""

SHOWN = 0.98
"""A scale holds this share of the values, and all waves; the rest is cut off at its ends."""

LIMITS = (10, 15, 20, 25, 30, 40, 60, 90)
"""Where a scale may end."""

OWN_STYLE = """
.t-cell{font-size:13px;font-weight:600}
.t-small{font-size:10.5px}
.raw{stroke-width:1;stroke-linejoin:round;opacity:.42}
.wave{stroke-width:2.2;stroke-linejoin:round;stroke-linecap:round}
.behind{stroke:#d5dae1;stroke-width:3.4;stroke-linejoin:round}
.behind.ink{fill:#c3c9d2;stroke:none}
.people{stroke:#bc4663}.people.ink{fill:#bc4663;stroke:none}
.ours{stroke:#1f5fa8}.ours.ink{fill:#1f5fa8;stroke:none}
.others{stroke:#6b7280}.others.ink{fill:#6b7280;stroke:none}
"""
"""People are red, the learned engines blue, what they are compared with grey."""


class Row(NamedTuple):
    """Be one performance of a recording's score, and how it is named and coloured.

    `style` is "people", "ours" or "others".
    """

    name: str
    detail: str
    style: str
    case: Case
    guess: Guess


class Aspect(NamedTuple):
    """Be what is drawn of a row: its name, its scale in words, and how it is read.

    `of` returns onsets, (K,) indices, and the values there, (K,); `in_percent` says whether they
    are shown in percent of their mean.
    """

    name: str
    scale: str
    of: Callable[[Row], tuple[np.ndarray, np.ndarray]]
    in_percent: bool = False


class Curve(NamedTuple):
    """Be values and their wave: beats and values, (K,) each, then (T,) each."""

    onset: np.ndarray
    value: np.ndarray
    time: np.ndarray
    wave: np.ndarray


def draw(rows: Sequence[Row], bars: tuple[int, int], *, title: str, foot: str) -> str:
    """Return the picture as SVG: the first row's curves lie behind those of all others.

    Args:
        rows: at least one.
        bars: the first and the last that are shown, counted from 1.
        title: what stands above.
        foot: what stands below.

    Raises:
        EngineError: the piece has no such bars.
    """
    window = _window(rows[0].case, bars)
    height = HEAD + len(rows) * (ROW + BETWEEN) - BETWEEN
    columns = [_column(aspect, rows, window) for aspect in ASPECTS]
    columns.append(_header("Sustain pedal", "down or up") + _feet(rows, window))
    body = text(title, 0, 20, "t-title")
    body += text(_subtitle(rows[0].case, bars), 0, 43, "t-fact dim")
    for index, column in enumerate(columns):
        body += moved(_ruled(window, height) + column, NAMES + index * (COLUMN + GAP), 0)
    body += "".join(_named(row, _top(index)) for index, row in enumerate(rows))
    body += text(foot, 0, height + FOOT + 4, "t-small dim")
    return sheet(body, height + FOOT, OWN_STYLE)


def louder(row: Row) -> tuple[np.ndarray, np.ndarray]:
    """Return the onsets of the melody's notes, (K,), and their velocities, (K,)."""
    features = row.case.features
    rows = features.melody_rows
    return features.group[rows], np.asarray(row.guess.velocity[rows], dtype=np.float64)


def faster(row: Row) -> tuple[np.ndarray, np.ndarray]:
    """Return all onsets, (O,), and the tempo from a beat before to a beat after each, in bpm."""
    features = row.case.features
    period_s = beat_period(features, onset_times(features, row.guess.stretch))
    return np.arange(len(period_s)), 60.0 / period_s


ASPECTS = (
    Aspect("Loudness", "velocity of the melody, from its mean", louder),
    Aspect("Tempo", "in %, from its mean", faster, in_percent=True),
)


def presses(row: Row) -> np.ndarray:
    """Return when the pedal goes down and up in turn, in beats of the score: (2G,)."""
    features, pedal = row.case.features, row.guess.pedal
    if pedal is None:
        return np.zeros(0)
    onset_s = onset_times(features, row.guess.stretch)
    time_s = np.minimum(gesture_times(pedal, onset_s), onset_s[-1])
    return np.asarray(np.interp(time_s, onset_s, features.group_onset))


def _window(case: Case, bars: tuple[int, int]) -> Window:
    lines, (first, last) = case.features.bar_onset, bars
    if not 1 <= first <= last < len(lines):
        raise EngineError(f"bars are {first}-{last}, allowed are 1 to {len(lines) - 1}")
    return Window(float(lines[first - 1]), float(lines[last]), COLUMN, lines)


def _subtitle(case: Case, bars: tuple[int, int]) -> str:
    metre = case.features.metres[0]
    return (
        f"Bars {bars[0]}\N{EN DASH}{bars[1]}, {metre.numerator}/{metre.denominator}."
        " Thin: at each note. Thick: smoothed over a bar. Grey behind: pianist A."
    )


def _column(aspect: Aspect, rows: Sequence[Row], window: Window) -> str:
    """Draw one aspect of all rows, each from its own mean, on one scale."""
    curves = [_curve(row, window, aspect) for row in rows]
    limit = _limit(curves)
    drawn = _header(aspect.name, aspect.scale) + _scale(limit)
    for index, (row, curve) in enumerate(zip(rows, curves, strict=True)):
        cell = path([f"M0 {ROW / 2}H{COLUMN:.1f}"], "line fine beat")
        if index:
            cell += path(_line(curves[0].time, curves[0].wave / limit, window), "line behind")
        cell += path(_line(curve.onset, curve.value / limit, window), f"line raw {row.style}")
        cell += path(_line(curve.time, curve.wave / limit, window), f"line wave {row.style}")
        drawn += moved(cell, 0, _top(index))
    return drawn


def _curve(row: Row, window: Window, aspect: Aspect) -> Curve:
    """Return an aspect of a row in the window, from the mean of what is shown."""
    features, (index, value) = row.case.features, aspect.of(row)
    onset, time = features.group_onset[index], np.linspace(window.start, window.end, POINTS)
    wave = _wave(onset, value, time, float(np.median(np.diff(features.bar_onset))))
    seen = (onset >= window.start - 1e-6) & (onset < window.end)
    mean = wave.mean()
    unit = mean / 100.0 if aspect.in_percent else 1.0
    return Curve(onset[seen], (value[seen] - mean) / unit, time, (wave - mean) / unit)


def _wave(onset: np.ndarray, value: np.ndarray, time: np.ndarray, bar: float) -> np.ndarray:
    """Return the mean of the values, (K,), up to a bar around each time, near ones more: (T,).

    Each value counts once, however long it is held: one that is played by accident is no wave.
    """
    weight = np.maximum(1.0 - np.abs(time[:, None] - onset) / bar, 1e-9)
    return np.asarray(weight @ value / weight.sum(axis=1))


def _limit(curves: Sequence[Curve]) -> int:
    values = np.concatenate([np.abs(curve.value) for curve in curves])
    waves = np.concatenate([np.abs(curve.wave) for curve in curves])
    needed = max(float(np.quantile(values, SHOWN)), float(waves.max()))
    return next((limit for limit in LIMITS if limit >= needed), LIMITS[-1])


def _line(time: np.ndarray, share: np.ndarray, window: Window) -> list[str]:
    """Return a line through (T,) times and values from -1, the foot of a row, to 1, its top."""
    x = window.px(time).tolist()
    y = (ROW / 2 * (1 - np.clip(share, -1, 1))).tolist()
    steps = ["M", *"L" * (len(x) - 1)]
    return [f"{step}{a:.2f} {b:.2f}" for step, a, b in zip(steps, x, y, strict=True)]


def _scale(limit: int) -> str:
    """Write the ends of the scale beside the first row; it is that of all rows."""
    ends = ((f"+{limit}", 8.0), (f"\N{MINUS SIGN}{limit}", ROW))
    return "".join(text(words, -6, _top(0) + y, "t-tick dim right") for words, y in ends)


def _feet(rows: Sequence[Row], window: Window) -> str:
    """Draw when the pedal is down; below each row that of the first."""
    pressed = [presses(row) for row in rows]
    drawn = ""
    for index, (row, times) in enumerate(zip(rows, pressed, strict=True)):
        cell = path(_bars(times, window, PEDAL), f"{row.style} ink")
        if index:
            cell += path(_bars(pressed[0], window, PEDAL_BEHIND), "behind ink")
        if not len(times):
            cell += text("no pedal", COLUMN / 2, PEDAL[1], "t-tick dim middle")
        drawn += moved(cell, 0, _top(index))
    return drawn


def _bars(times: np.ndarray, window: Window, between: tuple[float, float]) -> list[str]:
    """Return a bar for each press, between two heights in the row."""
    x = np.clip(window.px(times), 0.0, window.width).reshape(-1, 2).tolist()
    top, foot = between
    return [f"M{a:.2f} {foot:g}V{top:g}H{b:.2f}V{foot:g}Z" for a, b in x if b > a]


def _header(name: str, scale: str) -> str:
    return text(name, 0, 70, "t-cell") + text(scale, COLUMN, 70, "t-small dim right")


def _ruled(window: Window, height: float) -> str:
    """Draw the bar lines of a column and every fourth bar's number."""
    lines = window.px(np.append(window.bars, window.end)).tolist()
    drawn = path([f"M{x:.2f} {HEAD - 4}V{height:.1f}" for x in lines], "line fine beat")
    numbered = list(enumerate(lines[:-1], window.first_bar))[::4]
    return drawn + "".join(text(str(bar), x, HEAD - 9, "t-tick dim") for bar, x in numbered)


def _named(row: Row, y: float) -> str:
    name = text(row.name, 0, y + ROW / 2 - 1, f"t-cell {row.style} ink")
    return name + text(row.detail, 0, y + ROW / 2 + 14, "t-small dim")


def _top(index: int) -> float:
    return HEAD + index * (ROW + BETWEEN)
