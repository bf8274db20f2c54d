"""Gather what a panel of the picture needs to know about one part.

Letters: N notes shown (after, or before where there is nothing else), M of them with a partner.
"""

from functools import cached_property

import numpy as np

from bridge.picture.pairing import Pairs, pair, pair_clips, silenced
from bridge.picture.timing import MOVED_MS, Grid, grid_ms, grid_of, shift_ms
from engines.clip import Clip
from engines.features import Features


class Part:
    """Be one part before and after; `after` is None where a single version is shown."""

    def __init__(self, before: Clip, after: Clip | None) -> None:
        self.before = before
        self.after = after

    @property
    def shown(self) -> Clip:
        """The version that is drawn in colour."""
        return self.before if self.after is None else self.after

    @cached_property
    def features(self) -> Features:
        """Bars, beats and role of the shown version."""
        return Features(self.shown)

    @cached_property
    def drums(self) -> bool:
        """Whether pitches stand for drums."""
        return self.features.role == "drums"

    @cached_property
    def pairs(self) -> Pairs:
        """Which notes before are which shown notes; all are their own where nothing is compared."""
        return pair(self.before.notes, self.shown.notes)

    @cached_property
    def grid(self) -> Grid | None:
        """The grid that a single version is measured against, if it is played on one."""
        return grid_of(self.shown)

    @cached_property
    def lateness_ms(self) -> np.ndarray:
        """How late each shown note is against itself before, or against the grid: (N,) ms.

        NaN stands where there is nothing to measure against.
        """
        late = np.full(len(self.shown.notes), np.nan)
        if self.after is None:
            return late if self.grid is None else grid_ms(self.shown, self.grid)
        late[self.pairs.after] = shift_ms(self.before, self.after, self.pairs)
        return late

    @cached_property
    def uneven(self) -> np.ndarray:
        """Whether each shown note is measurably early or late: (N,) bool."""
        return np.asarray(np.abs(self.lateness_ms) >= MOVED_MS)

    @cached_property
    def partner(self) -> np.ndarray:
        """Row before of each shown note, -1 if it is new: (N,) int."""
        rows = np.full(len(self.shown.notes), -1)
        rows[self.pairs.after] = self.pairs.before
        return rows

    @property
    def name(self) -> str:
        """The part's name, its role where it has none."""
        return (
            self.shown.name.strip() or self.before.name.strip() or self.features.role.capitalize()
        )


def parts_of(before: tuple[Clip, ...], after: tuple[Clip, ...] | None) -> tuple[Part, ...]:
    """Return the parts of a piece, the one with most notes first."""
    if after is None:
        parts = [Part(clip, None) for clip in before]
    else:
        parts = [_part(first, second) for first, second in pair_clips(before, after)]
    return tuple(sorted(parts, key=lambda part: -_busyness(part)))


def _part(before: Clip | None, after: Clip | None) -> Part:
    if before is None:
        return Part(silenced(after), after)  # type: ignore[arg-type]  # one of the two is there
    return Part(before, silenced(before) if after is None else after)


def _busyness(part: Part) -> int:
    return max(len(part.before.notes), len(part.shown.notes))
