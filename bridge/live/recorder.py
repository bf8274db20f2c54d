"""Record what is heard: hand it to a journal on a thread of its own, and finish the take.

Whoever hears must not wait for a disk. So what is heard is put into a queue, which takes no time,
and a thread writes what lies there. While a disk takes nothing, for it is full, that is tried again
now and then. The file is made by a process of its own, for another thread of this one would keep
Python from whoever plays.
"""

import math
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from bridge.error import BridgeError
from bridge.live.midi_take import CLOCK, SUFFIX, output_of
from bridge.live.take_journal import SYNC_S, Head, Heard, Mark, Take, TakeJournal
from bridge.live.timeline import Timeline
from engines.live.engine import NEVER
from engines.live.event import Event
from engines.warning import ignore_warning

CLOSE_S = 10.0
"""So long a disk may take to have a take's end."""

MAKE_S = 60.0
"""So long it may take to make the file: a million notes take 8 s."""

AT_ONCE = 512
"""So many messages are written at once; where not all find room, most do."""

WAITING = 100_000
"""So many messages at most wait for a disk that takes none; those after them are lost."""


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
        self.heard = 0
        """How many messages came."""
        self._notes = self._lost = self._lost_notes = 0
        self._waiting: list[Heard | Mark] = []
        self._tried_s, self._full, self._told = -NEVER, False, False
        self._head = head
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
            self._notes += event.is_note_on
            self._queue.put(Heard(event.time_s, port, event.data))

    @property
    def notes(self) -> int:
        """How many notes are in the take."""
        return self._notes - self._lost_notes

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
        if self._lost:
            self._tell(f"{self._lost} messages of the take are lost: there was no room for them")
        _make(self.path, keep=keep)
        return output_of(self.path, Take(self._head))

    def _run(self) -> None:
        while self._take_batch():
            self._write()
        self._tried_s = -NEVER
        self._write()
        self._lose(self._waiting)

    def _take_batch(self) -> bool:
        """Take all that lies in the queue, or wait for some; return whether more may come."""
        batch: list[Heard | Mark | None] = []
        with suppress(queue.Empty):
            batch.append(self._queue.get(timeout=SYNC_S))
        batch += [self._queue.get_nowait() for _ in range(self._queue.qsize())]
        kept = [item for item in batch if item]
        room = WAITING - len(self._waiting) if self._full else len(kept)
        self._waiting += kept[:room]
        self._lose(kept[room:])
        return None not in batch

    def _write(self) -> None:
        """Write what waits; a disk that took nothing is tried again after a while."""
        if self._full and time.monotonic() - self._tried_s < SYNC_S:
            return
        try:
            while self._waiting:
                some = self._waiting[:AT_ONCE]
                self._journal.keep(some)
                del self._waiting[:AT_ONCE]
                self._full = False
                self._journal.wake(max(item.time_s for item in some))
        except BridgeError as error:
            self._fail(error)

    def _fail(self, error: BridgeError) -> None:
        self._full, self._tried_s = True, time.monotonic()
        if not self._told:
            self._told = True
            self._tell(f"the recording waits, and goes on when there is room: {error}")

    def _lose(self, items: list[Heard | Mark]) -> None:
        """Count what is not in the take."""
        heard = [item for item in items if isinstance(item, Heard)]
        self._lost += len(heard)
        self._lost_notes += sum(Event(one.time_s, one.data).is_note_on for one in heard)


def _make(journal: Path, *, keep: bool) -> None:
    """Make the MIDI file of a journal, in a process of its own.

    Raises:
        BridgeError: it cannot be made.
    """
    command = [sys.executable, "-P", "-X", "utf8", "-m", "bridge.live.midi_take", str(journal)]
    try:
        made = subprocess.run(  # noqa: S603 - our own interpreter and module
            [*command, *["--keep"] * keep],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            errors="surrogateescape",
            timeout=MAKE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BridgeError(f"no MIDI file could be made of {journal}: {error}") from error
    if made.returncode:
        raise BridgeError(made.stdout.strip() or f"no MIDI file could be made of {journal}")


def new_take(folder: Path) -> Path:
    """Return a journal's path in a folder that no take has yet, named by the time of day."""
    stamp = time.strftime("%Y-%m-%d %H.%M.%S")
    for number in count(1):
        name = stamp if number == 1 else f"{stamp} {number}"
        path = folder / f"{name}{SUFFIX}"
        if not path.exists() and not path.with_suffix(".mid").exists():
            return path
    raise AssertionError("count() has no end")
