"""Order the messages of a track as they are to be heard, and give them their seconds.

Letters: E messages.

Source: MIDI 1.0, table 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bridge.message import Code
from bridge.sound.fault import SoundError
from bridge.sound_protocol import MAX_S, Events
from engines.clip import Tempo
from engines.live.event import BEND, CHANNEL_PRESSURE, CONTROL, HOLDS, NOTE_ON, PROGRAM

ENDS, SETS, AT_ONCE, BEGINS = RANKS = range(4)
"""Ranks: note offs, all that says how notes sound, notes without length, note ons. Pieces that are
joined come in this order at equal times, for what sets the sound of a channel may stand in
another track than its notes."""

BANK = (0, 32)
"""Controllers that say of which bank the next program is. Source: MIDI 1.0, table 3."""

MODULATION, EXPRESSION = 1, 11
"""Controllers of what a player does while a note sounds. Source: MIDI 1.0, table 3."""


@dataclass(frozen=True, eq=False)
class Messages:
    """Hold E channel messages in the order in which they are heard.

    `beat` is (E,) float64 and rises, `rank` is (E,) int, `data` is (E, 3) uint8: status and data
    bytes, zeros where there are fewer.
    """

    beat: np.ndarray
    rank: np.ndarray
    data: np.ndarray

    @classmethod
    def joined(cls, pieces: Sequence["Messages"]) -> "Messages":
        """Return all messages together; those of a piece stay in order.

        But a note ends before another of its pitch begins, lest it end that one.
        """
        beat = np.concatenate([piece.beat for piece in pieces])
        turn = np.concatenate([piece._turn() for piece in pieces])  # noqa: SLF001  (its own class)
        both = cls(
            beat,
            np.concatenate([piece.rank for piece in pieces]),
            np.concatenate([piece.data for piece in pieces]),
        )
        return both._taken(np.lexsort((turn, beat)))._parted()  # noqa: SLF001

    @property
    def has_notes(self) -> bool:
        """Whether a note begins among them."""
        return bool((self.data[:, 0] & 0xF0 == NOTE_ON).any())

    @property
    def programs(self) -> frozenset[int]:
        """The programs that they choose."""
        return frozenset(self.data[self.data[:, 0] & 0xF0 == PROGRAM, 1].tolist())

    @property
    def of_programs(self) -> "Messages":
        """What chooses programs, and their banks."""
        status = self.data[:, 0] & 0xF0
        bank = (status == CONTROL) & np.isin(self.data[:, 1], BANK)
        return self._taken(np.flatnonzero(bank | (status == PROGRAM)))

    @property
    def are_shaped(self) -> bool:
        """Whether they bend, hold or swell all notes that sound."""
        status, number = self.data[:, 0] & 0xF0, self.data[:, 1]
        shaping = (status == CONTROL) & np.isin(number, (*HOLDS, MODULATION, EXPRESSION))
        return bool((shaping | (status == BEND) | (status == CHANNEL_PRESSURE)).any())

    def events(self, tempo: Tempo, channel: int) -> Events:
        """Return the messages at their seconds, on a channel.

        Raises:
            SoundError: the last one comes too late to be bounced.
        """
        seconds = tempo.seconds(self.beat)
        if len(seconds) and seconds[-1] > MAX_S:
            what = f"music lasts {seconds[-1]:.0f} s, allowed are up to {MAX_S:g}"
            raise SoundError(what, Code.INVALID)
        status, data1, data2 = self.data.T
        return Events(time=seconds, status=status & 0xF0 | channel, data1=data1, data2=data2)

    def _taken(self, rows: np.ndarray) -> "Messages":
        return Messages(self.beat[rows], self.rank[rows], self.data[rows])

    def _moment(self) -> np.ndarray:
        """Return a number for each time at which there are messages: (E,) int."""
        return np.cumsum(np.diff(self.beat, prepend=0.0) != 0)

    def _turn(self) -> np.ndarray:
        """Return the highest rank so far at each message's time: (E,) int."""
        since = self._moment() * len(RANKS)
        return np.asarray(np.maximum.accumulate(since + self.rank) - since)

    def _parted(self) -> "Messages":
        """Return the messages with each note ended before another of its pitch begins."""
        place, notes = np.arange(len(self.beat)), self.rank != SETS
        _, group = np.unique(self._moment() * 128 + self.data[:, 1], return_inverse=True)
        for rank in (AT_ONCE, ENDS):
            later, mine = notes & (self.rank > rank), self.rank == rank
            first = np.full(len(place), len(place))
            np.minimum.at(first, group[later], place[later])
            place[mine] = np.minimum(place[mine], first[group[mine]])
        return self._taken(np.lexsort((self.rank, place)))
