"""Read presets and fold their stages over clips."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from engines.clip import Clip, Role
from engines.contract import keep_outside, uphold
from engines.engine import Context, Engine, Options
from engines.error import EngineError, OptionError
from engines.features import Features
from engines.option import read_options
from engines.progress import ignore_progress
from engines.registry import find
from engines.stage import Stage
from engines.target import EVERYTHING, Target


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Be an ordered chain of stages with a sentence for musicians."""

    name: str
    summary: str
    role: Role
    stages: Annotated[tuple[Stage, ...], Meta(min_length=1, max_length=32)]


class Chain:
    """Be a checked chain of stages, ready to render.

    Args:
        stages: engines and options, in order.
        amount: multiplies every stage's own `amount`, 0 to 2.

    Raises:
        OptionError: an unknown engine or option, or a value that is not allowed; the field begins
            with `stages[i]`.
    """

    def __init__(self, stages: Iterable[Stage], amount: float = 1.0) -> None:
        self.steps = [_checked(index, stage, amount) for index, stage in enumerate(stages)]

    @property
    def generates(self) -> bool:
        """Whether a stage is a generator."""
        return any(engine.kind == "generator" for engine, _ in self.steps)

    def render(
        self,
        clips: tuple[Clip, ...],
        *,
        seed: int,
        target: Target = EVERYTHING,
        progress: Callable[[float], None] = ignore_progress,
    ) -> tuple[Clip, ...]:
        """Return the clips after all stages; outside the target they are as they were.

        Raises:
            EngineError: a clip does not suit an engine, or an engine broke its contract.
            CancelledError: passed on from `progress`.
        """
        written, share = clips, 1.0 / max(1, len(self.steps) * len(clips))
        features = [Features(clip) for clip in written]
        movable = [target.rows(clip) for clip in written]
        for index, (engine, options) in enumerate(self.steps):
            done: list[Clip] = []
            for part, clip in enumerate(clips):
                begun = (index * len(clips) + part) * share
                context = Context(
                    written,
                    part,
                    seed=seed,
                    stage=index,
                    engine=engine.name,
                    features=features[part],
                    progress=lambda fraction, begun=begun: progress(begun + fraction * share),  # type: ignore[misc]
                )
                done.append(_run((engine, options), clip, context, target, movable[part]))
            clips = tuple(done)
            if engine.kind == "generator":
                written, features = clips, [Features(clip) for clip in clips]
                movable = [target.rows(clip) for clip in written]
        return clips


def parse_preset(name: str, text: str) -> Preset:
    """Read a preset from TOML: `summary`, `role` and a list of `[[stage]]` tables.

    A stage's table holds `engine` and that engine's options.

    Raises:
        EngineError: the text is no TOML, or lacks or misspells a part.
    """
    try:
        table = tomllib.loads(text)
        stages = [_parse_stage(stage) for stage in table.pop("stage", [])]
        preset = msgspec.convert({**table, "name": name, "stages": stages}, Preset)
        Chain(preset.stages)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, EngineError) as error:
        raise EngineError(f"preset {name} cannot be used: {error}") from error
    return preset


def _parse_stage(table: Mapping[str, Any]) -> dict[str, Any]:
    options = dict(table)
    return {"engine": options.pop("engine", ""), "options": options}


def _checked(index: int, stage: Stage, amount: float) -> tuple[Engine, Options]:
    try:
        engine = find(stage.engine)
    except OptionError as error:
        raise error.under(f"stages[{index}]") from None
    try:
        return engine, _scaled(read_options(engine, stage.options), amount)
    except OptionError as error:
        raise error.under(f"stages[{index}].options") from None


def _scaled(options: Options, amount: float) -> Options:
    own = getattr(options, "amount", None)
    return (
        options
        if own is None or amount == 1
        else msgspec.structs.replace(options, amount=own * amount)
    )


def _run(
    step: tuple[Engine, Options], clip: Clip, context: Context, target: Target, movable: np.ndarray
) -> Clip:
    """Run one stage on one clip and hold it to its contract and the target."""
    engine, options = step
    if getattr(options, "amount", 1) == 0:
        return clip
    after = engine(clip, options, context)
    if engine.kind == "generator":
        return keep_outside(clip, after, target)
    return uphold(clip, after, movable, target)
