"""Make the sound that a server's clients ask for, while the server does other things.

A bounce takes seconds, and so does a look for plug-ins: each has a thread. What comes of them is
laid down for the server's own thread.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial

from bridge.error import BridgeError
from bridge.message import Code, Failure, Reply
from bridge.protocol import Cancel, Progress
from bridge.session import SoundRequest, stopping
from bridge.sound.brief import brief
from bridge.sound.catalogue import PluginShelf
from bridge.sound.fault import SoundError
from bridge.sound.findings import Findings
from bridge.sound.host import Host
from bridge.sound.scanner import Scanner
from bridge.sound.soundfonts import soundfonts
from bridge.sound.spout import Spout
from bridge.sound_protocol import Bounce, Catalogue, Plugins
from engines.error import EngineError

log = logging.getLogger(__name__)

Key = tuple[bytes, int]
"""A peer and the id of its request."""


class Studio:
    """Be all that a server does about sound. Its methods are for the server's thread.

    Args:
        ready: called, from any thread, when there is something to take.
    """

    def __init__(self, ready: Callable[[], None]) -> None:
        self._ready = ready
        self._host = Host()
        self._findings = Findings()
        self._jobs: dict[Key, _Job] = {}
        self._stopping = False
        self._bouncing = ThreadPoolExecutor(1, thread_name_prefix="yuragi bounce")
        self._looking = ThreadPoolExecutor(1, thread_name_prefix="yuragi plugins")

    @property
    def busy(self) -> bool:
        """Whether something that was asked is under way."""
        return bool(self._jobs)

    def ask(self, peer: bytes, asked: SoundRequest) -> None:
        """Begin what a peer asks; what comes of it follows."""
        if isinstance(asked, Cancel):
            self._cancel((peer, asked.request))
            return
        spout = Spout(self._ready, self._others_wait)
        job = self._jobs[peer, asked.id] = _Job(asked, spout, self._findings)
        if isinstance(asked, Bounce):
            work = partial(self._bounce, asked, job)
            job.future = self._bouncing.submit(self._do, asked, job, work)
        else:
            job.future = self._looking.submit(self._do, asked, job, partial(_look, asked, job))

    def taken(self, takes: Callable[[bytes], bool]) -> Iterator[tuple[bytes, bytes | Reply]]:
        """Yield who is to be sent what, blocks of sound as frames.

        `takes` tells of a peer whether it reads; what is for one that does not is left.
        """
        for (peer, request), job in list(self._jobs.items()):
            while takes(peer) and (made := job.spout.take()) is not None:
                last = isinstance(made, Reply) and not isinstance(made, Progress)
                if last:
                    del self._jobs[peer, request]
                yield peer, made
                if last:
                    break

    def stop(self) -> None:
        """Give up all that is under way; the answers follow."""
        self._stopping = True
        for (_, request), job in self._jobs.items():
            self._give_up(request, job)

    def close(self) -> None:
        """Give up all that is under way, answer it, and end the process that renders."""
        self.stop()
        self._bouncing.shutdown()
        self._looking.shutdown()
        self._host.close()

    def _others_wait(self) -> bool:
        """Return whether a bounce has not begun; for the thread of the one that has."""
        return any(job.waits for job in list(self._jobs.values()))

    def _cancel(self, key: Key) -> None:
        job = self._jobs.get(key)
        if job is not None:
            self._give_up(key[1], job)

    def _give_up(self, request: int, job: "_Job") -> None:
        """Want no more of a job, if it is wanted; one that has not begun is answered here."""
        if job.unwanted:
            return
        job.give_up()
        if job.future is not None and job.future.cancel():
            job.spout.end(self._unwanted(request))

    def _unwanted(self, request: int) -> Failure:
        if self._stopping:
            return stopping(request)
        return Failure(request, code=Code.CANCELLED, message="the client cancelled it")

    def _do(self, asked: Bounce | Plugins, job: "_Job", work: Callable[[], Reply]) -> None:
        """Do what was asked, and lay the answer down."""
        try:
            answer = work()
        except Exception as error:  # whoever asked shall have it
            answer = self._unwanted(asked.id) if job.unwanted else _failure(asked, error)
        job.spout.end(answer)

    def _bounce(self, asked: Bounce, job: "_Job") -> Reply:
        def tell(fraction: float) -> None:
            if asked.progress:
                job.spout.put(Progress(asked.id, fraction=fraction))

        wanted = brief(asked, job.shelf().find)
        return self._host.bounce(wanted, job.spout.put, tell, job.spout.unwanted)


class _Job:
    """Be something that was asked, and what comes of it.

    Args:
        asked: what was asked.
        spout: where what comes of it is laid down.
        findings: what is known of plug-ins; read once for all jobs.
    """

    def __init__(self, asked: Bounce | Plugins, spout: Spout, findings: Findings) -> None:
        self.spout = spout
        self.future: Future[None] | None = None
        self._is_bounce = isinstance(asked, Bounce)
        self._findings = findings
        self._scanners: list[Scanner] = []

    @property
    def waits(self) -> bool:
        """Whether it is a bounce that has not begun."""
        begun = self.future is not None and (self.future.running() or self.future.done())
        return self._is_bounce and not begun

    @property
    def unwanted(self) -> bool:
        """Whether nobody waits for it any more."""
        return self.spout.unwanted.is_set()

    def give_up(self) -> None:
        """Want no more of it; a look for plug-ins ends too."""
        self.spout.unwanted.set()
        for scanner in self._scanners:
            scanner.stop()

    def shelf(self) -> PluginShelf:
        """Return the plug-ins as they are now."""
        return PluginShelf(findings=self._findings, scanner=self._scanner)

    def _scanner(self) -> Scanner:
        scanner = Scanner()
        self._scanners.append(scanner)
        if self.unwanted:  # it was given up as this one was made
            scanner.stop()
        return scanner


def _look(asked: Plugins, job: _Job) -> Reply:
    """Return which plug-ins there are."""
    shelf = job.shelf()
    if asked.scan:
        shelf.scan()
    fonts = tuple(map(str, soundfonts()))
    return Catalogue(asked.id, plugins=shelf.plugins, soundfonts=fonts)


def _failure(asked: Bounce | Plugins, error: Exception) -> Failure:
    """Return why there is no sound, or why it is not known which plug-ins there are."""
    code, message, field = Code.PLUGIN, str(error), ""
    match error:
        case SoundError():
            code, field = error.code, error.field
        case BridgeError():
            log.warning("a request about sound is not met: %s", error)
        case EngineError():
            code = Code.INVALID
        case _:
            what = "bounce" if isinstance(asked, Bounce) else "look for plug-ins"
            log.error("the %s failed", what, exc_info=error)
            code, message = Code.INTERNAL, f"the {what} failed: {type(error).__name__}"
    return Failure(asked.id, code=code, message=message, field=field)
