"""Ask a server for clips.

    with Client() as client:
        answer = client.render((clip,), preset="piano/gentle", seed=1)

A client reconnects by itself: a request that was not answered when the connection broke is asked
again on the next. Only when the server gives no sign of life for `timeout_s` does it give up. For
asyncio there is `bridge.async_client`.
"""

from __future__ import annotations

import logging
import struct
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

import zmq

from bridge.address import DEFAULT_ADDRESS
from bridge.error import RefusedError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType
    from typing import Unpack

    from bridge.client_session import Answer, ClientSession, Wishes
    from bridge.gig_protocol import Asked, Standing
    from bridge.protocol import AnyReply, Rendered, Welcome
    from bridge.sound_protocol import Block, Bounced, Catalogue
    from engines.clip import Clip

log = logging.getLogger(__name__)

TIMEOUT_S = 5.0
"""How long a silent server is waited for, by default."""

MOST_REPLIES = 16
"""So many replies wait to be read; with more, blocks of sound wait at the server."""

HEARTBEAT_TIMEOUT_MS = 90_000
"""So long whoever takes sound may read nothing before the connection counts as lost: what tells
that the server is there waits behind the sound. It is longer than the server's own patience, of
whose end it tells.
"""

WATCHED = zmq.Event.HANDSHAKE_SUCCEEDED | zmq.Event.DISCONNECTED


class Client:
    """Ask a server and wait for the answer. Use one client per thread.

    Args:
        address: the server's ZeroMQ address.
        timeout_s: how long a silent server is waited for.
    """

    def __init__(self, address: str = DEFAULT_ADDRESS, *, timeout_s: float = TIMEOUT_S) -> None:
        self.address = address
        self.timeout_s = timeout_s
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket, self._monitor = open_sockets(self._context, address)
        # numpy takes its time to load; it does so while the connection is made
        from bridge import client_session, gig_protocol, protocol, sound_protocol  # noqa: PLC0415

        self._protocol = protocol
        self._sound_protocol = sound_protocol
        self._gig_protocol = gig_protocol
        self._session = client_session.ClientSession()
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
        return self._wait(self._session.hello(), self._protocol.Welcome)

    def ping(self) -> float:
        """Return how long the server took to answer, in ms. Raises as `hello`."""
        begun = monotonic()
        self._wait(self._session.ping(), self._protocol.Pong)
        return (monotonic() - begun) * 1e3

    def render(
        self,
        clips: tuple[Clip, ...],
        on_progress: Callable[[float], None] | None = None,
        **wishes: Unpack[Wishes],
    ) -> Rendered:
        """Return takes of the clips, by a preset or stages; raises as `hello`.

        `on_progress` is called with a fraction from 0 to 1 while a long request runs. Whatever it
        raises, and Ctrl-C, cancels the request.
        """
        request = self._session.render(clips, wishes)
        with cancelled_if_left(self._session, request, self._flush):
            return self._wait(request, self._protocol.Rendered, on_progress)

    def bounce(
        self,
        heard: Callable[[Block], None],
        on_progress: Callable[[float], None] | None = None,
        **fields: Any,
    ) -> Bounced:
        """Have clips made sound, as in `bounce(heard, clips=clips)`; raises as `hello`.

        `heard` is called with each block as it comes; while it takes its time, the server waits.
        When the connection was lost, the server makes it anew, and it goes on where it was.
        Whatever a callback raises, and Ctrl-C, cancels the request.

        Args:
            heard: takes blocks.
            on_progress: called with a fraction from 0 to 1.
            fields: those of `Bounce` but `id`, `v` and `progress`.
        """
        fields["progress"] = on_progress is not None
        request = self._session.ask(self._sound_protocol.Bounce, fields)
        with cancelled_if_left(self._session, request, self._flush):
            return self._wait(request, self._sound_protocol.Bounced, on_progress, heard)

    def plugins(self, *, scan: bool = False) -> Catalogue:
        """Return which plug-ins and soundfonts the server has, with `scan` after it looked anew.

        Raises as `hello`.
        """
        request = self._session.ask(self._sound_protocol.Plugins, {"scan": scan})
        with cancelled_if_left(self._session, request, self._flush):
            return self._wait(request, self._sound_protocol.Catalogue)

    def ask_gig(self, kind: type[Asked], **fields: Any) -> Standing:
        """Ask something of a gig, such as `ask_gig(Play, clips=clips)`, and return how it stands.

        Args:
            kind: a request of `bridge.gig_protocol`.
            fields: its fields but `id` and `v`.

        Raises:
            UnreachableError: the server gave no sign of life in time.
            RefusedError: the server answered with a failure.
        """
        return self._wait(self._session.ask(kind, fields), self._gig_protocol.Standing)

    def _wait(
        self,
        request: int,
        kind: type[Answer],
        on_progress: Callable[[float], None] | None = None,
        heard: Callable[[Block], None] | None = None,
    ) -> Answer:
        try:
            while True:
                reply = self._next_reply()
                if reply.id != request:
                    continue
                if isinstance(reply, self._sound_protocol.Block) and heard is not None:
                    heard(reply)
                elif not isinstance(reply, self._protocol.Progress):
                    return self._session.expected(reply, kind)
                elif on_progress is not None:
                    on_progress(reply.fraction)
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
                    raise unreachable(self.address, self.timeout_s)
                if pinged < 0 and left_s < self.timeout_s * 2 / 3:
                    pinged = self._session.ping()
                    self._flush()
                reply = self._read(min(left_s, self.timeout_s / 4))
                if reply is not None:
                    return reply
        finally:
            self._session.forget(pinged)

    def _read(self, wait_s: float) -> AnyReply | None:
        ready = dict(self._poller.poll(max(1, int(wait_s * 1e3))))
        if self._monitor in ready:
            self._note(read_event(self._monitor.recv_multipart()))
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


@contextmanager
def cancelled_if_left(
    session: ClientSession, request: int, flush: Callable[[], None]
) -> Iterator[None]:
    """Cancel a request if this context is left before its answer came."""
    try:
        yield
    except (RefusedError, UnreachableError):
        raise
    except BaseException:
        session.cancel(request)
        flush()
        raise


def open_sockets(context: Any, address: str) -> tuple[Any, Any]:
    """Return a DEALER that queues nothing for a server that is not there, and its monitor.

    The monitor comes before the connection, so that it misses no event of it.

    Raises:
        UnreachableError: the address is none.
    """
    socket = context.socket(zmq.DEALER)
    monitor = socket.get_monitor_socket(WATCHED)
    socket.linger = 200
    socket.immediate = True
    socket.setsockopt(zmq.HEARTBEAT_IVL, 2_000)
    socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS)
    socket.rcvhwm = MOST_REPLIES
    socket.setsockopt(zmq.RECONNECT_IVL, 50)
    socket.setsockopt(zmq.RECONNECT_IVL_MAX, 1_000)
    try:
        socket.connect(address)
    except zmq.ZMQError as error:
        socket.disable_monitor()
        monitor.close()
        socket.close()
        context.term()
        what = f"server is {address!r}, allowed are addresses like {DEFAULT_ADDRESS}"
        raise UnreachableError(what) from error
    return socket, monitor


def read_event(parts: list[bytes]) -> int:
    """Return the event in a message of a socket's monitor.

    Source: zmq_socket_monitor(3): the first frame is a 16-bit event and a 32-bit value, native.
    pyzmq's own parser would import asyncio.
    """
    event, _value = struct.unpack("=hi", parts[0])
    return int(event)


def unreachable(address: str, timeout_s: float) -> UnreachableError:
    """Return the error for a server that was silent for so long."""
    what = f"no sign of life from {address} for {timeout_s:g} s; is yuragi serve running there?"
    return UnreachableError(what)
