"""Follow Ableton Link: the beat that all programs on the network share.

aalink, and the Link in it, are under the GPL-3. So they are an extra that is not installed by
itself, and this file alone loads them.

Source: Ableton Link, concepts: peers share tempo and the phase in a quantum, not what beat they are
at; so it is our own count that is given, and its bars are everybody's.
"""

import asyncio
import threading
from collections.abc import Callable
from typing import Any, NamedTuple

from bridge.error import BridgeError
from engines.clip import DEFAULT_BPM
from engines.warning import ignore_warning

LOOK_S = 0.02
"""So often the beat is asked for: between, clocks drift apart by nanoseconds."""

TRIES = 5
"""Of so many looks the one counts that was quickest, for the beat is asked for between two looks at
the port's clock."""

APART = 1 / 8
"""A beat that is off by more, in beats, was moved by somebody."""

READY_S, LEAVE_S = 10.0, 2.0
"""So long it may take to join, and to leave."""


class Sight(NamedTuple):
    """Say which beat it was at a time of the port's clock, and the tempo."""

    time_s: float
    beat: float
    bpm: float

    def at(self, time_s: float) -> float:
        """Return the beat at another time."""
        return self.beat + (time_s - self.time_s) * self.bpm / 60.0


class LinkPulse:
    """Be the pulse of a Link session; a timeline. It joins at once, and leaves by `close`.

    Args:
        now_s: the port's clock.
        bpm: the tempo, until somebody else has one.
        bar: beats in a bar, which are shared with all whose bars are as long.
        tell: called with sentences for the player, on a thread of its own.

    Attributes:
        peers: how many others are there.

    Raises:
        BridgeError: aalink is not installed, or the network refuses.
    """

    def __init__(
        self,
        now_s: Callable[[], float],
        *,
        bpm: float = DEFAULT_BPM,
        bar: float = 4.0,
        tell: Callable[[str], None] = ignore_warning,
    ) -> None:
        self.jumps = 0
        self.landing = 0.0
        self.peers = 0
        self._now_s = now_s
        self._tell = tell
        self._seen: Sight | None = None
        self._fault: Exception | None = None
        self._ready, self._over = threading.Event(), threading.Event()
        library = _library()
        self._thread = threading.Thread(
            target=self._run, args=(library, bpm, bar), name="yuragi link", daemon=True
        )
        self._thread.start()
        if not self._ready.wait(READY_S) or self._fault:
            self.close()
            raise BridgeError(f"Ableton Link cannot be joined: {self._fault or 'it is too slow'}")

    @property
    def bpm(self) -> float | None:
        """The session's tempo."""
        return self._seen.bpm if self._seen else None

    def beat(self, time_s: float) -> float | None:
        """Return the position in beats."""
        return self._seen.at(time_s) if self._seen else None

    def time_s(self, beat: float) -> float | None:
        """Return when a beat will sound."""
        seen = self._seen
        return seen.time_s + (beat - seen.beat) * 60.0 / seen.bpm if seen else None

    def close(self) -> None:
        """Leave the session."""
        self._over.set()
        self._thread.join(LEAVE_S)
        self._seen = None

    def _run(self, library: Any, bpm: float, bar: float) -> None:
        try:
            asyncio.run(self._follow(library, bpm, bar))
        except Exception as error:  # told by whoever waits for this thread
            self._fault = error
        finally:
            self._ready.set()

    async def _follow(self, library: Any, bpm: float, bar: float) -> None:
        link = library.Link(bpm)
        link.quantum = bar
        link.enabled = True
        try:
            while not self._over.is_set():
                self._take(min((self._look(link) for _ in range(TRIES)), key=_width)[1])
                self._count_peers(link.num_peers)
                self._ready.set()
                await asyncio.sleep(LOOK_S)
        finally:
            link.enabled = False

    def _look(self, link: Any) -> tuple[float, Sight]:
        """Return how long a look took, and what was seen."""
        bpm, before_s = link.tempo, self._now_s()
        beat, after_s = link.beat, self._now_s()
        return after_s - before_s, Sight((before_s + after_s) / 2.0, beat, bpm)

    def _take(self, seen: Sight) -> None:
        """Believe what was seen."""
        if self._seen is None or abs(self._seen.at(seen.time_s) - seen.beat) > APART:
            self.landing = seen.beat
            self._seen, self.jumps = seen, self.jumps + 1
        else:
            self._seen = seen

    def _count_peers(self, peers: int) -> None:
        if peers != self.peers and self._seen:
            others = f"{peers} other{'s' if peers != 1 else ''}"
            self._tell(f"Ableton Link: {others} in the session, {self._seen.bpm:.2f} bpm")
        self.peers = peers


def _width(look: tuple[float, Sight]) -> float:
    return look[0]


def _library() -> Any:
    try:
        import aalink  # noqa: PLC0415 - an extra, and under the GPL-3
    except ImportError as error:
        raise BridgeError(
            "Ableton Link needs aalink, which is not installed; allowed are other clocks, or first:"
            " pip install 'yuragi[link]'"
        ) from error
    return aalink
