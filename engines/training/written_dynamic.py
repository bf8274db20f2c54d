"""Turn dynamic marks and hairpins into the velocity that they ask for at each note.

Letters: N notes; G segments of a curve, each from a start to an end in beats, then level.
"""

import re
from typing import NamedTuple

import numpy as np

from engines.clip import MAX_BEATS
from engines.training.barline import SAME
from engines.training.written import Event

LEVELS = {
    "pppp": 16.0,
    "ppp": 16.0,
    "pp": 33.0,
    "p": 49.0,
    "mp": 64.0,
    "mf": 80.0,
    "f": 96.0,
    "ff": 112.0,
    "fff": 126.0,
    "ffff": 126.0,
}
"""Dynamic marks as velocities. Source: the velocities of MuseScore 4, from ppp to fff."""

SUDDEN = 16.0
"""How much louder a note with sf is than those around it: one level."""

ATTACKS = dict.fromkeys(("sf", "sfz", "fz", "sff", "sffz", "ffz", "rf", "rfz"), SUDDEN)

FALLING = {"fp": ("p", "f"), "sfp": ("p", "f"), "ffp": ("p", "ff"), "fpp": ("pp", "f")}
"""Marks of one loud note: the level after it, and its own."""

QUIETEST, LOUDEST = 16.0, 126.0

SWELL = 12.0
"""How far a hairpin goes if no mark says where to."""

NEAR = 4.0
"""A mark at most so many beats after a hairpin is where it goes to."""

FARTHEST = 16.0
"""The word "cresc." is a hairpin of so many beats, or until the next mark or hairpin."""

LOUDER = re.compile(r"\b(?:cresc\w*|aumentando|rinforzando|anschwellend|wachsend)\b")
SOFTER = re.compile(
    r"\b(?:dim|dimin|diminuendo|decresc\w*|calando|perdendosi|morendo|smorz\w*|abnehmend"
    r"|verklingend)\b"
)


class Swell(NamedTuple):
    """Be a hairpin from `start` to `end` in beats; `sign` is 1 if it gets louder, else -1."""

    start: float
    end: float
    sign: float


class Segment(NamedTuple):
    """Be a level that goes from `low` to `high` and then holds."""

    start: float
    end: float
    from_level: float
    to_level: float

    def at(self, time: float) -> float:
        """Return the level at a time in beats, not before the start."""
        if time >= self.end:
            return self.to_level
        share = (time - self.start) / (self.end - self.start)
        return self.from_level + share * (self.to_level - self.from_level)


def written_dynamic(onset: np.ndarray, staff: np.ndarray, events: list[Event]) -> np.ndarray:
    """Return the velocity that the dynamics in force ask for: (N,) float32, NaN before the first.

    Args:
        onset: (N,) beats.
        staff: (N,) int.
        events: those of the part, in any order.
    """
    dynamic = np.full(len(onset), np.nan)
    for one in np.unique(staff).tolist():
        rows = staff == one
        dynamic[rows] = _on_staff(onset[rows], _concerning(events, one), one)
    return dynamic.astype(np.float32)


def _concerning(events: list[Event], staff: int) -> list[Event]:
    """Return the events of a staff, and of the others where it has no mark of its own.

    What concerns both hands of a piano stands between its staves, and in the file on one of them.
    """
    own = [e for e in events if e.staff == staff]
    marked = {round(e.time, 2) for e in own if e.kind == "mark"}
    return own + [e for e in events if e.staff != staff and round(e.time, 2) not in marked]


def _on_staff(onset: np.ndarray, events: list[Event], staff: int) -> np.ndarray:
    level = _evaluate(_curve(_levels(events), _swells(events)), onset)
    for time, louder in _attacks(events, staff):
        level[np.abs(onset - time) < SAME] += louder
    return np.clip(level, QUIETEST, LOUDEST)


def _levels(events: list[Event]) -> list[tuple[float, float]]:
    """Return times and levels of the marks that hold until the next, by time."""
    held = [(e.time, _level(e)) for e in events if e.kind in {"mark", "words"}]
    return sorted((time, level) for time, level in held if level is not None)


def _level(event: Event) -> float | None:
    """Return the level that a mark, or the last of some words such as "sempre pp", sets."""
    word = event.text.split(" ")[-1]
    return LEVELS.get(FALLING.get(word, (word, ""))[0])


def _attacks(events: list[Event], staff: int) -> set[tuple[float, float]]:
    """Return times and how much louder single notes are; the lower staff's concern only it."""
    louder = ATTACKS | {mark: LEVELS[own] - LEVELS[after] for mark, (after, own) in FALLING.items()}
    signs = [e for e in events if e.kind == "mark" and e.text in louder and e.staff in {1, staff}]
    return {(e.time, louder[e.text]) for e in signs}


def _swells(events: list[Event]) -> list[Swell]:
    """Return the hairpins, and the words that stand for one, by start."""
    swells, opened = set[Swell](), dict[tuple[int, str], tuple[float, float]]()
    for event in sorted(events, key=lambda e: (e.time, "stop" not in e.text)):
        kind, _, number = event.text.partition(" ")
        key = event.staff, number
        if event.kind == "words":
            sign = float(bool(LOUDER.search(event.text))) - bool(SOFTER.search(event.text))
            swells.add(Swell(event.time, event.time + FARTHEST * abs(sign), sign))
        elif event.kind == "wedge" and kind == "stop" and key in opened:
            start, sign = opened.pop(key)
            swells.add(Swell(start, event.time, sign))
        elif event.kind == "wedge" and kind in {"crescendo", "diminuendo"}:
            opened[key] = (event.time, 1.0 if kind == "crescendo" else -1.0)
    return sorted(swell for swell in swells if swell.end > swell.start + SAME)


def _curve(levels: list[tuple[float, float]], swells: list[Swell]) -> list[Segment]:
    """Return what the level does from each mark and hairpin on, by start; unknown at first."""
    segments = [Segment(-MAX_BEATS, 0.0, np.nan, np.nan)]
    marks, ahead = list(levels), list(swells)
    while marks or ahead:
        if marks and (not ahead or marks[0][0] <= ahead[0].start + SAME):
            time, level = marks.pop(0)
            segments.append(Segment(time, time, level, level))
        else:
            swell = ahead.pop(0)
            segments.append(_swelling(swell, segments[-1].at(swell.start), marks, ahead))
    return segments


def _swelling(
    swell: Swell, level: float, marks: list[tuple[float, float]], ahead: list[Swell]
) -> Segment:
    """Return a hairpin's way from a level to the next mark's if that is near, else some way."""
    time, aim = marks[0] if marks else (np.inf, np.nan)
    following = [s.start for s in ahead if s.start > swell.start + SAME]
    end = min(swell.end, time, *following[:1])
    reached = time - end <= NEAR and (aim - level) * swell.sign > 0
    target = aim if reached else np.clip(level + swell.sign * SWELL, QUIETEST, LOUDEST)
    return Segment(swell.start, end, level, float(target))


def _evaluate(curve: list[Segment], onset: np.ndarray) -> np.ndarray:
    """Return the level of the latest segment that has begun at each onset: (N,)."""
    start, end, low, high = np.array(curve).T
    row = np.searchsorted(start, onset + SAME, side="right") - 1
    share = (onset - start[row]) / np.maximum(end[row] - start[row], SAME)
    return np.asarray(low[row] + np.clip(share, 0.0, 1.0) * (high[row] - low[row]))
