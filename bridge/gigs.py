"""Keep the gigs that a server's clients have opened, and carry out what is asked of them.

Opening a port may take seconds, so each gig has a thread that asks its process and waits; answers
are laid down for the server's own thread.
"""

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
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
from bridge.live.recovery import takes_folder
from bridge.live.sheet import Sheet, to_sheet
from bridge.live.stage_door import OrderError, StageDoor
from bridge.live_shelf import LiveShelf
from bridge.message import Code, Failure, Reply
from bridge.partner import partner, rehearse
from bridge.ports.port import PortError
from bridge.write_whole import refuse_existing
from engines.error import EngineError, OptionError

log = logging.getLogger(__name__)

MOST = 8
"""So many gigs may be open at once: JACK takes no more clients than some dozens."""


class Gigs:
    """Be all gigs of a server.

    Args:
        shelf: the live presets.
        ready: called, from any thread, when an answer was laid down.
        address: that of the server, at which answers to phrases are rendered.
        takes: the folder of recorded takes; without one, the user's.

    Attributes:
        answers: who is to be sent what; the owner empties it.
    """

    def __init__(
        self,
        shelf: LiveShelf,
        ready: Callable[[], None],
        address: str,
        takes: Path | None = None,
    ) -> None:
        self.answers: deque[tuple[bytes, Reply]] = deque()
        self._shop = Shop(shelf, address, takes or takes_folder())
        self._ready = ready
        self._gigs: dict[str, _Gig] = {}

    @property
    def busy(self) -> bool:
        """Whether a gig is open, or something is under way."""
        return any(gig.busy for gig in self._gigs.values())

    def ask(self, peer: bytes, asked: Asked) -> None:
        """Carry out what a peer asks; the answer follows."""
        gig = self._gigs.get(asked.gig)
        if gig is None:
            idle = [name for name, one in self._gigs.items() if not one.busy]
            for name in idle:
                self._gigs.pop(name).close()
            if len(self._gigs) >= MOST:
                what = f"{MOST} gigs are open, allowed are no more: leave one"
                self._answer(peer, Failure(asked.id, code=Code.BUSY, message=what, field="gig"))
                return
            gig = self._gigs[asked.gig] = _Gig(self._shop)
        gig.begin(lambda: self._answer(peer, gig.answer(asked)))

    def close(self) -> None:
        """End all that sounds anywhere."""
        for gig in self._gigs.values():
            gig.close()

    def _answer(self, peer: bytes, reply: Reply) -> None:
        self.answers.append((peer, reply))
        self._ready()


class Shop(NamedTuple):
    """Hold what all gigs use: the live presets, the server, and the folder of recorded takes."""

    shelf: LiveShelf
    address: str
    takes: Path


class _Gig:
    """Be the way to one gig, with a thread of its own."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._door: StageDoor | None = None
        self._answerer: Answerer | None = None
        self._waiting = 0
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="yuragi gig")

    @property
    def busy(self) -> bool:
        return self._door is not None or self._waiting > 0

    def begin(self, work: Callable[[], None]) -> None:
        self._waiting += 1
        self._thread.submit(self._do, work)

    def close(self) -> None:
        self._thread.submit(self._leave)
        self._thread.shutdown()

    def answer(self, asked: Asked) -> Reply:
        """Carry out what is asked and return the answer."""
        try:
            self._carry_out(asked)
            return self._standing(asked)
        except Exception as error:  # whoever asked shall have it
            return _failure(asked, error)

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        finally:
            self._waiting -= 1

    def _carry_out(self, asked: Asked) -> None:
        match asked:
            case Stand():
                return
            case Open():
                self._open(asked.ports)
            case Leave():
                self._leave()
            case _:
                if isinstance(asked, Play | Respond) and asked.ports and self._door is None:
                    self._open(asked.ports)
                if isinstance(asked, Respond):
                    self._prepare(asked)
                self._ask(ORDERS[type(asked)](asked, self._shop))

    def _standing(self, asked: Asked) -> Standing:
        door = self._door
        if door is None:
            return Standing(asked.id, gig=asked.gig, state=None)
        door.ask(order.Ask())
        told = [door.told.popleft() for _ in range(len(door.told))]
        return Standing(asked.id, gig=asked.gig, state=door.state, told=told)

    def _open(self, ports: Ports) -> None:
        self._leave()
        self._door = StageDoor(ports)

    def _leave(self) -> None:
        if self._answerer is not None:
            self._answerer.close()
        door, self._door, self._answerer = self._door, None, None
        if door is not None:
            door.close()

    def _prepare(self, asked: Respond) -> None:
        """Let what is called for be answered as it is asked for now."""
        door = self._door
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
        if self._door is None:
            raise PortError("the gig is not open, allowed is to open it first, with its ports")
        if isinstance(what, order.Choose) and self._door.state is not None:
            ports = [port.name for port in self._door.state.inputs]
            stages = calibrated(what.stages, ports)
            what = order.Choose(name=what.name, stages=stages, seed=what.seed)
        try:
            self._door.ask(what)
        except OrderError:
            if not self._door.alive:
                self._leave()
            raise


def _play(asked: Play, _shop: Shop) -> order.Play:
    return order.Play(score=_sheet(asked.clips, asked.seed), loops=asked.loops)


def _choose(asked: Choose, shop: Shop) -> order.Choose:
    if asked.preset and asked.stages:
        raise BridgeError("preset and stages are both there, allowed is one of them")
    stages = shop.shelf.find(asked.preset).stages if asked.preset else asked.stages
    return order.Choose(name=asked.preset, stages=stages, seed=asked.seed)


def _record(asked: Record, shop: Shop) -> order.Record:
    path = shop.takes / f"{asked.name}.mid"
    refuse_existing(path, overwrite=False)
    return order.Record(folder=str(takes_folder()), output=str(path), what=asked.what)


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


def _failure(asked: Asked, error: Exception) -> Failure:
    """Return why something asked cannot be done."""
    code, message, field = Code.INVALID, str(error), ""
    match error:
        case RefusedError():
            code, message, field = (
                error.failure.code,
                error.failure.message,
                error.failure.field,
            )
        case OptionError():
            field = error.field
        case OrderError():
            code, field = error.code, error.field
        case PortError() | OSError():
            code = Code.PORT
        case BridgeError() | EngineError():
            field = message.split(" ", 1)[0]
        case _:
            log.error("a gig failed", exc_info=error)
            code, message = Code.INTERNAL, f"the gig failed: {type(error).__name__}"
    return Failure(asked.id, code=code, message=message, field=field)
