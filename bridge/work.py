"""Render one checked request: what both lanes do, and what a replay does again."""

from collections.abc import Callable
from time import perf_counter
from typing import NamedTuple

import msgspec

from bridge.message import Code
from bridge.protocol import Render, Rendered, Timings
from engines.clip import Clip
from engines.error import CancelledError, EngineError
from engines.preset import Chain
from engines.progress import ignore_progress
from engines.warning import Warnings

RESULT_NOTES = 1_000_000
"""All takes of a request together have at most this many notes: a frame of some 60 MB."""

Takes = tuple[tuple[Clip, ...], ...]


class Done(msgspec.Struct, frozen=True):
    """Be the result of a request that could be met."""

    takes: Takes
    engine_ms: float
    warnings: list[str] = []


class Failed(msgspec.Struct, frozen=True):
    """Be the result of a request that could not be met."""

    code: Code
    message: str


Result = Done | Failed


class TooManyNotesError(EngineError):
    """Report takes that have more notes than a reply may hold."""


class Fault(NamedTuple):
    """Pair a failed result with the error behind it, for the log; None where it is the client's."""

    result: Failed
    error: Exception | None


def render(
    request: Render,
    chain: Chain | None = None,
    progress: Callable[[float], None] = ignore_progress,
) -> Done | Fault:
    """Render a request whose preset has been replaced by its stages and whose seed is set.

    Take k has the seed `request.seed` + k, so that any take can be had again alone.
    """
    begun, warnings = perf_counter(), Warnings()
    try:
        chain = chain or Chain(request.stages, request.amount, request.amounts)
        takes = _takes(request, chain, progress, warnings)
    except CancelledError as error:
        return Fault(Failed(Code.CANCELLED, str(error) or "the request was cancelled"), None)
    except TooManyNotesError as error:
        return Fault(Failed(Code.TOO_LARGE, str(error)), None)
    except EngineError as error:
        return Fault(Failed(Code.ENGINE, str(error)), None)
    except Exception as error:  # an engine of a third party may raise anything
        message = f"an engine failed: {type(error).__name__}; the server's log has the details"
        return Fault(Failed(Code.INTERNAL, message), error)
    return Done(takes, (perf_counter() - begun) * 1e3, warnings.sentences)


def rendered(request: Render, done: Done, timings: Timings) -> Rendered:
    """Return the reply to a request that was met."""
    return Rendered(
        request.id,
        takes=done.takes,
        seed=request.seed or 0,
        timings=timings,
        warnings=done.warnings,
    )


def trouble_of(fault: Fault) -> str:
    """Return what the log should say of a fault of ours, or nothing."""
    return repr(fault.error) if fault.error is not None else ""


def _takes(
    request: Render, chain: Chain, progress: Callable[[float], None], warnings: Warnings
) -> Takes:
    takes: list[tuple[Clip, ...]] = []
    notes = 0
    for index in range(request.takes):
        takes.append(
            chain.render(
                request.clips,
                seed=(request.seed or 0) + index,
                target=request.target,
                progress=_share(progress, index, request.takes),
                warn=warnings,
            )
        )
        notes += sum(len(clip.notes) for clip in takes[-1])
        if notes > RESULT_NOTES:
            what = f"takes have {notes} notes and more, allowed are {RESULT_NOTES} in all of them"
            raise TooManyNotesError(what)
    return tuple(takes)


def _share(progress: Callable[[float], None], done: int, takes: int) -> Callable[[float], None]:
    """Return a listener to one of so many takes, for somebody who listens to them all."""
    return lambda fraction: progress((done + fraction) / takes)
