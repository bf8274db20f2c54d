"""Record what is heard: hand it to a journal on a thread of its own, and finish the take.

Whoever hears must not wait for a disk. So what is heard is put into a queue, which takes no time,
and a thread writes all that lies there in one go.
"""

import math
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from bridge.error import BridgeError
from bridge.live.midi_take import CLOCK, SUFFIX, finish
from bridge.live.take_journal import SYNC_S, Head, Heard, Mark, TakeJournal
from bridge.live.timeline import Timeline
from engines.live.engine import NEVER
from engines.live.event import Event
from engines.warning import ignore_warning

CLOSE_S = 10.0
"""So long a disk may take to have a take's end."""


class Recorder:
    """Record a take; `hear` and `look` may be called where nothing must wait, on one thread.

    Args:
        path: of the journal.
        head: what is known of the take.
        pulse: where the song is, if anywhere.
        tell: called with sentences for the player, on a thread of its own.

    Raises:
        BridgeError: the journal cannot be made.
    """

    def __init__(
        self,
        path: Path,
        head: Head,
        pulse: Timeline | None = None,
        tell: Callable[[str], None] = ignore_warning,
    ) -> None:
        self.path = path
        self.heard = self.notes = 0
        """How many messages are in the take, and how many notes."""
        self._journal = TakeJournal(path, head)
        self._pulse, self._tell = pulse, tell
        self._marked, self._jumps = -NEVER, -1
        self._queue: queue.SimpleQueue[Heard | Mark | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="yuragi recorder", daemon=True)
        self._thread.start()

    def hear(self, event: Event, port: int = 0) -> None:
        """Record an event; what a clock says is not recorded, but where the song is then."""
        if event.data[0] not in CLOCK:
            self.heard += 1
            self.notes += event.is_note_on
            self._queue.put(Heard(event.time_s, port, event.data))

    def look(self, now_s: float) -> None:
        """Mark where the song is, once a beat and wherever it is taken up; call it often."""
        beat = self._pulse.beat(now_s) if self._pulse else None
        if self._pulse is None or beat is None:
            return
        jumped = self._jumps != self._pulse.jumps
        if jumped or math.floor(beat) > self._marked:
            self._queue.put(Mark(now_s, beat, jump=jumped))
            self._marked, self._jumps = math.floor(beat), self._pulse.jumps

    def close(self, now_s: float, *, keep: bool = False) -> Path:
        """End the take and return its MIDI file; the journal goes unless it is to stay.

        Raises:
            BridgeError: the journal or the file cannot be written; what was written stays.
        """
        self._queue.put(None)
        self._thread.join(CLOSE_S)
        if self._thread.is_alive():
            raise BridgeError(f"{self.path} is still being written after {CLOSE_S:g} s")
        with suppress(BridgeError):  # it was told when it happened
            self._journal.close(now_s)
        return finish(self.path, keep=keep)

    def _run(self) -> None:
        try:
            while self._write_batch():
                pass
        except BridgeError as error:
            self._tell(f"the recording ends here: {error}")

    def _write_batch(self) -> bool:
        """Write all that lies in the queue, or wait for some; return whether more may come."""
        batch: list[Heard | Mark | None] = []
        with suppress(queue.Empty):
            batch.append(self._queue.get(timeout=SYNC_S))
        batch += [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        kept = [item for item in batch if item]
        self._journal.keep(kept)
        self._journal.wake(max((item.time_s for item in kept), default=NEVER))
        return None not in batch


def new_take(folder: Path) -> Path:
    """Return a journal's path in a folder that no take has yet, named by the time of day."""
    stamp = time.strftime("%Y-%m-%d %H.%M.%S")
    for number in count(1):
        name = stamp if number == 1 else f"{stamp} {number}"
        path = folder / f"{name}{SUFFIX}"
        if not path.exists() and not path.with_suffix(".mid").exists():
            return path
    raise AssertionError("count() has no end")
