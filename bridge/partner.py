"""Answer phrases by rendering them at a server."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from bridge.client import Client
from bridge.error import RefusedError
from bridge.gig_protocol import Respond
from bridge.live.answerer import Make
from bridge.live.order import Called
from bridge.message import Code
from engines.clip import Clip, Notes, Role

REHEARSAL_S = 10.0
"""So long a preset may take the first time: learned engines load, and a process starts."""

LEAST_S = 1e-3
"""A deadline is later than now."""

PHRASE = Clip(
    Notes(
        pitch=np.array([60, 62, 64, 67]),
        onset=np.arange(4.0),
        duration=np.full(4, 0.5),
        velocity=np.full(4, 80.0),
    ),
    length=4.0,
)


@contextmanager
def partner(address: str, asked: Respond) -> Iterator[Make]:
    """Yield what answers a call as it was asked for; for one thread."""
    with Client(address) as client:
        role = _role(client, asked)

        def make(call: Called) -> Clip:
            answer = client.render(
                (call.clip.replace(role=role),),
                preset=asked.preset,
                stages=asked.stages,
                seed=(asked.seed + call.number) % 2**53,
                deadline_ms=max(call.within_s, LEAST_S) * 1e3,
            )
            return answer.takes[0][0]

        yield make


def rehearse(address: str, asked: Respond) -> None:
    """Answer a phrase that nobody hears, so that the first one that counts takes no longer.

    Raises:
        RefusedError: there is no such preset, or it takes too long.
    """
    try:
        with partner(address, asked) as make:
            make(Called(0, PHRASE, REHEARSAL_S))
    except RefusedError as error:
        if error.failure.code != Code.ENGINE:  # another phrase may be one that it can answer
            raise


def _role(client: Client, asked: Respond) -> Role:
    """Return the role that a generator among the stages asks of a clip, if any does."""
    welcome = client.hello()
    stages = {preset["name"]: preset["engines"] for preset in welcome.presets}
    names = stages.get(asked.preset, [stage.engine for stage in asked.stages])
    reads: dict[str, Role | None] = {engine["name"]: engine["reads"] for engine in welcome.engines}
    return next((role for name in names if (role := reads.get(name)) not in {None, "auto"}), "auto")
