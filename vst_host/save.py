"""Tell what a plug-in saves once it is set: `python -m vst_host.save KIND`, `Plugin` on its input.

The input is a `bridge.sound_protocol.Plugin` in msgpack. KIND is `preset`, for what any host reads
from a .vstpreset file, or `state`, as the plug-in gives it. What is saved comes on the output.
"""

import os
import sys
from contextlib import suppress
from typing import Any

import msgspec
import numpy as np

from bridge.sound.bundle import BUILT_IN
from bridge.sound_protocol import Plugin
from vst_host.error import HostError
from vst_host.plugin import WARM_UP_S, adjust, open_plugin, refuse_files

RATE, MOMENT = 48_000, 1_024

REFUSED = 1
"""The exit code when a sentence comes instead; any other but 0 is a crash."""


def main(kind: str) -> None:
    """Print what is saved, or in a sentence why nothing is; what plug-ins print goes elsewhere."""
    ours = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    plugin = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Plugin)
    code = 0
    try:
        told = saved(plugin, preset=kind == "preset")
    except HostError as error:
        told, code = str(error).encode(), REFUSED
    ours.write(told)
    ours.flush()
    os._exit(code)  # some plug-ins crash when they are closed, and this one has been saved


def saved(plugin: Plugin, *, preset: bool) -> bytes:
    """Return a plug-in's preset, or its state, once it is set.

    Raises:
        HostError: it cannot be loaded, set so or saved.
    """
    if plugin.path.startswith(BUILT_IN):
        what = f"{plugin.path} has no state, allowed are VST3 and Audio Unit plug-ins"
        raise HostError(what, "path")
    refuse_files(plugin, "plugin")
    native: Any = open_plugin(plugin.path, plugin.name, "path", WARM_UP_S)
    adjust(native, plugin, "plugin")
    _run(native)
    try:
        return bytes(native.preset_data if preset else native.raw_state)
    except (AttributeError, RuntimeError) as error:
        what = f"{native.name} cannot be saved as a preset, allowed is its state"
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
