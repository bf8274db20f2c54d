"""Lay out the bars of a score in time, one movement after the other.

Letters: M measures of a movement.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
from msgspec import ValidationError, convert

from engines.clip import Metre
from engines.training.written import Bar, Part, ScoreError

SAME = 1e-6
"""Places this close in beats are one."""


class Movement(NamedTuple):
    """Be the measures `first` to `last` - 1 of a score and where they begin.

    `start` (M+1,) are the bar lines in beats, the end last; a pickup ends at the first bar line of
    the metre, so `start[0]` may be above 0. `metre` begins anew where a bar is too short or long.
    """

    first: int
    last: int
    start: np.ndarray
    metre: tuple[Metre, ...]

    @property
    def length(self) -> float:
        """The end of the last bar in beats."""
        return float(self.start[-1])


def movements(parts: list[Part]) -> list[Movement]:
    """Return the movements of a score, cut after each last bar line."""
    bars = [_together(column) for column in zip(*(part.bars for part in parts), strict=False)]
    cuts = [0, *(row + 1 for row, bar in enumerate(bars[:-1]) if bar.final), len(bars)]
    metres = _in_force(bars)
    return [_lay_out(bars, metres, span) for span in pairwise(cuts) if span[0] < span[1]]


def _together(bars: tuple[Bar, ...]) -> Bar:
    """Return what the parts say of a measure together: it is as long as the longest."""
    return Bar(
        length=max(bar.length for bar in bars),
        metre=next((bar.metre for bar in bars if bar.metre), None),
        final=any(bar.final for bar in bars),
    )


def _in_force(bars: list[Bar]) -> list[Metre]:
    """Return the metre of each measure, all of them at time 0."""
    metres, metre = [], Metre()
    for bar in bars:
        if bar.metre:
            metre = _signature(*bar.metre)
        metres.append(metre)
    return metres


def _signature(numerator: int, denominator: int) -> Metre:
    try:
        return convert({"numerator": numerator, "denominator": denominator}, Metre)
    except ValidationError as fault:
        raise ScoreError(f"a time signature is {numerator}/{denominator}: {fault}") from fault


def _lay_out(bars: list[Bar], metres: list[Metre], span: tuple[int, int]) -> Movement:
    first, last = span
    metres = metres[first:last]
    lengths = [bar.length or metre.bar for bar, metre in zip(bars[first:last], metres, strict=True)]
    pickup = max(metres[0].bar - lengths[0], 0.0) if len(lengths) > 1 else 0.0
    start = np.round(pickup + np.concatenate([[0.0], np.cumsum(lengths)]), 9)
    return Movement(first, last, start, _metres(metres, start))


def _metres(metres: list[Metre], start: np.ndarray) -> tuple[Metre, ...]:
    """Return the metres with their times, and again wherever a measure leaves their bars."""
    changes = [metres[0]]
    for row in range(1, len(metres)):
        last, metre = changes[-1], metres[row]
        changed = (metre.numerator, metre.denominator) != (last.numerator, last.denominator)
        if changed or _leaves(last, start[row], start[row + 1]):
            changes.append(Metre(float(start[row]), metre.numerator, metre.denominator))
    return tuple(changes)


def _leaves(metre: Metre, start: float, end: float) -> bool:
    """Return whether a measure neither begins with a bar of the metre nor completes one."""

    def off(time: float) -> bool:
        beats = time - metre.time
        return abs(beats - metre.bar * round(beats / metre.bar)) > SAME

    return off(start) and (off(end) or end - start > metre.bar - SAME)
