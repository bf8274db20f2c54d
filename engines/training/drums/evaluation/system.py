"""Say what is asked of a system that plays drums."""

from collections.abc import Sequence
from typing import Protocol

from engines.training.drums.evaluation.window import Case, Played, Window


class System(Protocol):
    """Guess how written hits are played.

    `border_bars` says after how many bars of a long clip it may start anew; 0 where it plays no hit
    by what is around it, so that there is nothing to hear.
    """

    name: str
    border_bars: int

    def fit(self, lessons: Sequence[Case]) -> None:
        """Learn from windows, none of which is judged; nothing for who has learned before."""
        ...

    def predict(self, window: Window) -> Played:
        """Return what is to be expected; of who only plays by chance, one performance.

        Args:
            window: two bars, or any other number of them.
        """
        ...

    def sample(self, window: Window, seed: int) -> Played:
        """Return one performance, another for each seed."""
        ...


def drawn(system: System, window: Window, samples: int) -> list[Played]:
    """Return samples; two of a system that always plays the same."""
    found = [system.sample(window, 0), system.sample(window, 1)]
    if all((one == other).all() for one, other in zip(*found, strict=True)):
        return found
    return found + [system.sample(window, seed) for seed in range(2, samples)]
