"""Speak to one process that hosts plug-ins; the line ends with the process."""

import msgspec
import zmq

from bridge.message import Request
from bridge.protocol import AnyReply, decode_reply, encode
from bridge.sound.fault import internal

MOST_FRAMES = 16
"""So many frames wait here to be read; with more, the process waits too."""


class HostWire:
    """Be a socket to a process. One thread at a time may use it.

    Args:
        address: where the process is bound.
    """

    def __init__(self, address: str) -> None:
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._socket = self._context.socket(zmq.DEALER)
        self._socket.linger = 0
        self._socket.rcvhwm = MOST_FRAMES
        self._socket.connect(address)

    def send(self, request: Request) -> None:
        """Ask the process something."""
        self._socket.send(encode(request))

    def receive(self, wait_s: float) -> AnyReply | None:
        """Return the next reply, or None if there is none in time.

        Raises:
            SoundError: what came is no reply.
        """
        if not self._socket.poll(max(1, int(wait_s * 1e3))):
            return None
        try:
            return decode_reply(self._socket.recv())
        except (msgspec.DecodeError, ValueError) as error:
            raise internal(f"the process that renders sent what is no reply: {error}") from error

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()
        self._context.term()
