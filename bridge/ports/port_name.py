"""Know a port again whose name has changed: systems put numbers behind it that do not last.

ALSA's are those of client and port, `nanoKEY2 _ CTRL 20:0`, and Windows' is the place among all
ports, `nanoKEY2 1`. Source: RtMidi, `MidiInAlsa::getPortName` and `MidiInWinMM::getPortName`.
"""

import re
from collections.abc import Sequence

TAIL = re.compile(r" \d+(:\d+)?$")


def lasting(name: str) -> str:
    """Return what of a port's name stays when it is plugged in again."""
    return TAIL.sub("", name)


def alike(peer: str, names: Sequence[str]) -> list[str]:
    """Return the ports that differ from one by their numbers at most."""
    return [name for name in names if lasting(name) == lasting(peer)]


def known_again(peer: str, known: Sequence[str], names: Sequence[str]) -> str | None:
    """Return the name that a port has now, or None if it is not there.

    Of several alike, those that went are taken for those that came, in order, if they are as many:
    one that was there beside it is never taken for it.

    Args:
        peer: the name that it had.
        known: what was alike when it was last there, itself among it.
        names: of all ports that are there now.
    """
    if peer in names:
        return peer
    now = alike(peer, names)
    went = [name for name in known if name not in now]
    came = [name for name in now if name not in known]
    return came[went.index(peer)] if peer in went and len(went) == len(came) else None
