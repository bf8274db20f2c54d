"""Tell names from paths, which plug-in a name means, and what a wrong one may have meant."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from bridge.error import BridgeError
from bridge.sound import soundfonts
from bridge.sound.bundle import BUILT_IN, format_of
from bridge.sound_protocol import Description

MOST = 6
"""How many names an error gives for one that is wrong."""

PATHS = "paths of VST3 plug-ins"
"""What is allowed where no name is known."""

BEGINNINGS = ("~", "./", "../", ".\\", "..\\")
"""How paths begin that say from where."""


def is_called(plugin: Description, name: str) -> bool:
    """Return whether a plug-in is meant by a name, that of its file or its path, in any case."""
    known = (plugin.name, Path(plugin.path).stem, plugin.path)
    return name.casefold() in {one.casefold() for one in known}


def is_path(text: str) -> bool:
    """Return whether a plug-in's or a soundfont's file is meant, and no name.

    A slash alone says nothing, for names may have one: "A/B Synth".
    """
    if text.startswith(BUILT_IN):
        return False
    path = Path(text)
    ending = format_of(path) or path.suffix.lower() in soundfonts.SUFFIXES
    return bool(ending) or path.is_absolute() or text.startswith(BEGINNINGS)


def unknown_plugin(name: str, known: Sequence[str], kind: str = "") -> BridgeError:
    """Return the error for a name that no plug-in of a kind has, with those that it may mean."""
    if not known and kind == "instrument":
        what = f"plug-in is {name!r}, and no {kind} is installed that can be used"
        return BridgeError(f"{what}, allowed are {PATHS}, or none: then a soundfont plays")
    by_key = {one.casefold(): one for one in known}
    key = name.casefold()
    near = [one for other, one in by_key.items() if key and key in other]
    near += [by_key[other] for other in get_close_matches(key, by_key, n=3)]
    hint = ", ".join(list(dict.fromkeys(near or known))[:MOST]) or PATHS
    what = "for example " if near or len(known) > MOST else ""
    return BridgeError(f"plug-in is {name!r}, allowed are {what}{hint}; yuragi plugins lists all")


def not_set_aside(name: str, paths: list[str]) -> BridgeError:
    """Return the error for a plug-in that needs not be allowed; `paths` are those that do."""
    which = ", ".join(Path(path).stem for path in paths) or "none now"
    return BridgeError(f"{name} is not set aside, allowed are those that are: {which}")
