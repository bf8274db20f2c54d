"""Say how ports and chains stand, as clients are told."""

from typing import Any

from bridge.gig_protocol import Port
from bridge.ports.port import Status
from engines.live.chain import LiveChain
from engines.live.engine import Player


def port_state(status: Status) -> Port:
    """Return how a port stands."""
    return Port(status.peer or status.name, status.there, status.joined)


def chain_state(chain: LiveChain) -> dict[str, Any]:
    """Return the fields of `State` that tell of a chain; any thread may ask."""
    return {
        "engines": tuple(engine.name for engine in chain.engines),
        "options": tuple(_values(options) for options in chain.options),
        "learning": max((getattr(one, "learning", 0.0) for one in chain.players), default=0.0),
        "learned": next((learned for one in chain.players if (learned := _learned(one))), ()),
    }


def _learned(player: Player) -> tuple[float, ...]:
    learned: tuple[float, ...] = getattr(player, "learned", ())
    return learned


def _values(options: Any) -> dict[str, Any]:
    return {name: getattr(options, name) for name in options.__struct_fields__}
