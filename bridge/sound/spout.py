"""Hold what has been made of a bounce until the server's thread takes it; a full spout waits."""

import threading
from collections import deque
from collections.abc import Callable
from time import monotonic

from bridge.message import Code, Reply
from bridge.protocol import encode
from bridge.sound.fault import SoundError, unwanted
from bridge.sound.host_watch import LOOK_S
from bridge.sound_protocol import Block

MOST = 8
"""So many replies wait to be taken before their maker does."""

PATIENCE_S = 60.0
"""So long a client may read nothing while others wait for their sound."""


class Spout:
    """Be what comes of one bounce, in order. One thread puts, another one takes.

    Args:
        ready: called, from the thread that puts, when there is something to take.
        others: tells whether others wait.
        patience_s: so long a client may read nothing then.

    Attributes:
        unwanted: set by whoever wants no more of it.
    """

    def __init__(
        self,
        ready: Callable[[], None],
        others: Callable[[], bool],
        patience_s: float = PATIENCE_S,
    ) -> None:
        self.unwanted = threading.Event()
        self._ready = ready
        self._others = others
        self._patience_s = patience_s
        self._made: deque[bytes | Reply] = deque()
        self._room = threading.Condition()

    def put(self, reply: Reply) -> None:
        """Lay down a reply that others follow; wait while there is no room.

        Raises:
            SoundError: nobody wants it, or the client reads nothing while others wait.
        """
        made = encode(reply) if isinstance(reply, Block) else reply
        begun_s = monotonic()
        with self._room:
            while len(self._made) >= MOST and not self.unwanted.is_set():
                self._room.wait(LOOK_S)
                if monotonic() - begun_s > self._patience_s and self._others():
                    what = f"the client has read nothing for {self._patience_s:g} s"
                    raise SoundError(f"{what}, and others wait: ask again", Code.BUSY)
        if self.unwanted.is_set():
            raise unwanted()
        self._lay(made)

    def end(self, reply: Reply) -> None:
        """Lay down the last reply, for which there is always room."""
        self._lay(reply)

    def take(self) -> bytes | Reply | None:
        """Return the next reply, blocks of sound as frames; None if there is none."""
        with self._room:
            if not self._made:
                return None
            self._room.notify()
            return self._made.popleft()

    def _lay(self, made: bytes | Reply) -> None:
        with self._room:
            self._made.append(made)
        self._ready()
