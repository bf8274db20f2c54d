"""Keep events in order of time until they are due; those of one time stay in order of coming."""

import math
from collections import deque
from heapq import heappop, heappush

from engines.live.event import Event


class Queue:
    """Be events that wait. Any thread may put, and ask whether one waits; one thread takes."""

    def __init__(self) -> None:
        self._new: deque[Event] = deque()
        self._heap: list[tuple[float, int, bytes]] = []
        self._count = 0
        self._next_s = math.inf

    def put(self, event: Event) -> None:
        """Let an event wait for its time."""
        self._new.append(event)

    def due_s(self) -> float | None:
        """Return when the next event is due, or None."""
        self._sort()
        return self._heap[0][0] if self._heap else None

    def take(self) -> Event:
        """Take the next event; there must be one."""
        time_s, _, data = heappop(self._heap)
        self._publish()
        return Event(time_s, data)

    def clear(self) -> None:
        """Forget all that waits."""
        self._new.clear()
        self._heap.clear()
        self._publish()

    def waits(self, until_s: float) -> bool:
        """Return whether an event is due by then, or so new that nobody has looked at it."""
        return bool(self._new) or self._next_s <= until_s

    def _sort(self) -> None:
        while self._new:
            event = self._new[0]
            self._count += 1
            heappush(self._heap, (event.time_s, self._count, event.data))
            self._publish()
            self._new.popleft()  # only now, so that it is never nowhere

    def _publish(self) -> None:
        """Let other threads know what is next: they must not see the heap while it changes."""
        self._next_s = self._heap[0][0] if self._heap else math.inf
