"""Ask a server for clips, from ordinary code (`Client`) or from asyncio (`AsyncClient`).

    with Client() as client:
        answer = client.render((clip,), preset="piano/gentle", seed=1)

Both reconnect by themselves: a request that was not answered when the connection broke is asked
again on the next. Only when the server gives no sign of life for `timeout_s` do they give up.
"""

import asyncio
import logging
from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar, Unpack

import zmq
import zmq.asyncio
from zmq.utils.monitor import parse_monitor_message

from bridge.client_session import ClientSession, RefusedError, UnreachableError, Wishes
from bridge.protocol import (
    DEFAULT_ADDRESS,
    AnyReply,
    Failure,
    Pong,
    Progress,
    Rendered,
    Welcome,
)
from engines.clip import Clip
from engines.engine import ignore_progress

log = logging.getLogger(__name__)

TIMEOUT_S = 5.0
"""How long a silent server is waited for, by default."""

WATCHED = zmq.Event.HANDSHAKE_SUCCEEDED | zmq.Event.DISCONNECTED

Answer = TypeVar("Answer", bound=AnyReply)


class Client:
    """Ask a server and wait for the answer. Use one client per thread.

    Args:
        address: the server's ZeroMQ address.
        timeout_s: how long a silent server is waited for.
    """

    def __init__(self, address: str = DEFAULT_ADDRESS, *, timeout_s: float = TIMEOUT_S) -> None:
        self.address = address
        self.timeout_s = timeout_s
        self._session = ClientSession()
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = _open(self._context.socket(zmq.DEALER), address)
        self._monitor = self._socket.get_monitor_socket(WATCHED)
        self._poller = zmq.Poller()
        self._poller.register(self._socket, zmq.POLLIN)
        self._poller.register(self._monitor, zmq.POLLIN)
        self._connected = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._socket.disable_monitor()
        self._monitor.close()
        self._socket.close()
        self._context.term()

    def hello(self) -> Welcome:
        """Return the server's version, limits, engines and presets.

        Raises:
            UnreachableError: the server gave no sign of life in time.
            RefusedError: the server answered with a failure.
        """
        return self._wait(self._session.hello(), Welcome)

    def ping(self) -> float:
        """Return how long the server took to answer, in ms. Raises as `hello`."""
        begun = monotonic()
        self._wait(self._session.ping(), Pong)
        return (monotonic() - begun) * 1e3

    def render(
        self,
        clips: tuple[Clip, ...],
        on_progress: Callable[[float], None] = ignore_progress,
        **wishes: Unpack[Wishes],
    ) -> Rendered:
        """Return takes of the clips, by a preset or stages; raises as `hello`.

        `on_progress` is called with a fraction from 0 to 1 while a long request runs. Whatever it
        raises, and Ctrl-C, cancels the request.
        """
        request = self._session.render(clips, wishes)
        try:
            return self._wait(request, Rendered, on_progress)
        except (RefusedError, UnreachableError):
            raise
        except BaseException:
            self._session.cancel(request)
            self._flush()
            raise

    def _wait(
        self,
        request: int,
        kind: type[Answer],
        on_progress: Callable[[float], None] = ignore_progress,
    ) -> Answer:
        try:
            while True:
                reply = self._next_reply()
                if reply.id != request:
                    continue
                if isinstance(reply, Progress):
                    on_progress(reply.fraction)
                else:
                    return _expected(reply, kind)
        finally:
            self._session.forget(request)

    def _next_reply(self) -> AnyReply:
        """Return the next reply; ask a server that has gone quiet whether it is there."""
        give_up_s, pinged = monotonic() + self.timeout_s, -1
        try:
            while True:
                self._flush()
                left_s = give_up_s - monotonic()
                if left_s <= 0:
                    raise _unreachable(self.address, self.timeout_s)
                if pinged < 0 and left_s < self.timeout_s / 2:
                    pinged = self._session.ping()
                reply = self._read(min(left_s, self.timeout_s / 2))
                if reply is not None:
                    return reply
        finally:
            self._session.forget(pinged)

    def _read(self, wait_s: float) -> AnyReply | None:
        ready = dict(self._poller.poll(max(1, int(wait_s * 1e3))))
        if self._monitor in ready:
            self._note(_event(self._monitor.recv_multipart()))
        if self._socket in ready:
            return self._session.receive(self._socket.recv())
        return None

    def _note(self, event: int) -> None:
        self._connected = event == zmq.Event.HANDSHAKE_SUCCEEDED
        if self._connected:
            self._session.connected()
        else:
            log.warning("lost the server at %s; connecting again", self.address)

    def _flush(self) -> None:
        while self._connected and self._session.outbox:
            try:
                self._socket.send(self._session.outbox[0], zmq.NOBLOCK)
            except zmq.Again:
                return
            self._session.outbox.popleft()


class AsyncClient:
    """Ask a server from asyncio; any number of requests may be under way at once.

    Use it as an asynchronous context manager. The arguments are those of `Client`.
    """

    def __init__(self, address: str = DEFAULT_ADDRESS, *, timeout_s: float = TIMEOUT_S) -> None:
        self.address = address
        self.timeout_s = timeout_s
        self._session = ClientSession()
        self._replies: dict[int, asyncio.Queue[AnyReply]] = {}
        self._heard_s = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self._can_send = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._context = zmq.asyncio.Context()
        self._socket = _open(self._context.socket(zmq.DEALER), self.address)
        self._monitor = self._socket.get_monitor_socket(WATCHED)
        work = (self._read_events, self._read_replies)
        self._tasks = [asyncio.create_task(task()) for task in work]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._socket.disable_monitor()
        self._monitor.close()
        self._socket.close()
        self._context.term()

    async def hello(self) -> Welcome:
        """Return the server's version, limits, engines and presets; raises as `Client.hello`."""
        return await self._wait(self._session.hello(), Welcome)

    async def ping(self) -> float:
        """Return how long the server took to answer, in ms; raises as `Client.hello`."""
        begun = monotonic()
        await self._wait(self._session.ping(), Pong)
        return (monotonic() - begun) * 1e3

    async def render(
        self,
        clips: tuple[Clip, ...],
        on_progress: Callable[[float], None] = ignore_progress,
        **wishes: Unpack[Wishes],
    ) -> Rendered:
        """Return takes as `Client.render` does; cancelling the task cancels the request."""
        request = self._session.render(clips, wishes)
        try:
            return await self._wait(request, Rendered, on_progress)
        except (RefusedError, UnreachableError):
            raise
        except BaseException:
            self._session.cancel(request)
            self._flush()
            raise

    async def _wait(
        self,
        request: int,
        kind: type[Answer],
        on_progress: Callable[[float], None] = ignore_progress,
    ) -> Answer:
        replies = self._replies[request] = asyncio.Queue()
        self._heard_s = monotonic()
        self._flush()
        try:
            while True:
                reply = await self._next_reply(replies)
                if isinstance(reply, Progress):
                    on_progress(reply.fraction)
                else:
                    return _expected(reply, kind)
        finally:
            del self._replies[request]
            self._session.forget(request)

    async def _next_reply(self, replies: "asyncio.Queue[AnyReply]") -> AnyReply:
        pings: list[int] = []
        try:
            while True:
                try:
                    return await asyncio.wait_for(replies.get(), self.timeout_s / 2)
                except TimeoutError:
                    if monotonic() - self._heard_s >= self.timeout_s:
                        raise _unreachable(self.address, self.timeout_s) from None
                    pings.append(self._session.ping())
                    self._flush()
        finally:
            for ping in pings:
                self._session.forget(ping)

    async def _read_events(self) -> None:
        while True:
            event = _event(await self._monitor.recv_multipart())
            if event == zmq.Event.HANDSHAKE_SUCCEEDED:
                self._session.connected()
                self._can_send.set()
                self._flush()
            else:
                self._can_send.clear()
                log.warning("lost the server at %s; connecting again", self.address)

    async def _read_replies(self) -> None:
        while True:
            reply = self._session.receive(await self._socket.recv())
            self._heard_s = monotonic()
            if reply is not None and reply.id in self._replies:
                self._replies[reply.id].put_nowait(reply)

    def _flush(self) -> None:
        while self._can_send.is_set() and self._session.outbox:
            self._socket.send(self._session.outbox.popleft(), zmq.NOBLOCK)


def _open(socket: Any, address: str) -> Any:
    """Connect a DEALER that queues nothing for a server that is not there."""
    socket.linger = 200
    socket.immediate = True
    socket.setsockopt(zmq.HEARTBEAT_IVL, 2_000)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 6_000)
    socket.setsockopt(zmq.RECONNECT_IVL, 50)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1_000)
    try:
        socket.connect(address)
    except zmq.ZMQError as error:
        socket.close()
        what = f"server is {address!r}, allowed are addresses like {DEFAULT_ADDRESS}"
        raise UnreachableError(what) from error
    return socket


def _event(parts: list[bytes]) -> int:
    return int(parse_monitor_message(parts)["event"])


def _expected(reply: AnyReply, kind: type[Answer]) -> Answer:
    if isinstance(reply, Failure):
        raise RefusedError(reply)
    if not isinstance(reply, kind):
        raise UnreachableError(
            f"the server answered {type(reply).__name__}, expected {kind.__name__}"
        )
    return reply


def _unreachable(address: str, timeout_s: float) -> UnreachableError:
    what = f"no sign of life from {address} for {timeout_s:g} s; is yuragi serve running there?"
    return UnreachableError(what)
