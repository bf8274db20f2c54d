"""Describe the plug-ins of a file as JSON: `python -m vst_host.scan PATH`.

It may crash or never end, as the plug-in does. The path `builtin:` is that of the host's effects.
"""

import os
import sys
from pathlib import Path

import msgspec

from bridge.sound.bundle import BUILT_IN, fault, format_of
from bridge.sound_protocol import Description
from vst_host import builtin
from vst_host.error import HostError
from vst_host.parameter import describe
from vst_host.plugin import names, open_plugin


def main(path: str) -> None:
    """Print what is in a file; what plug-ins print goes elsewhere."""
    ours = os.dup(1)
    os.dup2(2, 1)
    text = msgspec.json.encode(descriptions(path))
    with os.fdopen(ours, "wb") as out:
        out.write(text + b"\n")
    os._exit(0)  # some plug-ins crash when they are closed, and they have been described


def descriptions(path: str) -> tuple[Description, ...]:
    """Return what is in a file, or what is wrong with it."""
    if path.startswith(BUILT_IN):
        known = builtin.descriptions()
        return tuple(one for one in known if path in (BUILT_IN, one.path)) or (
            _faulty(path, "is none of the host's effects"),
        )
    wrong = fault(Path(path))
    if wrong:
        return (_faulty(path, wrong),)
    try:
        found = names(path)
    except HostError as error:
        return (_faulty(path, str(error)),)
    except (ImportError, RuntimeError, ValueError):
        return (_faulty(path, "holds no plug-in that can be loaded"),)
    return tuple(_described(path, name) for name in found)


def _described(path: str, name: str) -> Description:
    try:
        native = open_plugin(path, name, "path", 0)
        return Description(
            path=path,
            name=native.name,
            kind="instrument" if native.is_instrument else "effect",
            format=format_of(Path(path)),
            maker=native.manufacturer_name or "",
            version=native.version or "",
            category=native.category or "",
            parameters=describe(native),
        )
    except HostError as error:
        return _faulty(path, str(error), name)
    except (RuntimeError, ValueError, NotImplementedError) as error:
        return _faulty(path, f"cannot be described: {error}", name)


def _faulty(path: str, why: str, name: str = "") -> Description:
    """Return what cannot be used; `why` goes on after its path, or begins with it."""
    wrong = why.removeprefix(f"{path} ")
    name = name or Path(path).stem
    return Description(path=path, name=name, format=format_of(Path(path)), fault=wrong)


if __name__ == "__main__":
    main(sys.argv[1])
