"""Find the machine's MIDI systems, and open one."""

import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from bridge.ports.jack_system import JackSystem
from bridge.ports.port import PortError, System

log = logging.getLogger(__name__)

NATIVE = {"darwin": "CoreMIDI", "win32": "WinMM"}.get(sys.platform, "ALSA")
"""What this machine has where no JACK runs."""

NAMES = ("JACK", NATIVE)
"""The systems that can be asked for; the first that can be used is taken if none is."""


@contextmanager
def opened(
    name: str | None, client_name: str, tell: Callable[[str], None] = log.info
) -> Iterator[System]:
    """Open a system by name, or the first that can be used, and close it at the end.

    Args:
        name: one of `NAMES`, in any case, or None.
        client_name: what others see of us.
        tell: called with sentences about what a port sent and could not be used.

    Raises:
        PortError: there is none, with the reason of each.
    """
    system = _first(name, client_name, tell)
    try:
        yield system
    finally:
        system.close()


def available(tell: Callable[[str], None] = log.info) -> Iterator[tuple[str, System | PortError]]:
    """Yield each system by name, open while it is looked at, or why it cannot be used."""
    for name in NAMES:
        try:
            system = _open(name, "yuragi-look", tell)
        except PortError as error:
            yield name, error
            continue
        try:
            yield name, system
        finally:
            system.close()


def _first(name: str | None, client_name: str, tell: Callable[[str], None]) -> System:
    wanted = [one for one in NAMES if name is None or one.casefold() == name.casefold()]
    if not wanted:
        raise PortError(f"system is {name!r}, allowed are {', '.join(NAMES)}")
    reasons = []
    for one in wanted:
        try:
            return _open(one, client_name, tell)
        except PortError as error:
            reasons.append(f"{one}: {error}")
    raise PortError(f"no MIDI system can be used. {'; '.join(reasons)}")


def _open(name: str, client_name: str, tell: Callable[[str], None]) -> System:
    if name == "JACK":
        return JackSystem(client_name, tell)
    try:
        from bridge.ports.rtmidi_system import RtSystem  # noqa: PLC0415 - needs a library
    except ImportError as error:
        raise PortError(f"{error}; on Debian: apt-get install libasound2") from error
    return RtSystem(name, client_name, tell)
