"""Explain the picture's colours and marks in one line."""

from bridge.picture.palette import LOUDNESS
from bridge.picture.part import Part
from bridge.picture.svg import moved, path, tag, text

LEGEND_HEIGHT = 16.0

CHARACTER = 7.3
"""How wide a letter is on average in px in the legend's type, in the widest of its words."""

GAP = 22.0
"""Room in px between two entries."""


def legend(parts: tuple[Part, ...]) -> tuple[str, float]:
    """Return the legend's marks and how wide it is in px: only what the parts make use of."""
    drawn, x = "", 0.0
    for mark, width, words in _entries(parts):
        drawn += moved(mark + text(words, width + 7, 12, "t-fact dim"), x, 0)
        x += width + 7 + CHARACTER * len(words) + GAP
    return drawn, max(x - GAP, 0)


def _entries(parts: tuple[Part, ...]) -> list[tuple[str, float, str]]:
    """Return marks, their widths in px and their meanings."""
    entries = [_loudness()]
    if any(part.after is not None for part in parts):
        entries.append((_bar("note was"), 26, "before"))
    if any(part.after is not None and len(part.pairs.added) for part in parts):
        entries.append((_bar("note now v8 new"), 26, "added"))
    if any(part.after is not None and len(part.pairs.removed) for part in parts):
        entries.append((_bar("gone"), 26, "removed"))
    if any(part.uneven.any() for part in parts):
        entries.append((_lollipop("late", 13, 3), 6, "late"))
        entries.append((_lollipop("early", 3, 13), 6, "early"))
    return entries


def _loudness() -> tuple[str, float, str]:
    """Return the ramp between the words soft and loud."""
    boxes = "".join(
        tag("rect", x=30 + step * 7, y=4, width=7, height=9, class_=f"note v{step}")
        for step in range(len(LOUDNESS))
    )
    return text("soft", 0, 12, "t-fact dim") + boxes, 30.0 + 7 * len(LOUDNESS), "loud"


def _bar(style: str) -> str:
    return tag("rect", x=1, y=4, width=24, height=9, rx=2, class_=style)


def _lollipop(name: str, foot: float, head: float) -> str:
    stem = path([f"M3 {foot}V{head}"], f"line stem {name}")
    return stem + path([f"M3 {head}h0"], f"line dot {name}")
