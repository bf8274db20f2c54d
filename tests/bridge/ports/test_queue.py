import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.ports.queue import Queue
from engines.live.event import Event


@given(st.lists(st.integers(0, 3), max_size=60))
def test_events_come_in_order_of_time_and_those_of_one_time_in_order_of_coming(
    times: list[int],
) -> None:
    queue = Queue()
    events = [Event(float(time), bytes((number,))) for number, time in enumerate(times)]
    for event in events:
        queue.put(event)
    taken = []
    while queue.due_s() is not None:
        taken.append(queue.take())
    assert taken == sorted(events, key=lambda event: event.time_s)


def test_what_is_forgotten_does_not_come() -> None:
    queue = Queue()
    queue.put(Event(1.0, b"\xf8"))
    queue.clear()
    assert queue.due_s() is None


@pytest.fixture
def hasty() -> Iterator[None]:
    """Let threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("hasty")
def test_who_asks_whether_something_waits_does_not_disturb_who_takes() -> None:
    queue, taken = Queue(), list[float]()
    events = [Event(float(number), b"\xf8") for number in range(50_000)]

    def take() -> None:
        while len(taken) < len(events):
            while queue.due_s() is not None:
                taken.append(queue.take().time_s)

    taker = threading.Thread(target=take, daemon=True)
    taker.start()
    for event in events:
        queue.put(event)
        queue.waits(event.time_s)
    taker.join(20)
    assert taken == [event.time_s for event in events]
    assert not queue.waits(1e9)


def test_what_was_put_waits_until_it_is_taken() -> None:
    queue = Queue()
    queue.put(Event(2.0, b"\xf8"))
    assert queue.due_s() == 2.0
    assert (queue.waits(1.0), queue.waits(2.0)) == (False, True)
    queue.take()
    assert not queue.waits(2.0)
