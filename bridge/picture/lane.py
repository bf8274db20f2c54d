"""Draw the lanes under the notes: timing, velocity, sustain pedal, tempo.

A lane is drawn twice over: its axis at the left, which stands still, and its plot, which scrolls.

Letters: K notes in the window.
"""

from typing import NamedTuple

import numpy as np

from bridge.picture.palette import loudness
from bridge.picture.part import Part
from bridge.picture.svg import path, stretched, text
from bridge.picture.window import Window
from engines.clip import SUSTAIN_PEDAL, Controllers, Tempo

AXIS = 128.0
"""How wide the axes are in px."""

TICK = AXIS - 10
"""Where the labels of an axis end."""

SHIFTS_MS = (2, 5, 10, 20, 30, 50, 80, 100, 150, 200, 300, 500, 1000, 2000, 5000, 10000)
"""Where a timing axis may end."""

TIMING_HEIGHT, VELOCITY_HEIGHT, PEDAL_HEIGHT, TEMPO_HEIGHT = 84.0, 72.0, 36.0, 60.0


class Lane(NamedTuple):
    """Be a strip of the picture, all in px from its top left corner; `ground` is under the grid."""

    height: float
    axis: str
    plot: str
    ground: str = ""


def timing_lane(part: Part, window: Window) -> Lane | None:
    """Draw how early (down) or late (up) notes are as lollipops; nothing where none moved."""
    onset, late = part.shown.notes.onset, part.lateness_ms
    rows = window.sees(onset, onset) & part.uneven
    if not rows.any():
        return None
    limit, middle = _limit_ms(np.abs(late[rows])), TIMING_HEIGHT / 2
    y = middle - (middle - 5) * np.clip(late[rows] / limit, -1, 1)
    x = window.px(onset[rows])
    plot = _rule(window, middle)
    for name, chosen in (("early", late[rows] < 0), ("late", late[rows] > 0)):
        plot += path(_stems(x[chosen], middle, y[chosen]), f"line stem now {name}")
        plot += path(_dots(x[chosen], y[chosen]), f"line dot now {name}")
    zero = "on the grid" if part.after is None else "as before"
    labels = ((8.0, f"{limit} ms late"), (middle + 4, zero), (TIMING_HEIGHT, f"{limit} ms early"))
    return Lane(TIMING_HEIGHT, _axis("Timing", labels), stretched(plot, window.width, middle * 2))


def velocity_lane(part: Part, window: Window) -> Lane:
    """Draw velocities as stems, coloured now and broad and grey before."""
    plot = _rule(window, VELOCITY_HEIGHT)
    if part.after is not None:
        notes = part.before.notes
        plot += _velocities(window, notes.onset, notes.velocity, "was")
    notes = part.shown.notes
    plot += _velocities(window, notes.onset, notes.velocity, "now")
    labels = ((8.0, "127"), (VELOCITY_HEIGHT / 2 + 4, "64"), (VELOCITY_HEIGHT, "0"))
    frame = stretched(plot, window.width, VELOCITY_HEIGHT)
    return Lane(VELOCITY_HEIGHT, _axis("Velocity", labels), frame)


def pedal_lane(part: Part, window: Window) -> Lane | None:
    """Draw the sustain pedal as a filled curve; nothing where there is none."""
    versions = [(part.shown, "now pedal")]
    if part.after is not None:
        versions.insert(0, (part.before, "was pedal"))
    drawn = [(clip.controllers.of(SUSTAIN_PEDAL), style) for clip, style in versions]
    if not any(len(pedal) for pedal, _ in drawn):
        return None
    plot = "".join(path(_filled(pedal, window), style) for pedal, style in drawn if len(pedal))
    plot += _rule(window, PEDAL_HEIGHT)
    axis = _axis("Pedal", ((8.0, "down"), (PEDAL_HEIGHT, "up")))
    return Lane(PEDAL_HEIGHT, axis, stretched(plot, window.width, PEDAL_HEIGHT))


def tempo_lane(part: Part, window: Window) -> Lane | None:
    """Draw the tempo as a line, dashed before; nothing where one tempo holds throughout."""
    now = _tempi(part.shown.tempo, window)
    was = _tempi(part.before.tempo, window)
    bpm = np.concatenate([now[1], was[1]])
    if np.ptp(bpm) < 0.5:
        return None
    low, high = _round_bpm(float(bpm.min()), float(bpm.max()))
    plot = path(_steps(was, window, low, high), "line curve tempo was dashed")
    plot += path(_steps(now, window, low, high), "line curve tempo now")
    axis = _axis("Tempo", ((8.0, f"{high:g} bpm"), (TEMPO_HEIGHT, f"{low:g} bpm")))
    frame = stretched(_rule(window, TEMPO_HEIGHT) + plot, window.width, TEMPO_HEIGHT)
    return Lane(TEMPO_HEIGHT, axis, frame)


def _axis(name: str, labels: tuple[tuple[float, str], ...]) -> str:
    ticks = "".join(text(words, TICK, y, "t-tick dim right") for y, words in labels)
    return text(name, 0, 9, "t-lane") + ticks


def _rule(window: Window, y: float) -> str:
    return path([f"M0 {y:.1f}H{window.width:.1f}"], "line fine rule")


def _stems(x: np.ndarray, foot: float, y: np.ndarray) -> list[str]:
    """Return a stroke from the foot to each (K,) height."""
    return [f"M{a:.2f} {foot:.1f}V{b:.1f}" for a, b in zip(x.tolist(), y.tolist(), strict=True)]


def _dots(x: np.ndarray, y: np.ndarray) -> list[str]:
    """Return strokes without length: with round caps they are dots that never stretch."""
    return [f"M{a:.2f} {b:.1f}h0" for a, b in zip(x.tolist(), y.tolist(), strict=True)]


def _velocities(window: Window, onset: np.ndarray, velocity: np.ndarray, style: str) -> str:
    """Draw a path for each loudness, so that thousands of notes are a few elements."""
    rows = window.sees(onset, onset)
    x, step = window.px(onset[rows]), loudness(velocity[rows])
    y = VELOCITY_HEIGHT * (1 - velocity[rows] / 127)
    drawn = ""
    for chosen in np.unique(step).tolist():
        some, colour = step == chosen, f"v{chosen}"
        stems = _stems(x[some], VELOCITY_HEIGHT, y[some])
        drawn += path(stems, f"line stem {colour} {style}")
        if style == "now":
            drawn += path(_dots(x[some], y[some]), f"line dot {colour} now")
    return drawn


def _limit_ms(distance: np.ndarray) -> int:
    """Return the end of a timing axis: all but the wildest fiftieth of the notes fit."""
    needed = float(np.quantile(distance, 0.98))
    return next((limit for limit in SHIFTS_MS if 1.001 * limit >= needed), SHIFTS_MS[-1])


def _filled(pedal: Controllers, window: Window) -> list[str]:
    """Return the area under the pedal's value, which holds until the next event."""
    first = max(int(np.searchsorted(pedal.time, window.start, side="right")) - 1, 0)
    last = int(np.searchsorted(pedal.time, window.end))
    x = np.clip(window.px(pedal.time[first:last]), 0, window.width).tolist()
    y = (PEDAL_HEIGHT * (1 - pedal.value[first:last] / 127)).tolist()
    if not x:
        return []
    corners = "".join(f"H{a:.2f}V{b:.1f}" for a, b in zip(x, y, strict=True))
    return [f"M{x[0]:.2f} {PEDAL_HEIGHT:g}{corners}H{window.width:.2f}V{PEDAL_HEIGHT:g}Z"]


def _tempi(tempo: Tempo, window: Window) -> tuple[np.ndarray, np.ndarray]:
    """Return when the tempo changes in the window, its start included, and the tempi in bpm."""
    inside = tempo.time[(tempo.time > window.start) & (tempo.time < window.end)]
    times = np.concatenate([[window.start], inside])
    return times, tempo.at(times)


def _steps(
    tempi: tuple[np.ndarray, np.ndarray], window: Window, low: float, high: float
) -> list[str]:
    x = window.px(tempi[0]).tolist()
    y = (TEMPO_HEIGHT * (high - tempi[1]) / (high - low)).tolist()
    corners = "".join(f"H{a:.2f}V{b:.1f}" for a, b in zip(x, y, strict=True))
    return [f"M{x[0]:.2f} {y[0]:.1f}{corners}H{window.width:.2f}"]


def _round_bpm(low: float, high: float) -> tuple[float, float]:
    """Return round tempi around a range."""
    step = next((s for s in (2, 5, 10, 20, 50, 100) if high - low <= 8 * s), 500)
    return max(np.floor(low / step) * step, 0), np.ceil(high / step) * step
