"""Draw a groove profile: for each voice, over its bars, how late and how loud it is played.

Letters: P places of a voice.
"""

from typing import NamedTuple

import numpy as np

from bridge.picture.lane import AXIS, TICK
from bridge.picture.palette import DAY, NIGHT, loudness, style
from bridge.picture.svg import escape, moved, number, path, shorten, tag, text
from engines.profile.expectation import cell_places, expecter
from engines.profile.place import UNKNOWN
from engines.profile.profile import STEPS, TIERS, Profile

WIDTH, MARGIN = 1600.0, 36.0
PLOT = WIDTH - 2 * MARGIN - AXIS

TIMING, VELOCITY, GAP, HEAD = 44.0, 56.0, 22.0, 130.0
"""Heights in px of a voice's two strips, between voices, and of title and ruler."""

LIMITS_MS = (10, 20, 30, 50, 100, 200, 500, 1000, 2000)
"""Where the timing strips may end."""

APART = 5.0
"""How far in px the tiers of a place are drawn apart."""

FEW = 3.0
"""Cells of fewer notes are drawn faintly."""

READING = (
    "Dots: how late (up) or early (down) each place is. Stems: velocities of ghosts, normal strokes"
    " and accents, from left to right; faint where there are fewer than 3 notes."
)
"""How to read the picture, said in it."""

LEVELS = ((1.0, "bar"), (0.25, "beat"))
"""Lines at every quarter note and at every sixteenth, and their styles."""


class Row(NamedTuple):
    """Hold what is drawn of a voice, (P,) each: x in px, late in ms; and its cells by tier."""

    name: str
    notes: float
    x: np.ndarray
    late_ms: np.ndarray
    cells: list[tuple[float, int, float, float]]


def draw_groove(profile: Profile, *, title: str) -> str:
    """Return a picture of a profile as SVG."""
    return _svg(profile, title, style(DAY))


def groove_page(profile: Profile, *, title: str) -> str:
    """Return a page about a profile that works offline, by day and by night."""
    styles = f"{style(DAY)}@media (prefers-color-scheme: dark) {{{style(NIGHT)}}}"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="color-scheme" content="light dark">\n'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{escape(shorten(title, 200))}</title>\n"
        "<style>svg{width:100%;height:auto}</style>\n</head>\n"
        f'<body style="margin:0">\n{_svg(profile, title, styles)}\n</body>\n</html>\n'
    )


def _svg(profile: Profile, title: str, styles: str) -> str:
    rows = _rows(profile)
    limit = _limit(rows)
    every = TIMING + VELOCITY + GAP
    height = HEAD + len(rows) * every + 2 * MARGIN - GAP
    body = _head(profile, title) + moved(_ruler(profile), AXIS, HEAD - 8)
    for index, row in enumerate(rows):
        body += moved(_row(profile, row, limit), 0, HEAD + index * every)
    paper = tag("rect", width="100%", height="100%", class_="paper")
    return tag(
        "svg",
        tag("style", styles) + paper + moved(body, MARGIN, MARGIN),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}",
        width=WIDTH,
        height=height,
    )


def _rows(profile: Profile) -> list[Row]:
    """Return the voices, each with what is expected at its places."""
    places = cell_places(profile)
    expected = expecter(profile).expect(places._replace(tier=np.full(len(places.tier), UNKNOWN)))
    bar, span = profile.time_signature.bar, profile.time_signature.bar * profile.bars
    x = (places.bar * bar + places.place / STEPS) / span * PLOT
    rows, first = [], 0
    for voice in profile.voices:
        own = slice(first, first + len(voice.cells))
        first += len(voice.cells)
        cells = [
            (float(at), TIERS.index(cell.tier), cell.velocity, cell.notes)
            for at, cell in zip(x[own], voice.cells, strict=True)
        ]
        where, once = np.unique(x[own], return_index=True)
        notes = sum(cell.notes for cell in voice.cells)
        rows.append(Row(voice.name, notes, where, expected.offset_ms[own][once], cells))
    return rows


def _limit(rows: list[Row]) -> int:
    """Return the end of the timing strips in ms: all but the wildest tenth of the places fit."""
    late = np.abs(np.concatenate([row.late_ms for row in rows]))
    needed = float(np.quantile(late, 0.9))
    return next((limit for limit in LIMITS_MS if limit >= needed), LIMITS_MS[-1])


def _head(profile: Profile, title: str) -> str:
    facts = [
        f"{profile.bars} bar{'s' * (profile.bars > 1)} of {profile.metre}",
        f"{profile.bpm:g} bpm",
        f"{profile.notes:.0f} notes",
        f"push {profile.push_ms:+.1f} ms",
        f"swing {profile.swing:g} % of {profile.swing_grid}s",
        f"drift {profile.drift.size_ms:g} ms, forgotten in {profile.drift.memory_beats:g} beats",
    ]
    drawn = text(shorten(title, 90), 0, 24, "t-title")
    drawn += text(shorten(profile.summary, 180), 0, 49, "t-lead")
    drawn += text(" · ".join(facts), 0, 70, "t-fact dim")
    return drawn + text(READING, 0, 88, "t-fact dim")


def _row(profile: Profile, row: Row, limit: int) -> str:
    middle, bottom = TIMING / 2, TIMING + VELOCITY
    axis = text(row.name, 0, middle + 5, "t-part")
    count = round(row.notes)
    axis += text(f"{count} note{'s' * (count != 1)}", 0, middle + 21, "t-tick dim")
    for words, y in ((f"{limit} ms late", 8.0), (f"{limit} ms early", TIMING - 2)):
        axis += text(words, TICK, y, "t-tick dim right")
    axis += text("127", TICK, TIMING + 14, "t-tick dim right") + text(
        "0", TICK, bottom, "t-tick dim right"
    )
    plot = _lines(profile, bottom) + path([f"M0 {middle:g}H{PLOT:g}"], "line fine rule")
    plot += path([f"M0 {bottom:g}H{PLOT:g}"], "line fine rule")
    return axis + moved(plot + _timing(row, limit) + _velocities(row), AXIS, 0)


def _ruler(profile: Profile) -> str:
    """Number the bars and the quarter notes."""
    bar = profile.time_signature.bar
    px = PLOT / (bar * profile.bars)
    drawn = "".join(text(str(n + 1), n * bar * px, 0, "t-bar", dx=2) for n in range(profile.bars))
    beats = [(n, beat) for n in range(profile.bars) for beat in range(1, int(np.ceil(bar)))]
    return drawn + "".join(
        text(str(beat + 1), (n * bar + beat) * px, 0, "t-beat dim", dx=2) for n, beat in beats
    )


def _lines(profile: Profile, height: float) -> str:
    span = profile.time_signature.bar * profile.bars
    drawn = ""
    for step, kind in reversed(LEVELS):
        count = round(span / step)
        steps = [f"M{PLOT * i * step / span:.1f} 0V{height:g}" for i in range(count)]
        drawn += path(steps, f"line fine {kind}")
    bars = [f"M{PLOT * bar / profile.bars:.1f} 0V{height:g}" for bar in range(profile.bars)]
    return drawn + path(bars, "line fine rule")


def _timing(row: Row, limit: int) -> str:
    """Draw how late (up) or early (down) each place is, as lollipops."""
    middle, drawn = TIMING / 2, ""
    y = middle - (middle - 3) * np.clip(row.late_ms / limit, -1, 1)
    for name, rows in (("early", row.late_ms < 0), ("late", row.late_ms >= 0)):
        pairs = list(zip(row.x[rows].tolist(), y[rows].tolist(), strict=True))
        drawn += path([f"M{a:.1f} {middle:g}V{b:.1f}" for a, b in pairs], f"line stem {name}")
        drawn += path([f"M{a:.1f} {b:.1f}h0" for a, b in pairs], f"line dot {name}")
    return drawn


def _velocities(row: Row) -> str:
    """Draw the velocity of each tier at each place as stems, ghosts at the left."""
    drawn, bottom = "", TIMING + VELOCITY
    for x, tier, velocity, notes in row.cells:
        at = x + APART * (tier - 1)
        top = bottom - (VELOCITY - 8) * velocity / 127
        colour = f"v{int(loudness(np.array(velocity)))}"
        faint = " mute" if notes < FEW else ""
        drawn += path([f"M{at:.1f} {bottom:g}V{top:.1f}"], f"line curve {colour}{faint}")
        drawn += path([f"M{at:.1f} {top:.1f}h0"], f"line dot {colour}{faint}")
    return drawn
