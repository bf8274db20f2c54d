"""Join the tracks that play one instrument, and part them again.

Tracks on one channel are one instrument: the two hands of a piano, or a kit with a track for each
drum. They share a sustain pedal and sound at one place, so they have to be performed as one.
"""

from collections.abc import Sequence

import numpy as np

from engines.clip import Clip, Controllers, Notes


class Instrument:
    """Be the parts of one instrument.

    Args:
        rows: which tracks they are.
        parts: their clips.

    Attributes:
        clip: all parts together; what is said once is the first one's.
    """

    def __init__(self, rows: list[int], parts: list[Clip]) -> None:
        self.rows = rows
        self._parts = parts
        self.clip = _joined(parts) if len(parts) > 1 else parts[0]

    def parted(self, after: Clip) -> list[Clip]:
        """Return the parts with what became of them when `clip` became `after`.

        A controller that has changed goes to the first part alone, any other stays where it was.
        """
        if len(self._parts) == 1:
            return [after]
        ends = np.cumsum([len(part.notes) for part in self._parts])
        changed = _changed(self.clip.controllers, after.controllers)
        new = after.controllers.take(np.isin(after.controllers.number, changed))
        found: list[Clip] = []
        for part, end in zip(self._parts, ends, strict=True):
            notes = after.notes.take(np.arange(end - len(part.notes), end))
            notes = notes.replace(note_id=part.notes.note_id)
            kept = part.controllers.take(~np.isin(part.controllers.number, changed))
            controllers = kept if found else _merged(kept, new)
            found.append(part.replace(notes=notes, controllers=controllers, tempo=after.tempo))
        return found


def instruments(clips: Sequence[Clip], rows: Sequence[int]) -> list[Instrument]:
    """Return the instruments that some of the clips play, in order of their first part."""
    found: dict[object, list[int]] = {}
    for row in rows:
        channel = clips[row].channel
        found.setdefault(("alone", row) if channel is None else channel, []).append(row)
    return [Instrument(group, [clips[row] for row in group]) for group in found.values()]


def _joined(parts: Sequence[Clip]) -> Clip:
    notes = Notes.concatenate(*(part.notes for part in parts))
    return parts[0].replace(
        notes=notes.replace(note_id=np.arange(len(notes))),
        controllers=_merged(*(part.controllers for part in parts)),
        length=max(part.length for part in parts),
    )


def _merged(*tables: Controllers) -> Controllers:
    """Return the events of all tables, by time."""
    both = Controllers.concatenate(*tables)
    return both.take(np.argsort(both.time, kind="stable"))


def _changed(before: Controllers, after: Controllers) -> np.ndarray:
    """Return the numbers of the controllers whose events are not the same any more."""
    numbers = np.union1d(before.number, after.number)
    return np.array([n for n in numbers.tolist() if before.of(n) != after.of(n)], dtype=np.uint8)
