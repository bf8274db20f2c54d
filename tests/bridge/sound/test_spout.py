import threading
from collections.abc import Callable

import pytest

from bridge.message import Code
from bridge.protocol import Progress, decode_reply
from bridge.sound.fault import SoundError
from bridge.sound.spout import MOST, Spout
from bridge.sound_protocol import Block

BLOCK = Block(1, start=0, audio=bytes(8))


def full(others: Callable[[], bool] = lambda: False, patience_s: float = 60.0) -> Spout:
    """Return a spout with no more room."""
    spout = Spout(lambda: None, others, patience_s)
    for _ in range(MOST):
        spout.put(BLOCK)
    return spout


def test_what_is_put_comes_out_in_order_and_blocks_as_frames() -> None:
    spout = Spout(lambda: None, lambda: False)
    progress = Progress(1, fraction=0.5)
    spout.put(BLOCK)
    spout.put(progress)
    first, second, third = spout.take(), spout.take(), spout.take()
    assert isinstance(first, bytes)
    assert decode_reply(first) == BLOCK
    assert (second, third) == (progress, None)


def test_who_puts_waits_until_something_was_taken() -> None:
    spout, done = full(), threading.Event()

    def put() -> None:
        spout.put(BLOCK)
        done.set()

    thread = threading.Thread(target=put)
    thread.start()
    assert not done.wait(0.2)
    spout.take()
    assert done.wait(10)
    thread.join()


def test_who_waits_hears_that_nobody_wants_it_any_more() -> None:
    spout = full()
    threading.Timer(0.1, spout.unwanted.set).start()
    with pytest.raises(SoundError) as caught:
        spout.put(BLOCK)
    assert caught.value.code == Code.CANCELLED


def test_a_client_that_reads_nothing_has_only_so_long_while_others_wait() -> None:
    with pytest.raises(SoundError, match=r"has read nothing for 0\.1 s, and others wait") as caught:
        full(others=lambda: True, patience_s=0.1).put(BLOCK)
    assert caught.value.code == Code.BUSY


def test_there_is_always_room_for_the_last_reply() -> None:
    full(others=lambda: True, patience_s=0.0).end(Progress(1, fraction=1.0))
