"""Write the picture as one HTML page that works offline: scroll, zoom, tooltips, before and after.

The page loads nothing and runs no script but its own, which its content security policy names by
its hash (Content Security Policy Level 3, script-src).
"""

import base64
import hashlib
from importlib.resources import files
from string import Template

from bridge.picture.chart import PLOT, compose, facts, headline, hidden
from bridge.picture.lane import AXIS
from bridge.picture.legend import LEGEND_HEIGHT, legend
from bridge.picture.palette import DAY, NIGHT, style, uncovered
from bridge.picture.part import Part, parts_of
from bridge.picture.ruler import BEAT_ROOM, LEVELS, ROOM, level_for
from bridge.picture.svg import escape, number, shorten, tag
from bridge.picture.window import Window, bar_lines, excerpt, whole
from engines.clip import Clip

MOST_PANELS = 12
"""How many parts one page shows."""

VIEWS = (("both", "Both"), ("before", "Before"), ("after", "After"))


def page(
    before: tuple[Clip, ...],
    after: tuple[Clip, ...] | None,
    *,
    title: str,
    start: float | None = None,
    end: float | None = None,
) -> str:
    """Return a page about clips before and after, or about `before` alone if `after` is None.

    It shows all of the music, or that from `start` to `end` in beats.

    Raises:
        BridgeError: the stretch has no length.
    """
    parts = parts_of(before, after)
    window = _window(parts, start, end)
    figure = compose(parts[:MOST_PANELS], window, scalable=True)
    height = figure.height + 4
    script = _source("page.js")
    return Template(_source("page.html")).substitute(
        title=escape(shorten(title, 200)),
        lead=escape(headline(before, after)),
        facts=escape(facts(parts, window)),
        hidden=escape(hidden(parts, MOST_PANELS)),
        style=_style(),
        script=script,
        script_hash=_hash(script),
        views=_views() if after is not None else "",
        legend=_legend(parts),
        zoom=_zoom(window),
        bars=max(len(window.bars), 1),
        beats=f"{window.span:g}",
        axis=tag("svg", figure.axis, id="axis", width=AXIS, height=height),
        plot=tag("svg", figure.plot, id="plot", width=window.width, height=height),
    )


def _window(parts: tuple[Part, ...], start: float | None, end: float | None) -> Window:
    """Return the whole stretch, so wide that as much of it shows at once as in a picture."""
    low, high = whole(parts, start, end)
    first, last = excerpt(parts, start, end)
    return Window(low, high, PLOT * max((high - low) / (last - first), 1.0), bar_lines(parts))


def _style() -> str:
    day, night = style(DAY) + uncovered(DAY), style(NIGHT) + uncovered(NIGHT)
    return f"{_source('page.css')}{day}{_levels()}@media (prefers-color-scheme: dark) {{{night}}}"


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
    return f'<div class="views" role="radiogroup" aria-label="Version">{choices}</div>'


def _legend(parts: tuple[Part, ...]) -> str:
    marks, width = legend(parts)
    box = f"0 0 {number(width)} {number(LEGEND_HEIGHT)}"
    return tag("svg", marks, width=width, height=LEGEND_HEIGHT, viewBox=box)


def _hash(script: str) -> str:
    """Return the hash of what stands between the script tags, line breaks included."""
    digest = hashlib.sha256(f"\n{script}\n".encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _source(name: str) -> str:
    return (files("bridge.picture") / name).read_text(encoding="utf-8").rstrip("\n")
