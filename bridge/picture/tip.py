"""Say about each note what its tooltip shows.

Letters: N notes shown.
"""

import numpy as np

from bridge.picture.part import Part
from bridge.picture.pitch import drum_name, pitch_name


def tips(part: Part) -> list[str]:
    """Return a line for each shown note: name, place, velocity, shift and length; N lines."""
    notes, features = part.shown.notes, part.features
    units = np.array([metre.denominator / 4 for metre in features.metres])
    beats = (features.beat * units[features.metre_index] + 1).tolist()
    columns = (
        _names(part),
        [f"bar {bar + 1}, beat {beat:.2f}" for bar, beat in zip(features.bar, beats, strict=True)],
        _turns("velocity", notes.velocity, part.before.notes.velocity, part.partner, "{:.0f}"),
        _shifts(part),
        _turns("length", notes.duration, part.before.notes.duration, part.partner, "{:.2f}"),
    )
    return [f"{' · '.join(filter(None, said))} beats" for said in zip(*columns, strict=True)]


def gone_tips(part: Part) -> list[str]:
    """Return a line for each note before that is no longer there, in their order."""
    removed = part.before.notes.pitch[part.pairs.removed].tolist()
    return [f"{_name(part, pitch)} · removed" for pitch in removed]


def _names(part: Part) -> list[str]:
    known = {pitch: _name(part, pitch) for pitch in np.unique(part.shown.notes.pitch).tolist()}
    return [known[pitch] for pitch in part.shown.notes.pitch.tolist()]


def _name(part: Part, pitch: int) -> str:
    return drum_name(pitch) if part.drums else pitch_name(pitch, part.shown.key)


def _turns(
    what: str, now: np.ndarray, was: np.ndarray, partner: np.ndarray, form: str
) -> list[str]:
    """Say a value, and the one before where it was another."""
    said = []
    for value, row in zip(now.tolist(), partner.tolist(), strict=True):
        here, there = form.format(value), form.format(was[row]) if row >= 0 else ""
        said.append(f"{what} {there} → {here}" if there not in ("", here) else f"{what} {here}")
    return said


def _shifts(part: Part) -> list[str]:
    if part.after is None and part.grid is None:
        return [""] * len(part.lateness_ms)
    still = "on the grid" if part.after is None else "not moved"
    return [_shift(late, still) for late in part.lateness_ms.tolist()]


def _shift(late_ms: float, still: str) -> str:
    if late_ms != late_ms:  # noqa: PLR0124  # NaN: the note is new
        return "added"
    if abs(late_ms) < 0.05:
        return still
    return f"{abs(late_ms):.1f} ms {'late' if late_ms > 0 else 'early'}"
