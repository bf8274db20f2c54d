"""Lay a drawing on paper: a picture of the documents, with its own styles."""

from bridge.picture.palette import DAY, style
from bridge.picture.svg import moved, number, tag

WIDTH, MARGIN = 1100.0, 28.0
"""Widths of all and of its border."""

INNER = WIDTH - 2 * MARGIN


def sheet(body: str, height: float, own_style: str) -> str:
    """Return the picture as SVG: a body that is `INNER` wide and so high, and its border."""
    high = height + 2 * MARGIN
    paper = tag("rect", width="100%", height="100%", class_="paper")
    return tag(
        "svg",
        tag("style", style(DAY) + own_style) + paper + moved(body, MARGIN, MARGIN),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(high)}",
        width=WIDTH,
        height=high,
    )
