"""Say which part of a clip a request may change; the rest comes back byte for byte.

Letters: N notes.
"""

from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from engines.clip import MAX_BEATS, Beats, Clip, Controllers
from engines.error import ClipError

NoteId = Annotated[int, Meta(ge=0, le=2**53)]
"""The range of the column `note_id`."""


class Target(msgspec.Struct, frozen=True):
    """Limit a request to a time range in beats [start, end), to some notes by id, or to both.

    Raises:
        ClipError: the range has no length.
    """

    start: Beats | None = None
    end: Beats | None = None
    note_ids: tuple[NoteId, ...] | None = None

    def __post_init__(self) -> None:
        if self.start is not None and self.end is not None and self.end <= self.start:
            raise ClipError(f"end is {self.end}, allowed are times after {self.start}")

    def rows(self, clip: Clip) -> np.ndarray:
        """Return which notes are meant, (N,) bool."""
        inside = self.covers(clip.notes.onset)
        if self.note_ids is not None:
            inside &= np.isin(clip.notes.note_id, np.array(self.note_ids, dtype=np.int64))
        return inside

    def covers(self, time: np.ndarray) -> np.ndarray:
        """Return which times in beats lie in the range, bool of the same shape."""
        low = -np.inf if self.start is None else self.start
        high = np.inf if self.end is None else self.end
        return np.asarray((time >= low) & (time < high))

    def replaces(self, before: Clip, after: Clip) -> Controllers:
        """Return the controllers of `after` in the range and of `before` outside.

        Events that were only moved stay in the range, and each controller ends it with the value
        that it had there. If ids are given, the controllers stay as they were.
        """
        if self == EVERYTHING:
            return after.controllers
        if self.note_ids is not None or after.controllers is before.controllers:
            return before.controllers
        old, new = before.controllers, after.controllers
        kept = old.take(~self.covers(old.time))
        numbers = np.union1d(old.number, new.number).tolist()
        within = [self._within(old.of(number), new.of(number)) for number in numbers]
        both = _by_time(Controllers.concatenate(kept, *within))
        if self.end is None or self.end >= before.length:
            return both
        return _by_time(Controllers.concatenate(both, _returning(old, both, self.end)))

    def _within(self, old: Controllers, new: Controllers) -> Controllers:
        """Return the range's events of one controller: what became of them, or those written."""
        if not np.array_equal(old.value, new.value):
            return new.take(self.covers(new.time))
        rows = self.covers(old.time)
        low = 0.0 if self.start is None else self.start
        high = MAX_BEATS if self.end is None else np.nextafter(self.end, -np.inf)
        moved = new.take(rows)
        return moved.replace(time=np.clip(moved.time, low, high))


EVERYTHING = Target()
"""The target of a request that limits nothing."""

AT_REST = {7: 100, 10: 64, 11: 127}
"""Values of controllers before their first event; the others rest at 0. Source: General MIDI 2 and
MIDI 1.0 RP-015, reset all controllers."""


def _returning(old: Controllers, new: Controllers, end: float) -> Controllers:
    """Return events just inside the end for controllers that stand elsewhere than they did."""
    number = [
        n for n in np.unique(new.number).tolist() if _value(old, n, end) != _value(new, n, end)
    ]
    value = np.array([_value(old, n, end) for n in number])
    time = np.full(len(number), np.nextafter(end, -np.inf))
    return Controllers(number=np.array(number), time=time, value=value)


def _value(controllers: Controllers, number: int, time: float) -> int:
    """Return the value of a controller at a time in beats."""
    past = controllers.value[(controllers.number == number) & (controllers.time <= time)]
    return int(past[-1]) if len(past) else AT_REST.get(number, 0)


def _by_time(controllers: Controllers) -> Controllers:
    return controllers.take(np.argsort(controllers.time, kind="stable"))
