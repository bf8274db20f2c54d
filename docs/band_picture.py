"""Draw how far apart players come: along the bars of a song, and as a distribution.

Letters: N notes of a track, M meetings.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from sheet import INNER, sheet

from bridge.picture.svg import moved, path, text

NAMES, GAP = 150.0, 34.0
"""Widths of the names, and between the columns."""

COLUMN = (INNER - NAMES - 2 * GAP) / 3

HEAD, LANE, HISTOGRAM, BETWEEN, FOOT = 92.0, 170.0, 110.0, 52.0, 20.0
"""Heights of the titles, of the lateness along the bars, of a distribution, between, and below."""

LATEST_MS, WIDEST_MS, BIN_MS = 40.0, 60.0, 2.0
"""Ends of the scales of lateness and of distances, and how wide a column of a distribution is."""

OWN_STYLE = """
.t-cell{font-size:13px;font-weight:600}
.t-small{font-size:10.5px}
.way{stroke-width:1.8;stroke-linejoin:round}
.p0{stroke:#bc4663}.p0.ink{fill:#bc4663;stroke:none}
.p1{stroke:#1f5fa8}.p1.ink{fill:#1f5fa8;stroke:none}
.p2{stroke:#17a398}.p2.ink{fill:#17a398;stroke:none}
.p3{stroke:#9aa2ae}.p3.ink{fill:#9aa2ae;stroke:none}
.p4{stroke:#c9a24b}.p4.ink{fill:#c9a24b;stroke:none}
.share{fill:#9db0cb}
"""


class Line(NamedTuple):
    """Be a player along the bars: a name, beats and how late in ms, (N,) both."""

    name: str
    onset: np.ndarray
    late: np.ndarray


class Panel(NamedTuple):
    """Be one column: how it is called, who plays when, and meetings by name in ms, (M,) each."""

    name: str
    detail: str
    lines: Sequence[Line]
    apart: dict[str, np.ndarray]


def draw(panels: Sequence[Panel], beats: float, *, title: str, foot: str) -> str:
    """Return the picture as SVG: a column for each of three panels over so many beats of 4/4."""
    names = list(panels[0].apart)
    height = HEAD + LANE + len(names) * (BETWEEN + HISTOGRAM) + FOOT
    body = text(title, 0, 20, "t-title") + text(foot, 0, height + FOOT, "t-small dim")
    body += _names(panels[0], names)
    for index, panel in enumerate(panels):
        column = text(panel.name, 0, 56, "t-cell") + text(panel.detail, 0, 73, "t-small dim")
        column += moved(_lane(panel, beats), 0, HEAD)
        for row, name in enumerate(names):
            tallest = max(_shares(each.apart[name]).max() for each in panels)
            column += moved(_histogram(panel.apart[name], tallest), 0, _top(row))
        body += moved(column, NAMES + index * (COLUMN + GAP), 0)
    return sheet(body, height + FOOT, OWN_STYLE)


def _names(panel: Panel, names: Sequence[str]) -> str:
    drawn = text("How late they come", 0, HEAD + 14, "t-cell")
    drawn += text("in ms; up is early", 0, HEAD + 30, "t-small dim")
    for row, line in enumerate(panel.lines):
        drawn += text(line.name, 0, HEAD + 56 + 17 * row, f"t-cell p{row} ink")
    for row, name in enumerate(names):
        words, _, what = name.partition(": ")
        drawn += text(words, 0, _top(row) + 14, "t-cell")
        drawn += text(what, 0, _top(row) + 30, "t-small dim")
    return drawn


def _top(row: int) -> float:
    return HEAD + LANE + BETWEEN + row * (HISTOGRAM + BETWEEN)


def _lane(panel: Panel, beats: float) -> str:
    """Draw when each player comes; later is lower, as on a page that time runs down."""
    bars = np.arange(0.0, beats + 1e-6, 4.0)
    drawn = path([f"M{_px(bar, beats):.1f} 0V{LANE:g}" for bar in bars], "line fine beat")
    drawn += path([f"M0 {LANE / 2:g}H{COLUMN:.1f}"], "line fine rule")
    for ms in (-LATEST_MS, 0.0, LATEST_MS):
        drawn += text(f"{ms:+.0f}" if ms else "0", -6, _y(ms) + 3.5, "t-tick dim right")
    for bar in range(0, len(bars) - 1, 2):
        drawn += text(str(bar + 1), _px(bars[bar], beats) + 2, -4, "t-tick dim")
    for row, line in reversed(list(enumerate(panel.lines))):
        seen = line.onset < beats
        steps = zip(line.onset[seen].tolist(), line.late[seen].tolist(), strict=True)
        points = [f"{_px(onset, beats):.1f} {_y(late):.1f}" for onset, late in steps]
        drawn += path([f"M{points[0]}", *(f"L{point}" for point in points[1:])], f"line way p{row}")
    return drawn


def _px(onset: float, beats: float) -> float:
    return COLUMN * onset / beats


def _y(late_ms: float) -> float:
    return float(LANE / 2 * (1.0 + np.clip(late_ms / LATEST_MS, -1.0, 1.0)))


def _shares(apart: np.ndarray) -> np.ndarray:
    """Return the share of the distances in each column of a distribution."""
    edges = np.arange(-WIDEST_MS - BIN_MS / 2, WIDEST_MS + BIN_MS, BIN_MS)
    counts, _ = np.histogram(np.clip(apart, -WIDEST_MS, WIDEST_MS), edges)
    return np.asarray(counts / len(apart))


def _histogram(apart: np.ndarray, tallest: float) -> str:
    shares = _shares(apart)
    wide = COLUMN / len(shares)
    bars = [
        f"M{wide * row:.2f} {HISTOGRAM:g}V{HISTOGRAM * (1 - share / tallest):.2f}h{wide:.2f}"
        f"V{HISTOGRAM:g}Z"
        for row, share in enumerate(shares.tolist())
        if share
    ]
    drawn = path(bars, "share") + path([f"M0 {HISTOGRAM:g}H{COLUMN:.1f}"], "line fine rule")
    for ms in (-WIDEST_MS, 0.0, WIDEST_MS):
        x = COLUMN * (0.5 + 0.5 * ms / (WIDEST_MS + BIN_MS / 2))
        drawn += text(f"{ms:+.0f}" if ms else "0", x, HISTOGRAM + 14, "t-tick dim middle")
    words = f"s.d. {np.std(apart):.1f} ms"
    return drawn + text(words, COLUMN, 14, "t-cell right")
