"""Say which part of a clip a request may change; the rest comes back byte for byte.

Letters: N notes.
"""

import msgspec
import numpy as np

from engines.clip import Clip, Controllers


class Target(msgspec.Struct, frozen=True):
    """Limit a request to a time range in beats [start, end), to some notes by id, or to both."""

    start: float | None = None
    end: float | None = None
    note_ids: tuple[int, ...] | None = None

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

    def replaces(self, before: Controllers, after: Controllers) -> Controllers:
        """Return `after` in the range and `before` outside; `before` alone if ids are given."""
        if self == EVERYTHING:
            return after
        if self.note_ids is not None:
            return before
        kept, new = before.take(~self.covers(before.time)), after.take(self.covers(after.time))
        both = Controllers.concatenate(kept, new)
        return both.take(np.argsort(both.time, kind="stable"))


EVERYTHING = Target()
"""The target of a request that limits nothing."""
