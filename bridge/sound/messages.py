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
from engines.live.event import NOTE_ON

ENDS, SETS, AT_ONCE, BEGINS = range(4)
"""Ranks at equal times: note offs, all that says how notes sound, notes without length, note ons.
So a note that follows another of its pitch is not ended by it."""


@dataclass(frozen=True, eq=False)
class Messages:
    """Hold E channel messages in any order.

    `beat` is (E,) float64, `rank` (E,) int; at equal times and ranks `seat`, (E,) float64, rises.
    `data` is (E, 3) uint8: status and data bytes, zeros where there are fewer.
    """

    beat: np.ndarray
    rank: np.ndarray
    seat: np.ndarray
    data: np.ndarray

    @classmethod
    def joined(cls, pieces: Sequence["Messages"]) -> "Messages":
        """Return all messages together; seats are told apart by the pieces' own."""
        return cls(
            np.concatenate([piece.beat for piece in pieces]),
            np.concatenate([piece.rank for piece in pieces]),
            np.concatenate([piece.seat for piece in pieces]),
            np.concatenate([piece.data for piece in pieces]),
        )

    @property
    def has_notes(self) -> bool:
        """Whether a note begins among them."""
        return bool((self.data[:, 0] & 0xF0 == NOTE_ON).any())

    def events(self, tempo: Tempo, channel: int) -> Events:
        """Return the messages in order, at their seconds, on a channel.

        Raises:
            SoundError: the last one comes too late to be bounced.
        """
        order = np.lexsort((self.seat, self.rank, self.beat))
        seconds = tempo.seconds(self.beat[order])
        if len(seconds) and seconds[-1] > MAX_S:
            what = f"music lasts {seconds[-1]:.0f} s, allowed are up to {MAX_S:g}"
            raise SoundError(what, Code.INVALID)
        status, data1, data2 = self.data[order].T
        return Events(time=seconds, status=status & 0xF0 | channel, data1=data1, data2=data2)
