"""Save a plug-in as it is set, as a preset that any host reads or as its own state."""

import subprocess
import sys
from pathlib import Path

import msgspec

from bridge.child import CREATION_FLAGS
from bridge.error import BridgeError
from bridge.sound_protocol import Plugin
from bridge.write_whole import refuse_existing, write_whole

PRESET = ".vstpreset"
"""How the name of a preset ends; every other file holds the state."""

COMMAND = (sys.executable, "-P", "-m", "vst_host.save")
"""What prints what a plug-in saves; `preset` or `state` follows."""

LIMIT_S = 60.0
"""So long a plug-in may take to be loaded, set and saved."""

REFUSED = 1
"""How the child ends when it prints a sentence instead."""


def save_plugin(
    plugin: Plugin, path: Path, *, overwrite: bool = False, limit_s: float = LIMIT_S
) -> None:
    """Write a plug-in's preset or state, by the ending of the name.

    Raises:
        BridgeError: it cannot be set so, crashes or hangs, or the file cannot be written.
    """
    refuse_existing(path, overwrite=overwrite)
    kind = "preset" if path.suffix.lower() == PRESET else "state"
    try:
        ran = subprocess.run(  # noqa: S603 - our own interpreter and module
            [*COMMAND, kind],
            input=msgspec.msgpack.encode(plugin),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limit_s,
            check=False,
            creationflags=CREATION_FLAGS,
        )
    except OSError as error:
        raise BridgeError(f"{path} cannot be made: {error.strerror}") from error
    except subprocess.TimeoutExpired as error:
        what = f"{plugin.path} hung: it was not saved within {limit_s:g} s"
        raise BridgeError(what) from error
    if ran.returncode == REFUSED:
        raise BridgeError(ran.stdout.decode(errors="replace"))
    if ran.returncode != 0:
        raise BridgeError(f"{plugin.path} crashed as it was to be saved ({ran.returncode})")
    write_whole(path, ran.stdout, overwrite=overwrite)
