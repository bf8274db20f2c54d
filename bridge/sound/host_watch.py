"""Know when a plug-in has kept its process for too long, or the process does not go on."""

from bridge.witness import Sight

LOOK_S = 0.05
"""How often it is looked, while nothing comes."""

LONGEST_LOOK_S = 0.2
"""Between two looks no more counts: who looks may have been held up, and the plug-in with it."""

STUCK_S = 120.0
"""So long a process that is in no plug-in may not move: a loaded machine is slow."""


class HostWatch:
    """Add up how long a process has not moved. Time is handed in, in seconds of a steady clock."""

    def __init__(self, now_s: float) -> None:
        self._moves = -1
        self._looked_s = now_s
        self.still_s = 0.0

    def look(self, sight: Sight, now_s: float) -> bool:
        """Return whether the process, or the plug-in that it is in, has had its time."""
        passed_s = min(now_s - self._looked_s, LONGEST_LOOK_S)
        self.still_s = self.still_s + passed_s if sight.moves == self._moves else 0.0
        self._moves, self._looked_s = sight.moves, now_s
        return self.still_s > (sight.patience_s if sight.within else STUCK_S)
