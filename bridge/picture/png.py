"""Turn a picture into pixels, the same ones on every machine.

The fonts come with the package; those of the machine are not looked at.
"""

import re
from importlib.resources import as_file, files

from bridge.error import BridgeError

NARROWEST, WIDEST = 64, 8192
"""The widths in px that a picture may have."""

UNKNOWN = re.compile(
    "[^\t\n -~\xa0-\u017f\u2010-\u2014\u2018-\u201a\u201c-\u201e\u2022\u2026"
    "\u20ac\u2190-\u2193\u2212\u25a1\u25b2\u25bc]"
)
"""Letters that the fonts have no shape for."""


def png(svg: str, width: int) -> bytes:
    """Return an SVG as a PNG file `width` px wide; letters without a shape become boxes.

    Raises:
        BridgeError: the width is out of range, or the text is no SVG.
    """
    if not NARROWEST <= width <= WIDEST:
        raise BridgeError(f"width is {width}, allowed are {NARROWEST} to {WIDEST} px")
    import resvg_py  # noqa: PLC0415  # loaded only when a picture is asked for

    with as_file(files("bridge.picture") / "font") as font:
        try:
            drawn = resvg_py.svg_to_bytes(
                svg_string=UNKNOWN.sub("□", svg),
                width=width,
                skip_system_fonts=True,
                font_files=[str(file) for file in sorted(font.glob("*.otf"))],
                font_family="Inter",
                sans_serif_family="Inter",
            )
        except ValueError as error:
            raise BridgeError(f"the picture cannot be drawn: {error}") from error
    return bytes(drawn)
