"""Keep events in order of time until they are due; those of one time stay in order of coming."""

from collections import deque
from heapq import heappop, heappush

from engines.live.event import Event


class Queue:
    """Be events that wait. Any thread may put; one takes."""

    def __init__(self) -> None:
        self._new: deque[Event] = deque()
        self._heap: list[tuple[float, int, bytes]] = []
        self._count = 0

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
        return Event(time_s, data)

    def clear(self) -> None:
        """Forget all that waits."""
        self._new.clear()
        self._heap.clear()

    def __bool__(self) -> bool:
        return bool(self._heap or self._new)

    def _sort(self) -> None:
        while self._new:
            event = self._new.popleft()
            self._count += 1
            heappush(self._heap, (event.time_s, self._count, event.data))
