"""Ask a server for clips from asyncio, any number of requests at once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import monotonic
from types import TracebackType
from typing import Any, Self, Unpack

import zmq
import zmq.asyncio

from bridge.address import DEFAULT_ADDRESS
from bridge.client import (
    TIMEOUT_S,
    cancelled_if_left,
    open_sockets,
    read_event,
    unreachable,
)
from bridge.client_session import Answer, ClientSession, Wishes
from bridge.error import BridgeError
from bridge.gig_protocol import Asked, Standing
from bridge.protocol import AnyReply, Pong, Progress, Rendered, Welcome
from bridge.sound_protocol import Block, Bounce, Bounced, Catalogue, Plugins
from engines.clip import Clip
from engines.progress import ignore_progress

log = logging.getLogger(__name__)

MOST_BLOCKS = 16
"""So many replies to one request wait to be taken; with more, nothing is read."""


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
        self._held = False
        self._tasks: list[asyncio.Task[None]] = []
        self._can_send = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._context = zmq.asyncio.Context()
        self._socket, self._monitor = open_sockets(self._context, self.address)
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
        with cancelled_if_left(self._session, request, self._flush):
            return await self._wait(request, Rendered, on_progress)

    async def bounce(
        self,
        heard: Callable[[Block], Awaitable[None]],
        on_progress: Callable[[float], None] | None = None,
        **fields: Any,
    ) -> Bounced:
        """Have clips made sound as `Client.bounce` does; cancelling the task cancels the request.

        `heard` is awaited with each block. While it takes its time, other requests of this client
        wait too.
        """
        fields["progress"] = on_progress is not None
        request = self._session.ask(Bounce, fields)
        with cancelled_if_left(self._session, request, self._flush):
            return await self._wait(request, Bounced, on_progress or ignore_progress, heard)

    async def plugins(self, *, scan: bool = False) -> Catalogue:
        """Return which plug-ins there are as `Client.plugins` does."""
        request = self._session.ask(Plugins, {"scan": scan})
        with cancelled_if_left(self._session, request, self._flush):
            return await self._wait(request, Catalogue)

    async def ask_gig(self, kind: type[Asked], **fields: Any) -> Standing:
        """Ask something of a gig as `Client.ask_gig` does."""
        return await self._wait(self._session.ask(kind, fields), Standing)

    async def _wait(
        self,
        request: int,
        kind: type[Answer],
        on_progress: Callable[[float], None] = ignore_progress,
        heard: Callable[[Block], Awaitable[None]] | None = None,
    ) -> Answer:
        replies = self._replies[request] = asyncio.Queue(MOST_BLOCKS)
        self._heard_s = monotonic()
        self._flush()
        try:
            while True:
                reply = await self._next_reply(replies)
                if isinstance(reply, Progress):
                    on_progress(reply.fraction)
                elif isinstance(reply, Block) and heard is not None:
                    await heard(reply)
                else:
                    return self._session.expected(reply, kind)
        finally:
            del self._replies[request]
            self._session.forget(request)
            while not replies.empty():  # whoever waits for room goes on
                replies.get_nowait()

    async def _next_reply(self, replies: "asyncio.Queue[AnyReply]") -> AnyReply:
        pings: list[int] = []
        try:
            while True:
                try:
                    return await asyncio.wait_for(replies.get(), self.timeout_s / 2)
                except TimeoutError:
                    if not self._held and monotonic() - self._heard_s >= self.timeout_s:
                        raise unreachable(self.address, self.timeout_s) from None
                    pings.append(self._session.ping())
                    self._flush()
        finally:
            for ping in pings:
                self._session.forget(ping)

    async def _read_events(self) -> None:
        while True:
            event = read_event(await self._monitor.recv_multipart())
            if event == zmq.Event.HANDSHAKE_SUCCEEDED:
                self._session.connected()
                self._can_send.set()
                self._flush()
            else:
                self._can_send.clear()
                log.warning("lost the server at %s; connecting again", self.address)

    async def _read_replies(self) -> None:
        while True:
            frame = await self._socket.recv()
            self._heard_s = monotonic()
            try:
                reply = self._session.receive(frame)
            except BridgeError:
                log.exception("a reply is left out")
                continue
            if reply is not None and reply.id in self._replies:
                self._held = True
                await self._replies[reply.id].put(reply)
                self._held, self._heard_s = False, monotonic()

    def _flush(self) -> None:
        while self._can_send.is_set() and self._session.outbox:
            self._socket.send(self._session.outbox.popleft(), zmq.NOBLOCK)
