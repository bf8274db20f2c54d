"""Tell which plug-in took its process down, and keep those that did from being loaded."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from bridge.error import BridgeError
from bridge.sound.bundle import BUILT_IN, format_of
from bridge.sound.fault import SoundError, internal, refused, remedy
from bridge.sound.set_aside import SetAside
from bridge.sound_protocol import Bounce, Plugin
from bridge.witness import Doing, Sight

ORDERED = {"SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"}
"""Signals that somebody else sends: of these a plug-in does not die by its own fault."""


class End(NamedTuple):
    """Be how a process ended or was given up.

    `status` is its exit status, None where it had to be ended; `second` is how far the sound had
    come.
    """

    sight: Sight
    status: int | None
    second: float = 0.0

    @property
    def plugin(self) -> str:
        """The path of the plug-in that is at fault, or nothing.

        One that is let go of has played all that it was asked to.
        """
        plays = self.sight.within and self.sight.doing is not Doing.CLOSING
        return self.sight.plugin if plays and _signal(self.status) not in ORDERED else ""


def refuse_set_aside(asked: Bounce, set_aside: SetAside) -> None:
    """Do nothing if all plug-ins may be loaded.

    Raises:
        SoundError: one of them is set aside.
    """
    for field, plugin in plugins_of(asked):
        why = None if plugin.path.startswith(BUILT_IN) else set_aside.why(plugin.path)
        if why is not None:
            raise refused(_name(plugin.path, asked), why, f"{field}.path")


def judge(end: End, asked: Bounce, set_aside: SetAside) -> SoundError:
    """Return what is said of a bounce whose process ended; the plug-in at fault is set aside."""
    path = end.plugin
    if not path:
        how = "does not go on" if end.status is None else f"has ended by itself ({_ending(end)})"
        return internal(f"the process that renders {how}{_place(end, asked)}; it is started again")
    name, why = _name(path, asked), _why(end, asked)
    if not format_of(Path(path)):
        return SoundError(f"{name} {why}")
    try:
        set_aside.add(path, why)
    except (BridgeError, OSError) as error:
        return SoundError(f"{name} {why}; it cannot be set aside: {error}")
    return SoundError(f"{name} {why}: it is set aside; {remedy(name)}")


def is_over(end: End, asked: Bounce) -> bool:
    """Return whether a bounce is over with its process, and not asked for again.

    It is not where nothing of it was heard, and a plug-in was loaded ahead or let go of, or the
    process had died before.
    """
    stuck = end.status is None and not end.sight.within
    own = bool(end.plugin) and end.plugin in _paths(asked)
    return end.second > 0 or stuck or own


def plugins_of(asked: Bounce) -> Iterator[tuple[str, Plugin]]:
    """Yield all plug-ins of a bounce, each with the path of its field."""
    for row, track in enumerate(asked.tracks):
        where, instrument = f"tracks[{row}].instrument", track.instrument
        if instrument.plugin is not None:
            yield f"{where}.plugin", instrument.plugin
        for number, effect in enumerate(instrument.effects):
            yield f"{where}.effects[{number}]", effect
    for number, effect in enumerate(asked.master or ()):
        yield f"master[{number}]", effect


def _paths(asked: Bounce) -> set[str]:
    """Return the paths of all that plays."""
    soundfonts = {track.instrument.soundfont for track in asked.tracks}
    return soundfonts | {plugin.path for _, plugin in plugins_of(asked)}


def _why(end: End, asked: Bounce) -> str:
    """Return what a plug-in did, as it goes on after its name."""
    patience_s = end.sight.patience_s
    ahead = end.sight.plugin not in _paths(asked)
    loading = ahead or end.sight.doing is Doing.LOADING
    if end.status is None:
        if loading:
            return f"hung: it did not load within {patience_s:g} s"
        return f"hung at {end.second:.1f} s: a block took it more than {patience_s:g} s"
    where = "as it was loaded" if loading else f"at {end.second:.1f} s"
    return f"crashed {where} ({_ending(end)})"


def _place(end: End, asked: Bounce) -> str:
    """Return where a process ended that is in a plug-in which is not at fault."""
    if not end.sight.within:
        return ""
    verb = "letting go of" if end.sight.doing is Doing.CLOSING else "in"
    return f" while {verb} {_name(end.sight.plugin, asked)}"


def _name(path: str, asked: Bounce) -> str:
    """Return what the user calls a plug-in: of what was asked for, else by its file."""
    named = (plugin.name for _, plugin in plugins_of(asked) if plugin.path == path and plugin.name)
    return next(named, Path(path.removeprefix(BUILT_IN)).stem)


def _ending(end: End) -> str:
    return _signal(end.status) or f"exit code {end.status}"


def _signal(status: int | None) -> str:
    """Return the name of the signal that ended a process, or nothing."""
    with suppress(ValueError):
        return signal.Signals(-(status or 0)).name
    return ""
