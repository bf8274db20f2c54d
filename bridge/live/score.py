"""Lay out a MIDI file or a clip as messages in beats, ready to play once or as a loop.

Letters: E messages, B bar lines, N notes.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from bridge.error import BridgeError
from bridge.live.chase import Chase
from engines.bars import end_of_bars
from engines.clip import MAX_BEATS, Metre, Tempo
from engines.live.event import CONTROL, SOSTENUTO, SUSTAIN, note_off

TAIL = 0.25
"""What ends or fades so few beats behind a bar line, and begins no note there, is drawn back onto
it: a sixteenth, the latest that a release in a humanized loop of whole bars was seen to come."""

SHORTEST = 1 / 64
"""Beats of the shortest score: played over and over, it still leaves time for anything else."""

ENDS, SETS, BEGINS, ENDS_AT_ONCE = range(4)
"""Ranks at equal times: note offs, all that says how notes sound, note ons, and the note offs of
notes that have no length."""


@dataclass(frozen=True, eq=False)
class Score:
    """Hold E messages in the order in which they sound.

    `beats` is (E,) float64, from 0 to `length`; `begins` is (E,) int, for a note off the row of the
    note on that it ends, else -1; `bars` is (B,) float64, where bars begin, and at last `length`.
    Every note on has its note off, and no sustain or sostenuto pedal is down at the end.
    """

    beats: np.ndarray
    messages: tuple[bytes, ...]
    begins: np.ndarray
    length: float
    bars: np.ndarray
    tempo: Tempo
    chase: Chase = field(init=False, repr=False)
    """What is set by each row: known from the start, for there is no time when it is asked for."""

    def __post_init__(self) -> None:
        """Look what the messages set."""
        object.__setattr__(self, "chase", Chase(self.messages))

    @property
    def bar(self) -> float:
        """Length of the first bar in beats."""
        return float(self.bars[1])


class Moment(NamedTuple):
    """Be a message on its way into a score.

    `begin` is, for a note off, the place of its note on among the moments, else -1.
    """

    beat: float
    rank: int
    data: bytes
    begin: int = -1


def lay_out(
    moments: Iterable[Moment],
    *,
    end: float = 0.0,
    length: float | None = None,
    metres: Sequence[Metre] = (),
    tempo: Tempo | None = None,
) -> Score:
    """Return the score of moments in any order.

    Args:
        moments: what sounds; those at one time and of one rank stay in order.
        end: how long it lasts at least, in beats.
        length: how long it lasts exactly; without one, whole bars.
        metres: its time signatures; none is 4/4.
        tempo: its own tempo map.

    Raises:
        BridgeError: it would be too short to be played over and over.
    """
    if length is not None and length < SHORTEST:
        raise BridgeError(
            f"what is to be played is {length:g} beats long, allowed are 1/64 of a beat and more"
        )
    rows = list(moments)
    begun = max((row.beat for row in rows if row.rank == BEGINS), default=-1.0)
    last = max([end, *(row.beat for row in rows)])
    bars = _bars(_from_0(metres), begun, last) if length is None else _cut(_from_0(metres), length)
    rows += _endings(rows, float(bars[-1]))
    beats = np.minimum([row.beat for row in rows], bars[-1]) if rows else np.empty(0)
    order = np.lexsort((np.array([row.rank for row in rows]), beats))
    place = np.empty(len(rows) + 1, dtype=np.intp)
    place[order], place[-1] = np.arange(len(rows)), -1
    return Score(
        beats=beats[order],
        messages=tuple(rows[row].data for row in order.tolist()),
        begins=place[np.array([rows[row].begin for row in order.tolist()], dtype=np.intp)],
        length=float(bars[-1]),
        bars=bars,
        tempo=tempo or Tempo(),
    )


def note(beat: float, end: float, on: bytes, off: bytes, place: int) -> tuple[Moment, Moment]:
    """Return the two moments of a note whose first will stand at a place among the moments."""
    ends = ENDS if end > beat else ENDS_AT_ONCE
    return Moment(beat, BEGINS, on), Moment(max(end, beat), ends, off, place)


def metres_of(bar: float) -> tuple[Metre, ...]:
    """Return the metre of bars of so many beats, in the longest notes that it has whole."""
    for denominator in (4, 8, 16, 32):
        numerator = bar * denominator / 4
        if numerator == int(numerator) and 0 < numerator <= 255:
            return (Metre(0.0, int(numerator), denominator),)
    return ()


def _endings(rows: list[Moment], length: float) -> list[Moment]:
    """Return what ends the notes without an end and the pedals that are down at the end."""
    ended = {row.begin for row in rows}
    endings = [
        Moment(length, ENDS, note_off(row.data[0] & 0x0F, row.data[1]), place)
        for place, row in enumerate(rows)
        if row.rank == BEGINS and place not in ended
    ]
    pedals: dict[bytes, int] = {}
    for row in sorted((row for row in rows if row.rank == SETS), key=lambda row: row.beat):
        if row.data[0] & 0xF0 == CONTROL and row.data[1] in {SUSTAIN, SOSTENUTO}:
            pedals[row.data[:2]] = row.data[2]
    down = [pedal for pedal, value in pedals.items() if value > 0]
    return endings + [Moment(length, SETS, pedal + b"\0") for pedal in down]


def _from_0(metres: Sequence[Metre]) -> tuple[Metre, ...]:
    return tuple(metres) if metres and metres[0].time == 0 else (Metre(), *metres)


def _bars(metres: tuple[Metre, ...], begun: float, last: float) -> np.ndarray:
    """Return bar lines up to the first behind all note ons and, but for a tail, all else."""
    bars = [0.0]
    while (bars[-1] <= begun or bars[-1] < last - TAIL or len(bars) < 2) and bars[-1] < MAX_BEATS:
        bars.append(end_of_bars(bars[-1], 1, metres))
    return np.array(bars)


def _cut(metres: tuple[Metre, ...], length: float) -> np.ndarray:
    """Return bar lines up to a length, whether or not a bar ends there."""
    bars = [0.0]
    while bars[-1] < length:
        bars.append(min(end_of_bars(bars[-1], 1, metres), length))
    return np.array(bars)
