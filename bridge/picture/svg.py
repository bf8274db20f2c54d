"""Write SVG elements.

Source: Scalable Vector Graphics (SVG) 2; characters as in Extensible Markup Language 1.0, 2.2.
"""

import re
from collections.abc import Iterable
from functools import cache

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff"
    "\ud800-\udfff]"
)
"""Characters that XML forbids, that show nothing, or that turn the reading direction around."""

HARMLESS = re.compile("[ -!#-%(-;=?-~]*")
"""What most attributes hold, and needs no second look: printable ASCII without markup."""

MARKUP = re.compile("[&<>\"'\t\r\n]")

ENTITIES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
    "\t": " ",
    "\r": " ",
    "\n": " ",
}


def escape(text: str) -> str:
    """Return text from outside as one harmless line; characters without a shape become boxes."""
    if HARMLESS.fullmatch(text):
        return text
    return MARKUP.sub(lambda found: ENTITIES[found[0]], UNSEEN.sub("□", text))


def shorten(text: str, most: int) -> str:
    """Return text of at most so many characters, with an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def tag(name: str, content: str = "", /, **attributes: str | float) -> str:
    """Return an element around content that is markup already.

    An attribute's underscores become hyphens and one at its end is dropped (`class_`).
    """
    said = "".join(
        f' {_spelled(key)}="{escape(value) if isinstance(value, str) else number(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def text(words: str, x: str | float, y: float, style: str, **attributes: str | float) -> str:
    """Return a line of text in a style of the palette, nothing if it has no words."""
    return tag("text", escape(words), x=x, y=y, class_=style, **attributes) if words else ""


def number(value: float) -> str:
    """Return a number with at most two decimals."""
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def moved(content: str, x: float, y: float) -> str:
    """Return content shifted to x, y."""
    return tag("g", content, transform=f"translate({number(x)} {number(y)})") if content else ""


def stretched(content: str, width: float, height: float) -> str:
    """Return curves drawn in px that follow the width of what they stand in."""
    if not content:
        return ""
    box = f"0 0 {number(width)} {number(height)}"
    frame = {"viewBox": box, "preserveAspectRatio": "none"}
    return tag("svg", content, width="100%", height=height, overflow="visible", **frame)


def path(steps: Iterable[str], style: str) -> str:
    """Return one path from its pieces, nothing if there are none."""
    drawn = "".join(steps)
    return f'<path class="{style}" d="{drawn}"/>' if drawn else ""


@cache
def _spelled(key: str) -> str:
    return key.rstrip("_").replace("_", "-")
