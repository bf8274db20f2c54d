"""Put a page together: one HTML file that works offline, with or without sound.

The page loads nothing and runs no script but its own, which its content security policy names by
its hash (Content Security Policy Level 3, script-src).
"""

import base64
import hashlib
import json
from importlib.resources import files
from string import Template

from bridge.picture.chart import PLOT, Figure
from bridge.picture.lane import AXIS
from bridge.picture.legend import LEGEND_HEIGHT, legend
from bridge.picture.palette import DAY, NIGHT, style, uncovered
from bridge.picture.part import Part
from bridge.picture.ruler import BEAT_ROOM, LEVELS, ROOM, level_for
from bridge.picture.svg import escape, number, shorten, tag
from bridge.picture.window import Window, bar_lines, excerpt, whole

MOST_PANELS = 12
"""How many parts one page shows."""

VIEWS = (("both", "Both"), ("before", "Before"), ("after", "After"))


def document(
    window: Window,
    music: str,
    parts: tuple[Part, ...],
    *,
    texts: dict[str, str],
    views: bool,
    scripts: tuple[str, ...] = (),
    transport: str = "",
    choices: str = "",
    data: str = "",
    keys: str = "",
) -> str:
    """Return the page around the figure `music`.

    `texts` are its title, lead, facts and what is hidden, as plain text; `scripts` are the names
    of those beside the page's own. `transport`, `choices`, `data` and `keys` are markup.
    """
    script = "\n\n".join(source(f"{name}.js") for name in ("page", *scripts))
    sheets = ("page.css", "listen.css") if scripts else ("page.css",)
    return Template(source("page.html")).substitute(
        {name: escape(text) for name, text in texts.items()},
        style=_style(sheets),
        script=script,
        script_hash=_hash(script),
        views=_views() if views else "",
        legend=_legend(parts),
        zoom=_zoom(window),
        bars=max(len(window.bars), 1),
        beats=f"{window.span:g}",
        music=music,
        transport=transport,
        choices=choices,
        data=data,
        keys=keys,
    )


def titled(title: str) -> str:
    """Return a title that is not too long."""
    return shorten(title, 200)


def window_of(parts: tuple[Part, ...], start: float | None, end: float | None) -> Window:
    """Return the whole stretch, so wide that as much of it shows at once as in a picture.

    Raises:
        BridgeError: the stretch has no length.
    """
    low, high = whole(parts, start, end)
    first, last = excerpt(parts, start, end)
    return Window(low, high, PLOT * max((high - low) / (last - first), 1.0), bar_lines(parts))


def drawing(figure: Figure, window: Window) -> str:
    """Return a figure's axis, which stands still, and its plot, which scrolls."""
    height = figure.height + 4
    panels = json.dumps([[round(edge, 2) for edge in panel] for panel in figure.panels])
    size = {"width": window.width, "height": height}
    axis = tag("svg", figure.axis, id="axis", width=AXIS, height=height)
    return f"{axis}\n{tag('svg', figure.plot, id='plot', data_panels=panels, **size)}"


def source(name: str) -> str:
    """Return a file of the page's own."""
    return (files("bridge.picture") / name).read_text(encoding="utf-8").rstrip("\n")


def _style(sheets: tuple[str, ...]) -> str:
    day, night = style(DAY) + uncovered(DAY), style(NIGHT) + uncovered(NIGHT)
    own = "".join(source(name) for name in sheets)
    return f"{own}{day}{_levels()}@media (prefers-color-scheme: dark) {{{night}}}"


def _levels() -> str:
    """Return the rules that hide the numbers of bars for which there is no room."""
    return "".join(
        f".level-{level} :is({','.join(f'.r{low}' for low in range(level))}){{display:none}}\n"
        for level in range(1, LEVELS + 1)
    )


def _zoom(window: Window) -> str:
    """Return the classes that fit the page's own width; the script takes over from there."""
    names = [f"level-{level_for(window.width / max(len(window.bars), 1))}"]
    names += ["no-beat-numbers"] if window.px_per_beat < ROOM else []
    names += ["no-beats"] if window.px_per_beat < BEAT_ROOM else []
    return " ".join(names)


def _views() -> str:
    choices = "".join(
        f'<label><input type="radio" name="view" value="{value}"'
        f"{' checked' if value == 'both' else ''}>{words}</label>"
        for value, words in VIEWS
    )
    group = 'class="views" role="radiogroup" aria-label="Version drawn"'
    return sensed("See", f"<div {group}>{choices}</div>")


def sensed(verb: str, switch: str) -> str:
    """Return a switch that says whether it is about what one hears or sees."""
    return f'<div class="sensed"><span aria-hidden="true">{verb}</span>{switch}</div>'


def _legend(parts: tuple[Part, ...]) -> str:
    marks, width = legend(parts)
    box = f"0 0 {number(width)} {number(LEGEND_HEIGHT)}"
    return tag("svg", marks, width=width, height=LEGEND_HEIGHT, viewBox=box)


def _hash(script: str) -> str:
    """Return the hash of what stands between the script tags, line breaks included."""
    digest = hashlib.sha256(f"\n{script}\n".encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
