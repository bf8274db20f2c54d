"""Draw a beat as several drummers play it, one below the other: how late and how loud each hit is.

Letters: H hits, T times.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sheet import INNER, sheet

from bridge.picture.svg import moved, path, text
from bridge.picture.window import Window
from engines.kit import CLOSED_HAT, KICK, OPEN_HAT, RIDE, SNARE, VOICES
from engines.training.drums.evaluation.window import STEPS, Case, Played

NAMES, GAP = 118.0, 52.0
"""Widths of the names, and between the columns."""

COLUMN = (INNER - NAMES - GAP) / 2

HEAD, ROW, BETWEEN, FOOT = 100.0, 74.0, 12.0, 22.0
"""Heights of the titles, of a row, between rows, and of what is said below."""

WIDEST_MS = 70.0
"""Half the scale of lateness; what is farther out stands at its end."""

POINTS = 240
"""A wave is drawn through so many times."""

BEATS = 4.0
"""Beats of a bar."""

GROUPS = {KICK: "kick", SNARE: "snare", CLOSED_HAT: "time", OPEN_HAT: "time", RIDE: "time"}
"""The colours of voices; those that are missing are toms and crashes."""

REST = "rest"

KEY = {"kick": "kick", "snare": "snare", "time": "hats and ride", "rest": "toms and crash"}

OWN_STYLE = """
.t-cell{font-size:13px;font-weight:600}
.t-small{font-size:10.5px}
.hit{stroke-width:4.6;stroke-linecap:round}
.hit.wave{stroke-width:1.8;stroke-linejoin:round;opacity:.75}
.kick{stroke:#401459}
.snare{stroke:#d5485f}
.time{stroke:#e0a04a}
.rest{stroke:#17a398}
.all{stroke:#6b7280}
"""


class Row(NamedTuple):
    """Be who plays, what is said of that, and what is played of the beat."""

    name: str
    detail: str
    played: Played


def draw(case: Case, rows: Sequence[Row], *, title: str, foot: str) -> str:
    """Return the picture as SVG.

    Args:
        case: the beat; its bars are drawn.
        rows: who plays it, at least one.
        title: what stands above.
        foot: what stands below.
    """
    window = _window(case)
    height = HEAD + len(rows) * (ROW + BETWEEN) - BETWEEN
    body = text(title, 0, 20, "t-title") + _key()
    columns = (_late(case, rows, window), _loud(case, rows, window))
    for index, column in enumerate(columns):
        body += moved(_ruled(case, window, height) + column, NAMES + index * (COLUMN + GAP), 0)
    for index, row in enumerate(rows):
        body += text(row.name, 0, _top(index) + ROW / 2 - 1, "t-cell")
        body += text(row.detail, 0, _top(index) + ROW / 2 + 14, "t-small dim")
    body += text(foot, 0, height + FOOT + 4, "t-small dim")
    return sheet(body, height + FOOT, OWN_STYLE)


def _window(case: Case) -> Window:
    """Return the bars with half a beat of room before, for hits that come early."""
    lines = BEATS * np.arange(case.given.bars + 1)
    return Window(-0.5, float(lines[-1]), COLUMN, lines)


def _late(case: Case, rows: Sequence[Row], window: Window) -> str:
    """Draw how late hits are; the line is their mean up to a bar around."""
    drawn = _header("Lateness", f"ms, up is late; ±{WIDEST_MS:g}")
    for index, row in enumerate(rows):
        late = row.played.offset_ms
        time = np.linspace(0.0, window.end, POINTS)
        wave = _wave(case.given.step / STEPS * BEATS, late, time)
        cell = path([f"M0 {ROW / 2}H{COLUMN:.1f}"], "line fine rule")
        cell += path(_line(window.px(time), _height(wave)), "line hit wave all")
        drawn += moved(cell + _hits(case, window, _height(late)), 0, _top(index))
    return drawn


def _loud(case: Case, rows: Sequence[Row], window: Window) -> str:
    drawn = _header("Velocity", "1 to 127")
    for index, row in enumerate(rows):
        y = ROW * (1.0 - np.clip(row.played.velocity, 0, 127) / 127.0)
        cell = path([f"M0 {ROW}H{COLUMN:.1f}"], "line fine rule")
        drawn += moved(cell + _hits(case, window, y), 0, _top(index))
    return drawn


def _hits(case: Case, window: Window, y: np.ndarray) -> str:
    """Draw a dot for each hit, where it is written, at heights (H,)."""
    x = window.px(case.given.step / STEPS * BEATS)
    group = np.array([GROUPS.get(voice, REST) for voice in range(len(VOICES))])[case.given.voice]
    return "".join(
        path(
            [f"M{a:.2f} {b:.2f}h0" for a, b in zip(x[rows], y[rows], strict=True)],
            f"line hit {name}",
        )
        for name in KEY
        if (rows := group == name).any()
    )


def _wave(time: np.ndarray, value: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Return the mean of values, (H,), up to a bar around each time, near ones more: (T,)."""
    weight = np.maximum(1.0 - np.abs(at[:, None] - time) / BEATS, 1e-9)
    return np.asarray(weight @ value / weight.sum(axis=1))


def _height(late_ms: np.ndarray) -> np.ndarray:
    return ROW / 2 * (1.0 - np.clip(late_ms / WIDEST_MS, -1.0, 1.0))


def _line(x: np.ndarray, y: np.ndarray) -> list[str]:
    steps = ["M", *"L" * (len(x) - 1)]
    return [f"{step}{a:.2f} {b:.2f}" for step, a, b in zip(steps, x, y, strict=True)]


def _ruled(case: Case, window: Window, height: float) -> str:
    """Draw the bar lines of a column and their numbers in the take."""
    lines = window.px(window.bars).tolist()
    drawn = path([f"M{x:.2f} {HEAD - 4}V{height:.1f}" for x in lines], "line fine beat")
    numbered = enumerate(lines, case.given.bar + 1)
    return drawn + "".join(text(str(bar), x, HEAD - 9, "t-tick dim") for bar, x in numbered)


def _header(name: str, scale: str) -> str:
    return text(name, 0, 72, "t-cell") + text(scale, COLUMN, 72, "t-small dim right")


def _key() -> str:
    drawn, x = "", 0.0
    for name, words in KEY.items():
        drawn += path([f"M{x + 3:g} 39h0"], f"line hit {name}")
        drawn += text(words, x + 12, 43, "t-fact dim")
        x += 28 + 6.4 * len(words)
    return drawn


def _top(index: int) -> float:
    return HEAD + index * (ROW + BETWEEN)
