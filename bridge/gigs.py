"""Keep the gigs that a server's clients have opened, and carry out what is asked of them.

Opening a port may take seconds, so each gig has a thread that asks its process and waits; answers
are laid down for the server's own thread.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bridge.calibration import calibrated
from bridge.error import BridgeError, RefusedError
from bridge.gig_protocol import (
    Asked,
    Choose,
    Clips,
    Finish,
    Learn,
    Leave,
    Open,
    Panic,
    Play,
    Ports,
    Record,
    Respond,
    Stand,
    Standing,
    Stop,
    Swap,
    Turn,
)
from bridge.live import order
from bridge.live.answerer import Answerer
from bridge.live.clip_score import clip_score
from bridge.live.recovery import recover, takes_folder
from bridge.live.sheet import Sheet, to_sheet
from bridge.live.stage_door import OrderError, StageDoor
from bridge.live_shelf import LiveShelf
from bridge.message import Code, Failure, Reply
from bridge.partner import partner, rehearse
from bridge.ports.port import PortError
from bridge.session import stopping
from bridge.write_whole import refuse_existing
from engines.error import EngineError, OptionError

log = logging.getLogger(__name__)

MOST = 8
"""So many gigs may be open at once: JACK takes no more clients than some dozens."""

MOST_ASKED = 64
"""So much may be asked of a gig before the first of it is answered."""

CLOSE_S = 120.0
"""So long it may take to end all gigs: what is under way, and what a stalled JACK keeps waiting."""


class AskedError(BridgeError):
    """Report a field of what is asked that cannot be met.

    Args:
        message: what was wrong, what was received and what is allowed.
        field: its path.
    """

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class Gigs:
    """Be all gigs of a server.

    Args:
        shelf: the live presets.
        ready: called, from any thread, when an answer was laid down.
        address: that of the server, at which answers to phrases are rendered.
        takes: the folder of recorded takes; without one, the user's.
        enter: opens the way to a process that plays at ports.

    Attributes:
        answers: who is to be sent what; the owner empties it.
    """

    def __init__(
        self,
        shelf: LiveShelf,
        ready: Callable[[], None],
        address: str,
        takes: Path | None = None,
        *,
        enter: Callable[[Ports], StageDoor] = StageDoor,
    ) -> None:
        self.answers: deque[tuple[bytes, Reply]] = deque()
        self._shop = Shop(shelf, address, takes or takes_folder(), enter)
        self._ready = ready
        self._gigs: dict[str, _Gig] = {}

    @property
    def busy(self) -> bool:
        """Whether something that was asked is under way."""
        return any(gig.asked for gig in self._gigs.values())

    @property
    def heard_s(self) -> float | None:
        """When a note was last heard at a gig, or it was opened; None if none is open."""
        doors = [gig.door for gig in self._gigs.values()]
        return max((door.heard_s for door in doors if door and door.alive), default=None)

    def ask(self, peer: bytes, asked: Asked) -> None:
        """Carry out what a peer asks; the answer follows."""
        gig = self._gigs.get(asked.gig)
        if gig is None:
            idle = [name for name, one in self._gigs.items() if one.idle]
            for name in idle:
                self._gigs.pop(name).close()
            if len(self._gigs) >= MOST:
                what = f"{MOST} gigs are open, allowed are no more: leave one"
                self._answer(peer, _busy(asked, what))
                return
            gig = self._gigs[asked.gig] = _Gig(self._shop)
        if gig.asked >= MOST_ASKED:
            what = f"{MOST_ASKED} requests of this gig are waiting, allowed are no more"
            self._answer(peer, _busy(asked, what))
            return
        gig.begin(lambda: self._answer(peer, gig.answer(asked)))

    def close(self) -> None:
        """End all that sounds anywhere, and answer all that was asked."""
        over = [gig.close() for gig in self._gigs.values()]
        if wait(over, CLOSE_S).not_done:
            log.warning("a gig has not ended in %g s", CLOSE_S)

    def _answer(self, peer: bytes, reply: Reply) -> None:
        self.answers.append((peer, reply))
        self._ready()


class Shop(NamedTuple):
    """Hold what all gigs use: live presets, the server, the folder of takes, and stage doors."""

    shelf: LiveShelf
    address: str
    takes: Path
    enter: Callable[[Ports], StageDoor]


class _Gig:
    """Be the way to one gig, with a thread of its own."""

    def __init__(self, shop: Shop) -> None:
        self.door: StageDoor | None = None
        self._shop = shop
        self._answerer: Answerer | None = None
        self._told: list[str] = []
        self._closing = False
        self._waiting: list[Future[None]] = []
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="yuragi gig")

    @property
    def asked(self) -> int:
        """How much of what was asked is not answered."""
        self._waiting = [one for one in self._waiting if not one.done()]
        return len(self._waiting)

    @property
    def idle(self) -> bool:
        """Whether nothing is open, nor under way."""
        return not self.asked and not (self.door and self.door.alive)

    def begin(self, work: Callable[[], None]) -> None:
        self._waiting.append(self._thread.submit(work))

    def close(self) -> "Future[None]":
        """Begin to end all that sounds; what waits is answered before."""
        self._closing = True
        over = self._thread.submit(self._leave)
        self._thread.shutdown(wait=False)
        return over

    def answer(self, asked: Asked) -> Reply:
        """Carry out what is asked and return the answer."""
        if self._closing:
            return stopping(asked.id)
        try:
            self._bury()
            self._carry_out(asked)
            return self._standing(asked)
        except Exception as error:  # whoever asked shall have it
            self._bury()
            return _failure(asked, error)

    def _bury(self) -> None:
        """Leave a process that has died, once what it left sounding is ended, and save its take."""
        if self.door is not None and not self.door.alive:
            self._leave()
            self._told += recover(self._shop.takes)

    def _carry_out(self, asked: Asked) -> None:
        match asked:
            case Stand():
                return
            case Open():
                self._open(asked.ports)
            case Leave():
                self._leave()
            case _:
                if isinstance(asked, Play | Respond) and asked.ports and self.door is None:
                    self._open(asked.ports)
                if isinstance(asked, Respond):
                    self._prepare(asked)
                if isinstance(asked, Record):
                    self._told += recover(self._shop.takes)
                self._ask(ORDERS[type(asked)](asked, self._shop))

    def _standing(self, asked: Asked) -> Standing:
        door = self.door
        if door is not None:
            door.ask(order.Ask())
            self._listen(door)
        told, self._told = self._told, []
        return Standing(asked.id, gig=asked.gig, state=door.state if door else None, told=told)

    def _listen(self, door: StageDoor) -> None:
        self._told += [door.told.popleft() for _ in range(len(door.told))]

    def _open(self, ports: Ports) -> None:
        self._leave()
        self.door = self._shop.enter(ports)

    def _leave(self) -> None:
        if self._answerer is not None:
            self._answerer.close()
        door, self.door, self._answerer = self.door, None, None
        if door is not None:
            door.close()
            self._listen(door)

    def _prepare(self, asked: Respond) -> None:
        """Let what is called for be answered as it is asked for now."""
        door = self.door
        if door is None:
            return
        rehearse(self._shop.address, asked)
        if self._answerer is not None:
            self._answerer.close()
        self._answerer = Answerer(
            partner(self._shop.address, asked),
            lambda number, clip: door.ask(order.Answered(number, clip)),
            door.told.append,
        )
        door.called = self._answerer.ask

    def _ask(self, what: order.Order) -> None:
        if self.door is None:
            raise PortError("the gig is not open, allowed is to open it first, with its ports")
        if isinstance(what, order.Choose) and self.door.state is not None:
            ports = [port.name for port in self.door.state.inputs]
            stages = calibrated(what.stages, ports)
            what = order.Choose(name=what.name, stages=stages, seed=what.seed)
        self.door.ask(what)


def _play(asked: Play, _shop: Shop) -> order.Play:
    return order.Play(score=_sheet(asked.clips, asked.seed), loops=asked.loops)


def _choose(asked: Choose, shop: Shop) -> order.Choose:
    if asked.preset and asked.stages:
        raise AskedError("preset and stages are both there, allowed is one of them", "preset")
    with _blamed("preset"):
        stages = shop.shelf.find(asked.preset).stages if asked.preset else asked.stages
    return order.Choose(name=asked.preset, stages=stages, seed=asked.seed)


def _record(asked: Record, shop: Shop) -> order.Record:
    path = shop.takes / f"{asked.name}.mid"
    with _blamed("name"):
        refuse_existing(path, overwrite=False)
    return order.Record(folder=str(shop.takes), output=str(path), what=asked.what)


ORDERS: dict[type[Asked], Callable[[Any, Shop], order.Order]] = {
    Choose: _choose,
    Finish: lambda _asked, _: order.Finish(),
    Learn: lambda asked, _: order.Learn(stage=asked.stage, option=asked.option),
    Panic: lambda _asked, _: order.Panic(),
    Play: _play,
    Record: _record,
    Respond: lambda asked, _: order.Respond(
        bars=asked.bars, channel=asked.channel, seed=asked.seed
    ),
    Stop: lambda _asked, _: order.Stop(),
    Swap: lambda asked, _: order.Swap(_sheet(asked.clips, asked.seed)),
    Turn: lambda asked, _: order.Turn(stage=asked.stage, options=asked.options),
}
"""What is told to the process that plays, by what is asked."""


def _sheet(clips: Clips, seed: int) -> Sheet:
    return to_sheet(clip_score(clips, seed=seed))


@contextmanager
def _blamed(field: str) -> Iterator[None]:
    """Say of what goes wrong that a field is at fault."""
    try:
        yield
    except BridgeError as error:
        raise AskedError(str(error), field) from error


def _busy(asked: Asked, message: str) -> Failure:
    return Failure(asked.id, code=Code.BUSY, message=message, field="gig")


def _failure(asked: Asked, error: Exception) -> Failure:
    """Return why something asked cannot be done."""
    code, message, field = Code.INTERNAL, str(error), ""
    match error:
        case RefusedError():
            code, message, field = (
                error.failure.code,
                error.failure.message,
                error.failure.field,
            )
        case OptionError() | AskedError():
            code, field = Code.INVALID, error.field
        case OrderError():
            code, field = error.code, error.field
        case PortError():
            code = Code.PORT
        case BridgeError() | EngineError():
            log.warning("what was asked of gig %s cannot be done: %s", asked.gig, error)
        case _:
            log.error("a gig failed", exc_info=error)
            message = f"the gig failed: {type(error).__name__}"
    return Failure(asked.id, code=code, message=message, field=field)
