"""Draw a picture of music, or of what happened to it, that a musician understands at a glance.

A panel for each part, the busiest first; in it, under one ruler, the notes (grey where they were,
coloured by velocity where they are), how many milliseconds early or late each is, velocities,
sustain pedal and tempo.
"""

import textwrap
from typing import NamedTuple

import msgspec

from bridge.picture.change import describe, sentence, summary
from bridge.picture.lane import (
    AXIS,
    Lane,
    pedal_lane,
    tempo_lane,
    timing_lane,
    velocity_lane,
)
from bridge.picture.legend import LEGEND_HEIGHT, legend
from bridge.picture.palette import DAY, style
from bridge.picture.part import Part, parts_of
from bridge.picture.roll import roll_lane
from bridge.picture.ruler import grid, ruler
from bridge.picture.svg import escape, moved, number, shorten, tag, text
from bridge.picture.window import Window, bar_lines, excerpt
from engines.clip import Clip

WIDTH, MARGIN = 1600.0, 36.0

PLOT = WIDTH - 2 * MARGIN - AXIS
"""How wide the music is in px."""

MOST_PANELS = 4
"""How many parts one picture shows."""

TITLE, GAP, PANEL_GAP = 26.0, 15.0, 36.0
"""Heights in px of a panel's heading, between lanes, and between panels."""

ROOM, ROOM_ALONE = 200.0, 320.0
"""How high in px a piano roll would like to be among others, and alone."""

SHORT_NAME = 12
"""How many letters of a part's name fit over the axes."""

LINE_LENGTH = 190
"""How many letters of the sentence under the title fit in a line."""


class Figure(NamedTuple):
    """Be all panels: axes `AXIS` px wide that stand still, and plots that may scroll.

    `panels` are the top and the bottom in px of what is drawn under each heading.
    """

    height: float
    axis: str
    plot: str
    panels: tuple[tuple[float, float], ...] = ()


def draw(
    before: tuple[Clip, ...],
    after: tuple[Clip, ...] | None,
    *,
    title: str,
    start: float | None = None,
    end: float | None = None,
) -> str:
    """Return a picture of clips before and after as SVG; of `before` alone if `after` is None.

    `start` and `end` are in beats; without an end it shows as many bars as read well.

    Raises:
        BridgeError: the stretch has no length.
    """
    parts = parts_of(before, after)
    low, high = excerpt(parts, start, end)
    window = Window(low, high, PLOT, bar_lines(parts))
    figure = compose(parts[:MOST_PANELS], window)
    head, y = _head(parts, window, title, headline(before, after))
    plot = tag("svg", figure.plot, x=AXIS, width=PLOT, height=figure.height, overflow="visible")
    body = moved(head + moved(plot + figure.axis, 0, y), MARGIN, MARGIN)
    foot = _foot(parts, y + figure.height)
    height = MARGIN + y + figure.height + MARGIN + (20 if foot else 0)
    paper = tag("rect", width="100%", height="100%", class_="paper")
    return tag(
        "svg",
        tag("style", style(DAY)) + paper + body + foot,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        width=WIDTH,
        height=height,
    )


def headline(before: tuple[Clip, ...], after: tuple[Clip, ...] | None) -> str:
    """Say in words what changed, or what the one version is like."""
    return summary(before) if after is None else sentence(describe(before, after))


def facts(parts: tuple[Part, ...], window: Window) -> str:
    """Say which bars are shown, and metre and number of parts."""
    total = len(bar_lines(parts)) - 1
    last = window.first_bar + max(len(window.bars) - 1, 0)
    bars = f"Bars {window.first_bar}\N{EN DASH}{last}" if last > window.first_bar else f"Bar {last}"
    every = f"{total:,} bar{'s' * (total > 1)}"
    shown = every if len(window.bars) >= total else f"{bars} of {total:,}"
    metre = parts[0].features.metres[0] if parts else None
    told = [shown, f"{metre.numerator}/{metre.denominator}" if metre else ""]
    return " · ".join(word for word in told if word)


def hidden(parts: tuple[Part, ...], most: int) -> str:
    """Say how many parts have no panel, and their names; nothing if all have one."""
    rest = parts[most:]
    names = shorten(", ".join(part.name for part in rest), 120)
    return f"{len(rest)} more part{'s' * (len(rest) > 1)} not shown: {names}" if rest else ""


def compose(parts: tuple[Part, ...], window: Window, *, scalable: bool = False) -> Figure:
    """Stack the panels of the given parts; `scalable` adds tooltips and every number."""
    height, axis, plot = 0.0, "", ""
    panels: list[tuple[float, float]] = []
    for index, part in enumerate(parts):
        panel = _panel(part, window, first=not index, alone=len(parts) == 1, scalable=scalable)
        height += PANEL_GAP if index else 0
        axis += moved(panel.axis, 0, height)
        plot += moved(panel.plot, 0, height)
        panels.append((height + TITLE, height + panel.height))
        height += panel.height
    return Figure(height, axis, plot, tuple(panels))


def _panel(part: Part, window: Window, *, first: bool, alone: bool, scalable: bool) -> Figure:
    lanes: list[Lane | None] = [
        roll_lane(part, window, room=ROOM_ALONE if alone else ROOM, with_tips=scalable),
        timing_lane(part, window),
        velocity_lane(part, window),
        pedal_lane(part, window),
        tempo_lane(part, window) if first else None,
    ]
    top = ruler(part, window, scalable=scalable)
    y = TITLE + top.height
    axis, ground, plot = _heading(part, alone), "", moved(top.plot, 0, TITLE)
    for lane in filter(None, lanes):
        axis += moved(lane.axis, 0, y)
        ground += moved(lane.ground, 0, y)
        plot += moved(lane.plot, 0, y)
        y += lane.height + GAP
    lines = grid(part, window, y - GAP - TITLE - 6, scalable=scalable)
    return Figure(y - GAP, axis, ground + moved(lines, 0, TITLE + 6) + plot)


def _heading(part: Part, alone: bool) -> str:
    """Name the part and say what happened in it, unless the title has just said so."""
    name = shorten(part.name, 60)
    said = "" if alone else shorten(_told(part), 160)
    if len(name) <= SHORT_NAME:
        return text(name, 0, 14, "t-part") + text(said, AXIS, 14, "t-fact dim")
    beside = tag("tspan", escape(said), class_="t-fact dim", dx=14)
    return tag("text", escape(name) + beside, y=14, class_="t-part")


def _told(part: Part) -> str:
    """Say what happened in a part, but for the tempo, which is that of the whole piece."""
    if part.after is None:
        return summary((part.before,), with_tempo=False)
    change = describe((part.before,), (part.after,))
    return sentence(msgspec.structs.replace(change, tempo_changed=False))


def _head(parts: tuple[Part, ...], window: Window, title: str, lead: str) -> tuple[str, float]:
    """Return title, sentence and legend, and where they end in px."""
    lines = textwrap.wrap(lead, LINE_LENGTH) or [""]
    y = 24.0
    drawn = text(shorten(title, 90), 0, y, "t-title")
    for line in lines:
        y += 25 if line is lines[0] else 19
        drawn += text(line, 0, y, "t-lead")
    y += 18
    marks, width = legend(parts)
    drawn += moved(marks, WIDTH - 2 * MARGIN - width, y)
    drawn += text(facts(parts, window), 0, y + 12, "t-fact dim")
    return drawn, y + LEGEND_HEIGHT + 22


def _foot(parts: tuple[Part, ...], y: float) -> str:
    said = hidden(parts, MOST_PANELS)
    return text(said, MARGIN, MARGIN + y + 30, "t-fact dim") if said else ""
