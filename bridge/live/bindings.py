"""Bind options to controllers: MIDI learn."""

from typing import Any, NamedTuple

from engines.error import OptionError
from engines.live.chain import LiveChain
from engines.live.event import ALL_SOUND_OFF, CONTROL, HOLDS, Event
from engines.option import allowed, schema


class Bound(NamedTuple):
    """Name an option of a stage, with the rule of its schema."""

    stage: int
    engine: str
    option: str
    rule: dict[str, Any]


class Bindings:
    """Know which controller turns which option. Pedals and channel mode messages turn none."""

    def __init__(self) -> None:
        self._bound: dict[tuple[int, int], Bound] = {}
        self._learning: Bound | None = None

    def learn(self, chain: LiveChain, stage: int, option: str) -> None:
        """Bind an option to the next controller that moves; no option calls that off.

        Raises:
            OptionError: the engine has no such option, or it is no number, switch or choice.
        """
        if not option:
            self._learning = None
            return
        engine = chain.engines[stage]
        properties = schema(engine)["properties"]
        if option not in properties:
            known = ", ".join(properties) or "none"
            raise OptionError(option, f"is no option of {engine.name}, allowed are {known}")
        rule = properties[option]
        if _turned(rule, 0) is None:
            what = f"takes {allowed(rule)}, allowed are options that one knob can turn"
            raise OptionError(option, what)
        self._learning = Bound(stage, engine.name.removeprefix("live."), option, rule)

    def take(self, event: Event) -> tuple[int, dict[str, Any]] | None:
        """Return the stage and the option's new value that a controller says; None if none."""
        if event.status != CONTROL or event.data[1] in HOLDS or event.data[1] >= ALL_SOUND_OFF:
            return None
        if self._learning is not None:
            lost = [which for which, bound in self._bound.items() if bound == self._learning]
            for which in lost:
                del self._bound[which]
            self._bound[event.key] = self._learning
            self._learning = None
        bound = self._bound.get(event.key)
        return bound and (bound.stage, {bound.option: _turned(bound.rule, event.data[2])})

    def clear(self) -> None:
        """Forget all: the chain is another one."""
        self._bound.clear()
        self._learning = None

    def sentences(self) -> tuple[str, ...]:
        """Return what is bound to what, for people; any thread may ask."""
        learning, bound_now = self._learning, tuple(self._bound.items())
        what = f"{learning.option} of {learning.engine}" if learning else ""
        waits = (f"move a controller for {what}",) if learning else ()
        return waits + tuple(
            f"controller {number} of channel {channel + 1} turns {bound.option} of {bound.engine}"
            for (channel, number), bound in bound_now
        )


def _turned(rule: dict[str, Any], value: int) -> Any:
    """Return what a controller's value from 0 to 127 means to an option; None if nothing."""
    if "enum" in rule:
        return rule["enum"][value * len(rule["enum"]) // 128]
    if rule.get("type") == "boolean":
        return value >= 64
    low, high = rule.get("minimum"), rule.get("maximum")
    if rule.get("type") not in {"number", "integer"} or low is None or high is None:
        return None
    turned = low + (high - low) * value / 127
    return round(turned) if rule["type"] == "integer" else turned
