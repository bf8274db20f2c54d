"""Send frames to peers that may read slowly, or may have gone."""

import logging
from collections import deque

import zmq

log = logging.getLogger(__name__)

PATIENCE_BYTES = 64 * 2**20
"""How much is kept for a peer that does not read, before its replies are dropped."""


class Outgoing:
    """Send through a ROUTER; what a peer's queue does not take is kept and tried again."""

    def __init__(self, router: "zmq.Socket[bytes]") -> None:
        self._router = router
        self._kept: dict[bytes, deque[bytes]] = {}

    @property
    def waits(self) -> bool:
        """Whether frames are kept."""
        return bool(self._kept)

    def takes(self, peer: bytes) -> bool:
        """Return whether a peer reads: whether nothing is kept for it."""
        return peer not in self._kept

    def send(self, peer: bytes, frame: bytes) -> bool:
        """Send a frame, or keep it behind those that are kept; return whether the peer is there."""
        kept = self._kept.get(peer)
        if kept is None:
            return self._try(peer, frame) is not None
        if sum(map(len, kept)) + len(frame) > PATIENCE_BYTES:
            log.warning("a client does not read its replies; one of them is dropped")
        else:
            kept.append(frame)
        return True

    def retry(self) -> list[bytes]:
        """Send what is kept, as far as it can be; return the peers that have gone."""
        waiting, self._kept = self._kept, {}
        return [peer for peer, kept in waiting.items() if not self._send_all(peer, kept)]

    def _send_all(self, peer: bytes, frames: deque[bytes]) -> bool:
        while frames:
            sent = self._try(peer, frames.popleft())
            if sent is None:
                return False
            if not sent:
                self._kept[peer].extend(frames)
                break
        return True

    def _try(self, peer: bytes, frame: bytes) -> bool | None:
        """Return whether the frame was sent, None if the peer has gone."""
        try:
            self._router.send_multipart([peer, frame], zmq.NOBLOCK)
        except zmq.Again:
            self._kept[peer] = deque([frame])
            return False
        except zmq.ZMQError as error:
            log.info("a client has gone: %s", error.strerror)
            return None
        return True
