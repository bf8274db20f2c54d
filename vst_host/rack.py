"""Keep instruments and effects loaded, so that the next request need not wait for them.

What has been played is not played again: it is replaced by the same, freshly loaded, when there is
time. So the same request gives the same bytes, whatever was played before.
"""

import logging
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar, cast

import msgspec

from bridge.sound.bundle import stamp
from bridge.sound_protocol import Plugin
from vst_host.effect import PluginEffect
from vst_host.error import HostError
from vst_host.instrument import PluginInstrument
from vst_host.presence import Presence
from vst_host.soundfont import Soundfont

log = logging.getLogger(__name__)

KEPT = 32
"""So many are kept loaded."""

Unit = PluginInstrument | PluginEffect | Soundfont

U = TypeVar("U", bound=Unit)
U_co = TypeVar("U_co", bound=Unit, covariant=True)


class Recipe(NamedTuple, Generic[U_co]):
    """Say what is loaded: an instrument, an effect, or (a path) a soundfont."""

    kind: Callable[[Any, int, Presence, str], U_co]
    what: Plugin | str
    sample_rate: int

    @property
    def key(self) -> bytes:
        """What is the same for all that sound the same, as long as no file changes."""
        what = self.what
        files = (what,) if isinstance(what, str) else (what.path, what.preset)
        stamps = [stamp(Path(file)) for file in files if file]
        return msgspec.msgpack.encode((repr(self.kind), what, self.sample_rate, stamps))

    def make(self, presence: Presence, field: str) -> U_co:
        """Load it.

        Raises:
            HostError: it cannot be loaded.
        """
        return self.kind(self.what, self.sample_rate, presence, field)


class _Used(NamedTuple):
    """Be what has been played, and how it is loaded again."""

    recipe: Recipe[Unit]
    key: bytes
    unit: Unit
    presence: Presence


class Rack:
    """Be what is loaded. Only the main thread may touch it: plug-ins are loaded there."""

    def __init__(self) -> None:
        self._ready: dict[bytes, deque[Unit]] = {}
        self._used: deque[_Used] = deque()

    @property
    def loaded(self) -> int:
        """How many are ready to be taken."""
        return sum(map(len, self._ready.values()))

    def take(self, recipe: Recipe[U], presence: Presence, field: str) -> U:
        """Return one that has not been played.

        Raises:
            HostError: it cannot be loaded.
        """
        key = recipe.key
        ready = self._ready.pop(key, None)  # what is asked for again goes to the end: it stays
        if ready:
            unit = ready.popleft()
            if ready:
                self._ready[key] = ready
            return cast(U, unit)  # its key says what made it
        known = next((one for one in self._used if one.key == key), None)
        if known is not None:  # the fresh one replaces it; never both, for one may fill the memory
            self._used.remove(known)
            _close(known)
        return recipe.make(presence, field)

    def give_back(self, recipe: Recipe[U], unit: U, presence: Presence) -> None:
        """Take back what has been played."""
        self._used.append(_Used(recipe, recipe.key, unit, presence))
        if len(self._used) > KEPT:
            _close(self._used.popleft())

    def renew(self) -> bool:
        """Replace one of those that have been played; return whether there was one."""
        if not self._used:
            return False
        used = self._used.popleft()
        _close(used)  # first, for two may not fit in the memory
        try:
            fresh = used.recipe.make(used.presence, "")
        except HostError as error:
            log.warning("%s is not kept: %s", used.unit.path, error)
        except Exception:  # whatever a plug-in does, who asks for it next is told
            log.exception("%s is not kept", used.unit.path)
        else:
            self._ready.setdefault(used.key, deque()).append(fresh)
        self._trim(used.presence)
        return True

    def _trim(self, presence: Presence) -> None:
        """Close the one that nobody has asked for the longest, if there are too many."""
        if self.loaded <= KEPT:
            return
        key, units = next(iter(self._ready.items()))
        unit = units.popleft()
        if not units:
            del self._ready[key]
        with presence.closing(unit.path):
            unit.close()


def _close(used: _Used) -> None:
    with used.presence.closing(used.unit.path):
        used.unit.close()
