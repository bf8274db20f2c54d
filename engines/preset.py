"""Read presets and fold their stages over clips."""

import math
import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from engines.band import seated
from engines.clip import ROLES, Clip, Role
from engines.contract import annotate, keep_outside, uphold
from engines.engine import Context, Engine, Kind, Options
from engines.error import EngineError, OptionError
from engines.option import read_options, schema
from engines.progress import ignore_progress
from engines.reading import read
from engines.registry import engines, find
from engines.stage import Stage
from engines.target import EVERYTHING, Target
from engines.warning import ignore_warning


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Be an ordered chain of stages with a sentence for musicians."""

    name: str
    summary: str
    role: Role
    stages: Annotated[tuple[Stage, ...], Meta(min_length=1, max_length=32)]

    @property
    def kind(self) -> Kind:
        """What a request by it is: "generator" if a stage generates, else "humanizer"."""
        kinds = {find(stage.engine).kind for stage in self.stages}
        return "generator" if "generator" in kinds else "humanizer"

    @property
    def engines(self) -> tuple[str, ...]:
        """The names of its engines in order, once each."""
        return tuple(dict.fromkeys(stage.engine for stage in self.stages))


class Chain:
    """Be a checked chain of stages, ready to render.

    Args:
        stages: engines and options, in order.
        amount: multiplies every stage's own `amount`, 0 to 2.
        amounts: by the names of engines or the ends of them, what else multiplies theirs, 0 to 2.

    Raises:
        OptionError: an unknown engine or option, or a value that is not allowed; the field
            begins with `stages[i]`, or with `amounts`.
    """

    def __init__(
        self,
        stages: Iterable[Stage],
        amount: float = 1.0,
        amounts: Mapping[str, float] = {},
    ) -> None:
        _check_names(amounts)
        self.steps = [
            _checked(index, stage, amount * _factor(stage.engine, amounts))
            for index, stage in enumerate(stages)
        ]

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
        warn: Callable[[str], None] = ignore_warning,
    ) -> tuple[Clip, ...]:
        """Return the clips after all stages; outside the target they are as they were.

        After a generator the notes that were there before it stay as they are. What engines could
        not do is told to `warn` in sentences. Players sit in an order of their own, so that with
        the clips in another order each still plays the same.

        Raises:
            EngineError: a clip does not suit an engine, or an engine broke its contract.
            CancelledError: passed on from `progress`.
        """
        rows = seated(clips)
        clips = tuple(clips[row] for row in rows)
        first, steps = clips, max(1, len(self.steps) * len(clips))
        written = _Written(clips, target)
        for index, (engine, options) in enumerate(self.steps):
            if getattr(options, "amount", 1) == 0:
                continue
            done = []
            for part, clip in enumerate(clips):
                told = _share(progress, index * len(clips) + part, steps)
                context = written.context(
                    part, seed=seed, stage=index, engine=engine.name, progress=told, warn=warn
                )
                after = engine(clip, options, context)
                done.append(written.held(part, clip, after, kind=engine.kind))
            clips = tuple(done)
            if engine.kind == "generator":
                written = _Written(clips, target, first)
        return tuple(clips[rows.index(row)] for row in range(len(rows)))


def with_options(stages: Iterable[Stage], options: Mapping[str, Any]) -> tuple[Stage, ...]:
    """Return the stages with values for some options, in every stage whose engine has them.

    Raises:
        OptionError: no stage has an option of that name; the field begins with `options`.
    """
    stages = tuple(stages)
    if not options:
        return stages
    known = [_options_of(stage) for stage in stages]
    for name in options:
        if not any(name in names for names in known):
            every = ", ".join(sorted(frozenset().union(*known))) or "none"
            raise OptionError(f"options.{name}", f"is no option of a stage, allowed are {every}")
    return tuple(
        Stage(stage.engine, {**stage.options, **{n: options[n] for n in options if n in names}})
        for stage, names in zip(stages, known, strict=True)
    )


def _options_of(stage: Stage) -> frozenset[str]:
    """Return the names of a stage's options; none if there is no such engine."""
    engine = engines().get(stage.engine)
    return frozenset(engine.Options.__struct_fields__ if engine else ())


class _Written:
    """Hold what every stage reads: the clips as they were written, and which rows are meant.

    Args:
        clips: as they were written, by the user or by a generator.
        target: what may change.
        spared: the clips before a generator; what it has kept of their notes is not meant.
    """

    def __init__(
        self, clips: tuple[Clip, ...], target: Target, spared: tuple[Clip, ...] = ()
    ) -> None:
        self.clips = clips
        self.target = target
        self.features = [read(clip) for clip in clips]
        self.movable = (
            [
                target.rows(clip) & ~np.isin(clip.notes.note_id, old.notes.note_id)
                for clip, old in zip(clips, spared, strict=True)
            ]
            if spared
            else [target.rows(clip) for clip in clips]
        )

    def context(self, part: int, **rest: Any) -> Context:
        """Return what an engine may draw on for one part."""
        return Context(self.clips, part, readings=self.features, target=self.target, **rest)

    def held(self, part: int, before: Clip, after: Clip, *, kind: Kind) -> Clip:
        """Return what an engine made of a part's clip, held to the contract and the target."""
        if after is before:
            return before
        if kind == "generator":
            return keep_outside(before, after, self.target)
        if kind == "analyser":
            return annotate(before, after)
        return uphold(before, after, self.movable[part], self.target)


def _share(progress: Callable[[float], None], begun: int, steps: int) -> Callable[[float], None]:
    """Return a listener to one of so many steps, for somebody who listens to them all."""
    return lambda fraction: progress((begun + fraction) / steps)


def parse_preset(name: str, text: str) -> Preset:
    """Read a preset from TOML: `summary`, `role` and a list of `[[stage]]` tables.

    A stage's table holds `engine` and that engine's options.

    Raises:
        EngineError: the text is no TOML, or lacks or misspells a part.
    """
    try:
        table = tomllib.loads(text)
        if table.get("role") not in ROLES:
            raise OptionError("role", f"is {table.get('role')!r}, allowed are {', '.join(ROLES)}")
        stages = parse_stages(table.pop("stage", None))
        preset = msgspec.convert({**table, "name": name, "stages": stages}, Preset)
        Chain(preset.stages)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, EngineError) as error:
        raise EngineError(f"preset {name} cannot be used: {error}") from error
    return preset


def parse_stages(tables: Any) -> list[dict[str, Any]]:
    """Return what `[[stage]]` tables say, ready to be made stages.

    Raises:
        OptionError: they are no list of tables.
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise OptionError("stage", "is not there as it should be, allowed are [[stage]] tables")
    return [{"engine": table.pop("engine", ""), "options": table} for table in tables]


def _checked(index: int, stage: Stage, amount: float) -> tuple[Engine, Options]:
    try:
        engine = find(stage.engine)
    except OptionError as error:
        raise error.under(f"stages[{index}]") from None
    try:
        return engine, _scaled(engine, read_options(engine, stage.options), amount)
    except OptionError as error:
        raise error.under(f"stages[{index}].options") from None


def _check_names(amounts: Mapping[str, float]) -> None:
    """Refuse an amount that is for no engine there is."""
    known = {name for engine in engines() for name in _names(engine)} if amounts else set()
    for name in amounts:
        if name not in known:
            every = ", ".join(sorted(known))
            raise OptionError(f"amounts.{name}", f"is for no engine, allowed are {every}")


def _factor(engine: str, amounts: Mapping[str, float]) -> float:
    """Return what an engine's own amount is multiplied by, under all of its names."""
    return math.prod(amounts.get(name, 1.0) for name in _names(engine))


def _names(engine: str) -> list[str]:
    """Return an engine's name and each end of it behind a dot: rules.groove is a groove too."""
    parts = engine.split(".")
    return [".".join(parts[first:]) for first in range(len(parts))]


def _scaled(engine: Engine, options: Options, amount: float) -> Options:
    """Multiply the options' own amount, within the range of its dial."""
    own = getattr(options, "amount", None)
    if own is None or amount == 1:
        return options
    low, high = _amounts(engine.name)
    return msgspec.structs.replace(options, amount=min(max(own * amount, low), high))


@cache
def _amounts(engine: str) -> tuple[float, float]:
    """Return the range of the dial `amount` of an engine."""
    rule = schema(find(engine))["properties"]["amount"]
    return rule.get("minimum", -math.inf), rule.get("maximum", math.inf)
