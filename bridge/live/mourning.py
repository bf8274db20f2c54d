"""End what a process that died has left sounding, from another process."""

import threading
from contextlib import suppress

from bridge.error import BridgeError
from bridge.live.ledger import Ledger
from bridge.live.order import Sign
from bridge.ports.jack_system import LAST_S
from bridge.ports.port import AT_ONCE, Output, PortError, System
from bridge.ports.systems import opened
from engines.live.event import Event

SILENT = "nothing sounded"

STEADY = 50
"""After so many ticks a system runs steadily."""


def mourn(ledger: Ledger, last: Sign | None) -> str:
    """End what a ledger holds, wherever it was heard, and say what became of it.

    Args:
        ledger: of the process that died.
        last: who was joined to its output then; None if nobody knows.
    """
    if ledger.silent:
        return SILENT
    try:
        silenced = last is not None and _silence(ledger, last)
    except BridgeError as error:
        return f"notes may sound still: {error}"
    if not silenced:
        return "notes may sound still: nobody knows at which ports"
    return "what it left sounding is ended"


def _silence(ledger: Ledger, last: Sign) -> bool:
    """Send the ends to all who are there still; return whether anybody is."""
    with opened(last.system, "yuragi-end") as system:
        outputs = _joined(system, last.joined)
        if outputs:
            _wait_until_steady(system)
        for output in outputs:
            for data in ledger.ends():
                output.send(Event(AT_ONCE, data))
    return bool(outputs)


def _joined(system: System, peers: tuple[str, ...]) -> list[Output]:
    """Return a port to each peer that is there."""
    there, outputs = system.outputs(), []
    for peer in peers:
        with suppress(PortError):  # it has gone in this moment
            if peer in there:
                outputs.append(system.open_output(peer, _unheard))
    return outputs


def _wait_until_steady(system: System) -> None:
    """Start a system and wait until it runs: what JACK is given while it stalls is lost."""
    ticks: list[float] = []
    steady = threading.Event()

    def tick(until_s: float) -> None:
        ticks.append(until_s)
        if len(ticks) >= STEADY:
            steady.set()

    try:
        system.start(tick)
    except PortError:  # one has gone in this moment: the others are joined by this
        system.watch()
    steady.wait(LAST_S)


def _unheard(_event: Event) -> None:
    """Enter nothing: the ledger is read no more."""
