"""Draw the piano roll, or the drum chart: a row for each pitch, the highest on top.

Letters: K notes in the window.
"""

from typing import NamedTuple

import numpy as np

from bridge.picture.lane import TICK, Lane
from bridge.picture.palette import loudness
from bridge.picture.part import Part
from bridge.picture.pitch import BLACK, drum_name, drum_place, pitch_name
from bridge.picture.svg import path, stretched, tag, text
from bridge.picture.tip import gone_tips, tips
from bridge.picture.window import Window
from engines.clip import Notes

DRUM_ROW = 17.0
"""Height of a drum's row in px: its name fits beside it."""

LOWEST, HIGHEST = 5.0, 10.0
"""How low and how high in px a pitch's row may be."""

NARROWEST = 2.0
"""The least width of a note in px."""

LABEL = 14.0
"""The least distance in px between two names."""


class Sheet:
    """Give each pitch its row; `row` is the height of one in px.

    `room` is how high in px a piano roll would like to be.
    """

    def __init__(self, part: Part, window: Window, room: float) -> None:
        self.window = window
        seen = (_seen(clip.notes, window).pitch for clip in (part.before, part.shown))
        used = np.unique(np.concatenate([*seen]).astype(int))
        self.pitches = _kit(used) if part.drums else _range(used)
        wanted = room / max(len(self.pitches), 1)
        self.row = DRUM_ROW if part.drums else min(max(wanted, LOWEST), HIGHEST)
        self._top = np.zeros(128)
        self._top[self.pitches] = np.arange(len(self.pitches)) * self.row

    @property
    def height(self) -> float:
        """Height of all rows in px."""
        return max(len(self.pitches), 1) * self.row

    def top(self, pitch: np.ndarray) -> np.ndarray:
        """Return the upper edge of each pitch's row in px, any shape."""
        return np.asarray(self._top[pitch])

    def middle(self, pitch: int) -> float:
        """Return the middle of a pitch's row in px."""
        return float(self._top[pitch]) + self.row / 2


class Mark(NamedTuple):
    """Say how a note looks, by its classes, and what its tooltip says."""

    style: str
    tip: str = ""


def roll_lane(part: Part, window: Window, *, room: float, with_tips: bool = False) -> Lane:
    """Draw the notes, coloured by velocity, over what they were before."""
    sheet = Sheet(part, window, room)
    draw = _discs if part.drums else _bars
    plot = ""
    if part.after is not None:
        plot = draw(part.before.notes, sheet, _ghosts(part, with_tips), 0.0)
    inset = 0.16 if part.after is not None else 0.0
    plot += draw(part.shown.notes, sheet, _marks(part, with_tips), inset)
    return Lane(sheet.height, _names(part, sheet), plot, _stripes(part, sheet))


def _seen(notes: Notes, window: Window) -> Notes:
    return notes.take(window.sees(notes.onset, notes.end))


def _kit(used: np.ndarray) -> np.ndarray:
    return np.array(sorted(used.tolist(), key=drum_place, reverse=True), int)


def _range(used: np.ndarray) -> np.ndarray:
    """Return falling pitches from the highest used to the lowest, an octave at least."""
    low, high = (int(used[0]), int(used[-1])) if len(used) else (60, 71)
    low = max(min(low - 1, (low + high) // 2 - 6), 0)
    return np.arange(min(max(high + 1, low + 12), 127), low - 1, -1)


def _names(part: Part, sheet: Sheet) -> str:
    """Name each drum, or the Cs, every other one where rows are low."""
    if part.drums:
        named = [(drum_name(pitch), pitch) for pitch in sheet.pitches.tolist()]
    else:
        octaves = [pitch for pitch in sheet.pitches.tolist() if pitch % 12 == 0]
        every = 1 if 12 * sheet.row >= LABEL else 2
        named = [(pitch_name(pitch), pitch) for pitch in octaves[::every]]
    return "".join(
        text(name, TICK, sheet.middle(pitch) + 4, "t-tick dim right") for name, pitch in named
    )


def _stripes(part: Part, sheet: Sheet) -> str:
    """Shade the black keys' rows, or every other drum's."""
    shaded = [
        pitch
        for place, pitch in enumerate(sheet.pitches.tolist())
        if (place % 2 if part.drums else pitch % 12 in BLACK)
    ]
    width, tops = sheet.window.width, sheet.top(np.array(shaded, int)).tolist()
    boxes = [f"M0 {y:.1f}H{width:.1f}V{y + sheet.row:.1f}H0Z" for y in tops]
    return stretched(path(boxes, "shade"), width, sheet.height)


def _ghosts(part: Part, with_tips: bool) -> list[Mark]:
    """Mark the notes before; those that are no longer there get an outline."""
    marks = [Mark(f"note was v{n}") for n in loudness(part.before.notes.velocity).tolist()]
    removed = part.pairs.removed.tolist()
    said = gone_tips(part) if with_tips else [""] * len(removed)
    for row, tip in zip(removed, said, strict=True):
        marks[row] = Mark(f"{marks[row].style} gone", tip)
    return marks


def _marks(part: Part, with_tips: bool) -> list[Mark]:
    """Mark the shown notes; new ones get an outline, muted ones are pale."""
    notes = part.shown.notes
    styles = [f"note now v{step}" for step in loudness(notes.velocity).tolist()]
    for row in part.pairs.added.tolist():
        styles[row] += " new"
    for row in np.flatnonzero(notes.mute).tolist():
        styles[row] += " mute"
    said = tips(part) if with_tips else [""] * len(notes)
    return [Mark(style, tip) for style, tip in zip(styles, said, strict=True)]


def _bars(notes: Notes, sheet: Sheet, marks: list[Mark], inset: float) -> str:
    """Draw notes as bars as long as they sound; `inset` in rows lets what is below look out."""
    window, seen = sheet.window, np.flatnonzero(sheet.window.sees(notes.onset, notes.end))
    gap = max(inset * sheet.row, 0.4)
    height = sheet.row - 2 * gap
    start = np.maximum(notes.onset[seen], window.start)
    sounding = np.minimum(notes.end[seen], window.end) - start
    x, width = window.percent(start), window.percent_wide(sounding, NARROWEST)
    y = (sheet.top(notes.pitch[seen]) + gap).tolist()
    shape = {"height": height, "rx": min(2.0, height / 3)}
    return "".join(
        tag("rect", x=a, y=b, width=c, class_=marks[row].style, **_tip(marks[row]), **shape)
        for row, a, b, c in zip(seen.tolist(), x, y, width, strict=True)
    )


def _discs(notes: Notes, sheet: Sheet, marks: list[Mark], inset: float) -> str:
    """Draw strokes of a drum as discs, the louder the larger."""
    window, seen = sheet.window, np.flatnonzero(sheet.window.sees(notes.onset, notes.onset))
    x, y = window.percent(notes.onset[seen]), sheet.top(notes.pitch[seen]) + sheet.row / 2
    radius = 1.8 + notes.velocity[seen] / 127 * (5.2 - inset)
    return "".join(
        tag("circle", cx=a, cy=b, r=c, class_=marks[row].style, **_tip(marks[row]))
        for row, a, b, c in zip(seen.tolist(), x, y.tolist(), radius.tolist(), strict=True)
    )


def _tip(mark: Mark) -> dict[str, str]:
    return {"data-tip": mark.tip} if mark.tip else {}
