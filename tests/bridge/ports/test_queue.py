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
