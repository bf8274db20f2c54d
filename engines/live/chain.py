"""Chain live players: what one says, the next one hears."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engines.engine import Options
from engines.error import OptionError
from engines.live.engine import NEVER, LiveContext, LiveEngine, Player, Pulse, Silence
from engines.live.event import Event
from engines.option import read_options
from engines.registry import find_live
from engines.stage import Stage
from engines.warning import ignore_warning


class LiveChain:
    """Be a checked chain of live players, each of which hears what the one before says.

    Args:
        stages: live engines and options, in order.
        seed: names the random streams of all.
        pulse: where the song is.
        warn: called with sentences for the player.

    Raises:
        OptionError: an unknown engine or option, or a value that is not allowed; the field begins
            with `stages[i]`.
    """

    def __init__(
        self,
        stages: Iterable[Stage],
        *,
        seed: int = 0,
        pulse: Pulse | None = None,
        warn: Any = ignore_warning,
    ) -> None:
        self.engines: list[LiveEngine] = []
        self.options: list[Options] = []
        self.players: list[Player] = []
        for index, (engine, options) in enumerate(checked(stages)):
            context = LiveContext(
                seed=seed, stage=index, engine=engine.name, pulse=pulse or Silence(), warn=warn
            )
            self.engines.append(engine)
            self.options.append(options)
            self.players.append(engine(options, context))

    @property
    def due_s(self) -> float:
        """When `wake` wants to be called."""
        return min((player.due_s for player in self.players), default=NEVER)

    def hear(self, event: Event) -> list[Event]:
        """Return what sounds because of an event."""
        return self._pass_on([event], 0)

    def wake(self, now_s: float) -> list[Event]:
        """Return what sounds because a time has come, in order of time."""
        said: list[Event] = []
        woken_s = -NEVER
        while woken_s < self.due_s <= now_s:
            woken_s = self.due_s
            for index, player in enumerate(self.players):
                if player.due_s <= woken_s:
                    said += self._pass_on(player.wake(woken_s), index + 1)
        return said

    def turn(self, stage: int, changes: Mapping[str, Any], now_s: float) -> list[Event]:
        """Give one stage other values for some options, and return what sounds because of it.

        Raises:
            OptionError: there is no such stage or option, or the value is not allowed.
        """
        if not 0 <= stage < len(self.players):
            raise OptionError("stage", f"is {stage}, allowed are 0 to {len(self.players) - 1}")
        engine, now = self.engines[stage], self.options[stage]
        values = {name: getattr(now, name) for name in now.__struct_fields__}
        self.options[stage] = read_options(engine, {**values, **changes})
        return self._pass_on(self.players[stage].turn(self.options[stage], now_s), stage + 1)

    def end(self, now_s: float) -> list[Event]:
        """End all that the players alone hold, and return what does that."""
        said: list[Event] = []
        for index, player in enumerate(self.players):
            told = player.end(now_s)
            said += self._pass_on(told, index + 1)
            now_s = max([now_s, *(event.time_s for event in told)])  # the next ends after that
        return said

    def _pass_on(self, events: Sequence[Event], index: int) -> list[Event]:
        """Let the players from one on hear events, and return what the last of them says."""
        heard = list(events)
        for player in self.players[index:]:
            heard = [said for event in heard for said in player.hear(event)]
        return heard


def checked(stages: Iterable[Stage]) -> list[tuple[LiveEngine, Options]]:
    """Return each stage's engine and its options, without making players.

    Raises:
        OptionError: as `LiveChain`.
    """
    return [_checked(index, stage) for index, stage in enumerate(stages)]


def _checked(index: int, stage: Stage) -> tuple[LiveEngine, Options]:
    try:
        engine = find_live(stage.engine)
    except OptionError as error:
        raise error.under(f"stages[{index}]") from None
    try:
        return engine, read_options(engine, stage.options)
    except OptionError as error:
        raise error.under(f"stages[{index}].options") from None
