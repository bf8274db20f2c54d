"""Measure how late notes leave, beyond when the engines want them to sound."""

from collections import deque

import numpy as np

from bridge.gig_protocol import Lateness
from engines.live.event import Event

REMEMBERED = 1000
"""So many notes are kept."""


class Latency:
    """Know of each note that is sent when it was to sound: for what passes, when it was heard.

    Args:
        passing_s: how long the system itself takes to pass a message on.
    """

    def __init__(self, passing_s: float) -> None:
        self._passing_s = passing_s
        self._wanted: dict[tuple[int, int], float] = {}
        self._seconds: deque[float] = deque(maxlen=REMEMBERED)

    def want(self, event: Event) -> None:
        """Note when a note is to sound."""
        if event.is_note_on:
            self._wanted[event.key] = event.time_s

    def send(self, event: Event) -> None:
        """Note when a note was sent."""
        if event.is_note_on and (wanted_s := self._wanted.pop(event.key, None)) is not None:
            self._seconds.append(max(event.time_s - wanted_s, 0.0) + self._passing_s)

    def told(self) -> Lateness:
        """Return what was measured."""
        seconds = tuple(self._seconds)  # in one step, for notes leave on another thread
        if not seconds:
            return Lateness()
        p50, p99 = np.percentile(seconds, [50, 99])
        return Lateness(seconds[-1] * 1e3, float(p50) * 1e3, float(p99) * 1e3)
