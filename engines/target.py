"""Say which part of a clip a request may change; the rest comes back byte for byte.

Letters: N notes.
"""

from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from engines.clip import Beats, Clip, Controllers
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
