"""Save a plug-in as it was told to be set: `python -m vst_host.save FILE`, `Plugin` on its input.

The input is a `bridge.sound_protocol.Plugin` in msgpack. A name that ends in .vstpreset becomes a
preset that any host reads, every other the state as the plug-in gives it.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from bridge.error import BridgeError
from bridge.sound.bundle import BUILT_IN
from bridge.sound_protocol import Plugin
from bridge.write_whole import write_whole
from vst_host.error import HostError
from vst_host.plugin import WARM_UP_S, adjust, open_plugin

PRESET = ".vstpreset"

RATE, MOMENT = 48_000, 1_024


def main(file: str) -> None:
    """Save, or print in one sentence why not and fail; what plug-ins print goes elsewhere."""
    ours = os.dup(1)
    os.dup2(2, 1)
    plugin = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Plugin)
    try:
        write_whole(Path(file), saved(plugin, preset=file.endswith(PRESET)))
    except (HostError, BridgeError) as error:
        os.write(ours, f"{error}\n".encode())
        os._exit(1)
    os._exit(0)  # some plug-ins crash when they are closed, and this one has been saved


def saved(plugin: Plugin, *, preset: bool) -> bytes:
    """Return a plug-in's preset, or its state, once it is set.

    Raises:
        HostError: it cannot be loaded, set so or saved.
    """
    if plugin.path.startswith(BUILT_IN):
        what = f"{plugin.path} has no state, allowed are VST3 and Audio Unit plug-ins"
        raise HostError(what, "path")
    native: Any = open_plugin(plugin.path, plugin.name, "path", WARM_UP_S)
    adjust(native, plugin, "plugin")
    _run(native)
    try:
        return bytes(native.preset_data if preset else native.raw_state)
    except (AttributeError, RuntimeError) as error:
        what = f"{native.name} cannot be saved as a preset, allowed are names without {PRESET}"
        raise HostError(what, "path") from error


def _run(native: Any) -> None:
    """Let a plug-in render a moment: until then it may not know what it was set to."""
    for channels in (2, 1):
        with suppress(ValueError):
            if native.is_instrument:
                native([], MOMENT / RATE, RATE, channels, MOMENT, reset=False)
            else:
                native.process(np.zeros((channels, MOMENT), np.float32), RATE, MOMENT, reset=False)
            return


if __name__ == "__main__":
    main(sys.argv[1])
