import asyncio
import logging
import socket
import time

import numpy as np
import pytest

from bridge.async_client import AsyncClient
from bridge.client import Client
from bridge.client_session import ClientSession
from bridge.error import BridgeError, RefusedError, UnreachableError
from bridge.local import local_server
from bridge.protocol import Limits, Pong, decode_reply, decode_request, encode
from bridge.server import Config
from bridge.sound_protocol import Block, Bounce
from engines import Stage
from tests.clips import stiff_clip
from tests.conftest import serve

ECHO = (Stage("echo"),)
HUMAN = (Stage("rules.velocity"), Stage("rules.groove"))


def free_address() -> str:
    with socket.socket() as finder:
        finder.bind(("127.0.0.1", 0))
        return f"tcp://127.0.0.1:{finder.getsockname()[1]}"


def test_no_server_is_told_in_words_within_the_timeout() -> None:
    begun = time.monotonic()
    with Client(free_address(), timeout_s=0.3) as client, pytest.raises(UnreachableError) as caught:
        client.ping()
    assert "no sign of life from tcp://127.0.0.1" in str(caught.value)
    assert "is yuragi serve running" in str(caught.value)
    assert time.monotonic() - begun < 2


def test_an_address_that_is_none_is_told_in_words() -> None:
    with pytest.raises(UnreachableError, match="server is 'nonsense', allowed are addresses like"):
        Client("nonsense")


def test_a_client_may_be_started_before_its_server() -> None:
    address = free_address()
    with Client(address, timeout_s=20) as client, serve(bind=address):
        assert client.ping() > 0


def test_a_slow_request_is_waited_for_as_long_as_the_server_lives() -> None:
    # hanger shows no progress: only the server's answers to our pings keep the client waiting
    with (
        local_server() as address,
        Client(address, timeout_s=0.8) as client,
        pytest.raises(RefusedError, match="deadline_ms is 1500"),
    ):
        client.render((stiff_clip(),), stages=(Stage("hanger"),), deadline_ms=1500)


def test_a_killed_server_in_the_middle_of_200_requests_loses_none_of_them(
    caplog: pytest.LogCaptureFixture,
) -> None:
    clip = stiff_clip(32)
    with local_server() as address, Client(address) as client:
        expected = [client.render((clip,), stages=HUMAN, seed=s).takes for s in range(200)]
    address = free_address()

    async def ask(client: AsyncClient, seed: int) -> object:
        return (await client.render((clip,), stages=HUMAN, seed=seed)).takes

    async def ask_all() -> list[object]:
        async with AsyncClient(address, timeout_s=20) as client:
            with serve(bind=address) as served:
                tasks = [asyncio.create_task(ask(client, seed)) for seed in range(200)]
                await tasks[0]
                served.process.kill()
                served.process.wait(timeout=10)
                assert sum(task.done() for task in tasks) < 200
            with serve(bind=address):
                return await asyncio.gather(*tasks)

    with caplog.at_level(logging.WARNING):
        assert asyncio.run(asyncio.wait_for(ask_all(), 60)) == expected
    assert "lost the server" in caplog.text


def test_a_client_says_within_its_timeout_that_its_server_was_killed() -> None:
    address = free_address()
    with Client(address, timeout_s=20) as client:
        with serve(bind=address) as served:
            client.ping()
            served.process.kill()
            served.process.wait(timeout=10)
        client.timeout_s = 0.5
        begun = time.monotonic()
        with pytest.raises(UnreachableError):
            client.render((stiff_clip(),), stages=ECHO)
        assert time.monotonic() - begun < 2.0
        client.timeout_s = 20
        with serve(bind=address):
            assert client.render((stiff_clip(),), stages=ECHO).takes


def test_cancelling_and_a_frame_that_is_too_large_leave_the_client_in_order() -> None:
    config = Config(bind="tcp://127.0.0.1:0", limits=Limits(frame_bytes=20_000))
    with local_server(config) as address, Client(address) as client:
        with pytest.raises(InterruptedError):
            client.render((stiff_clip(),), stop, stages=(Stage("sleeper"),))
        with pytest.raises(RefusedError, match="allowed are 20000"):
            client.render((stiff_clip(1000),), stages=ECHO)
        assert client.render((stiff_clip(),), stages=ECHO).takes


def stop(_fraction: float) -> None:
    raise InterruptedError


def test_whatever_is_not_answered_is_asked_again_on_a_new_connection() -> None:
    session = ClientSession()
    first, second = session.ping(), session.ping()
    session.outbox.clear()
    session.receive(encode(Pong(first)))
    session.forget(first)
    session.connected()
    assert [decode_request(frame).id for frame in session.outbox] == [second]


def test_a_request_sent_again_has_the_seed_that_it_had() -> None:
    session = ClientSession()
    session.render((stiff_clip(),), {"stages": ECHO})
    first = session.outbox[0]
    session.connected()
    assert session.outbox[0] == first


def block(start: int, frames: int, track: int | None = None) -> bytes:
    samples = np.arange(2 * start, 2 * (start + frames), dtype="<f4")
    return encode(Block(1, start=start, audio=samples.tobytes(), track=track))


def test_sound_that_comes_again_on_a_new_connection_goes_on_where_it_was() -> None:
    session = ClientSession()
    session.ask(Bounce, {"clips": (stiff_clip(),)})
    first = [(0, 100, None), (0, 60, 0), (100, 50, None)]
    again = [(0, 100, None), (0, 80, 0), (100, 100, None)]
    for one in first:
        assert session.receive(block(*one)) == decode_reply(block(*one))
    session.connected()
    heard = [session.receive(block(*one)) for one in again]
    assert heard == [None, decode_reply(block(60, 20, 0)), decode_reply(block(150, 50))]


def test_a_reply_that_nobody_waits_for_is_dropped() -> None:
    assert ClientSession().receive(encode(Pong(99))) is None


def test_a_frame_that_is_no_reply_is_an_error() -> None:
    with pytest.raises(BridgeError, match="no reply"):
        ClientSession().receive(b"\xc1")


def test_many_requests_may_be_under_way_at_once_with_asyncio() -> None:
    clips = [stiff_clip(8 + k) for k in range(50)]

    async def ask_all(address: str) -> list[object]:
        async with AsyncClient(address) as client:
            assert (await client.hello()).engines
            assert await client.ping() > 0
            wishes = (client.render((clip,), stages=ECHO, seed=1) for clip in clips)
            return [answer.takes[0][0] for answer in await asyncio.gather(*wishes)]

    with local_server() as address:
        assert asyncio.run(ask_all(address)) == clips


def test_cancelling_an_asyncio_task_cancels_its_request() -> None:
    async def cancel_one(address: str) -> None:
        async with AsyncClient(address) as client:
            begun = asyncio.Event()
            slow = client.render(
                (stiff_clip(),), lambda _: begun.set(), stages=(Stage("sleeper", {"seconds": 30}),)
            )
            task = asyncio.create_task(slow)
            await begun.wait()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            quick = (Stage("sleeper", {"seconds": 0.1}),)
            assert (await client.render((stiff_clip(),), stages=quick)).takes

    with local_server() as address:
        asyncio.run(asyncio.wait_for(cancel_one(address), 20))


def test_no_server_is_told_in_words_with_asyncio_too() -> None:
    async def ping(address: str) -> None:
        async with AsyncClient(address, timeout_s=0.3) as client:
            await client.ping()

    with pytest.raises(UnreachableError, match="no sign of life"):
        asyncio.run(asyncio.wait_for(ping(free_address()), 10))
