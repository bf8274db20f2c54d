"""Define what an engine is: a name, a summary, its options and one call.

An engine turns a clip into a clip and touches nothing else: no file, no socket, no clock, no global
random state. Everything that it may draw on comes in through its `Context`.
"""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import msgspec
import numpy as np

from engines.clip import Clip, Role
from engines.features import Features
from engines.progress import ignore_progress
from engines.stream import stream
from engines.target import EVERYTHING, Target
from engines.warning import ignore_warning

Kind = Literal["humanizer", "generator", "analyser"]


class Options(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Be the root of every engine's options.

    Each field is `Annotated[type, dial(...)]` with a default; see `engines.option`.
    """


@runtime_checkable
class Engine(Protocol):
    """Turn a clip into a clip.

    A humanizer returns the same notes in the same rows, with the same ids and pitches, and with
    its option `amount` at 0 it returns the clip itself. A generator may add notes. An analyser
    returns the clip with more said about it (key, chords, role), its notes untouched.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    kind: ClassVar[Kind]
    Options: ClassVar[type[Options]]

    def __call__(self, clip: Clip, options: Any, context: "Context") -> Clip:
        """Return the new clip.

        Raises:
            EngineError: the clip or the options do not suit the engine.
            CancelledError: passed on from `context.progress`.
        """
        ...


def reads(engine: Engine) -> Role | None:
    """Return what a clip should play for a generator to go by its notes; None if it goes by none.

    A generator says so by a class attribute, so that doors ask for a clip: `reads = "drums"` if it
    needs one of that role, "auto" if any may be given, or none.
    """
    role: Role | None = getattr(engine, "reads", None)
    return role


class Context:
    """Hand an engine what it may draw on: random streams, the written music, the other parts.

    Args:
        ensemble: the clips that play together, as they came with the request.
        part: which of them this call is about.
        seed: the request's seed, 0 to 2**63 - 1.
        stage: the index of the engine in its preset.
        engine: the engine's name.
        readings: the features of all clips, if somebody has them already; they are computed at
            first use.
        progress: called with a fraction from 0 to 1; raises CancelledError to stop the engine.
        warn: called with a sentence for the user about what the engine could not do.
        target: what the request may change; whoever calls the engine puts back all else, so only
            an engine that writes up to its end needs to know.
    """

    def __init__(
        self,
        ensemble: tuple[Clip, ...],
        part: int = 0,
        *,
        seed: int = 0,
        stage: int = 0,
        engine: str = "",
        readings: Sequence[Features] | None = None,
        progress: Callable[[float], None] = ignore_progress,
        warn: Callable[[str], None] = ignore_warning,
        target: Target = EVERYTHING,
    ) -> None:
        self.ensemble = ensemble
        self.part = part
        self.seed = seed
        """Names a stream for what the engines of a request have in common, whatever the stage."""
        self.progress = progress
        self.warn = warn
        self.target = target
        self.readings = readings or [Features(clip) for clip in ensemble]
        """What each written clip of the ensemble says."""
        self.features = self.readings[part]
        """What the written clip says: metre, chords, phrases; a row for each of its notes."""
        self.names = (seed, stage, engine)
        """What all random streams are named after."""

    def of(self, part: int) -> "Context":
        """Return what the same engine may draw on for another part."""
        seed, stage, engine = self.names
        return Context(
            self.ensemble,
            part,
            seed=seed,
            stage=stage,
            engine=engine,
            readings=self.readings,
            progress=self.progress,
            warn=self.warn,
            target=self.target,
        )

    def rng(self, purpose: str) -> np.random.Generator:
        """Return this part's own random stream for a purpose; the same stream at each call."""
        return stream(*self.names, purpose, self.part)

    def shared_rng(self, purpose: str) -> np.random.Generator:
        """Return the stream that all parts of the ensemble share for a purpose."""
        return stream(*self.names, purpose)
