"""Know when a plug-in has kept its process for too long, or the process does not go on."""

from bridge.sound.process_time import ProcessTime
from bridge.witness import Sight

LOOK_S = 0.05
"""How often it is looked, while nothing comes."""

LONGEST_LOOK_S = 0.2
"""Between two looks no more counts: who looks may have been held up, and the plug-in with it."""

STUCK_S = 120.0
"""So long a process that is in no plug-in may not move: a loaded machine is slow."""


class HostWatch:
    """Add up how long a process has not moved.

    What it waits for the processor does not count: a machine may have much else to do. Time is
    handed in, in seconds of a steady clock.
    """

    def __init__(self, now_s: float) -> None:
        self._moves = -1
        self._looked_s = now_s
        self._ran_s = 0.0
        self._still_s = 0.0

    def look(self, sight: Sight, now_s: float, time: ProcessTime | None = None) -> bool:
        """Return whether the process, or the plug-in that it is in, has had its time."""
        passed_s = self._passed(now_s, time)
        self._still_s = self._still_s + passed_s if sight.moves == self._moves else 0.0
        self._moves = sight.moves
        return self._still_s > (sight.patience_s if sight.within else STUCK_S)

    def _passed(self, now_s: float, time: ProcessTime | None) -> float:
        """Return how long the process could go on since it was last looked at."""
        passed_s = min(now_s - self._looked_s, LONGEST_LOOK_S)
        self._looked_s = now_s
        if time is None:
            return passed_s
        ran_s, self._ran_s = time.ran_s - self._ran_s, time.ran_s
        return min(passed_s, ran_s) if time.wants else passed_s
