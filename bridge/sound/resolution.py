"""Put paths in place of the names of plug-ins and soundfonts, and look whether they are there."""

from collections.abc import Callable

import msgspec

from bridge.error import BridgeError
from bridge.home import expanded
from bridge.sound.bundle import BUILT_IN, fault
from bridge.sound.fault import SoundError
from bridge.sound.plugin_name import is_path
from bridge.sound.soundfonts import default_soundfont, flaw, soundfonts
from bridge.sound_protocol import Description, Instrument, Plugin
from engines.word import guess

Find = Callable[[str, str], Description]
"""Find a plug-in by its name or path, wanted as an instrument or an effect.

It raises a BridgeError if there is none that can be used.
"""


def nowhere(name: str, kind: str) -> Description:
    """Find plug-ins by their paths only.

    Raises:
        BridgeError: it is a name.
    """
    if not is_path(name):
        raise BridgeError(f"plug-in is {name!r}, allowed are paths of {kind}s")
    path = expanded(name).absolute()
    return Description(path=str(path), name="", fault=fault(path))


def resolve(instrument: Instrument, find: Find, where: str = "instrument") -> Instrument:
    """Return the instrument with paths in place of names, and a soundfont if nothing plays.

    Args:
        instrument: as a client or a musician asks for it.
        find: finds plug-ins by name.
        where: what messages call it.

    Raises:
        SoundError: a plug-in or soundfont is not there, of the wrong kind, or what belongs to
            one is given beside the other.
    """
    plugin, soundfont = instrument.plugin, instrument.soundfont
    if plugin is not None:
        if soundfont:
            what = f"is {soundfont!r} beside a plug-in, allowed is one of the two"
            raise wrong(f"{where}.soundfont", what)
        if instrument.program is not None:
            what = f"is {instrument.program} beside a plug-in, allowed is that for a soundfont only"
            raise wrong(f"{where}.program", what)
        plugin = resolve_plugin(plugin, find, f"{where}.plugin.path", kind="instrument")
    else:
        soundfont = resolve_soundfont(soundfont, f"{where}.soundfont")
    effects = tuple(
        resolve_plugin(effect, find, f"{where}.effects[{row}].path")
        for row, effect in enumerate(instrument.effects)
    )
    return msgspec.structs.replace(instrument, plugin=plugin, soundfont=soundfont, effects=effects)


def resolve_plugin(plugin: Plugin, find: Find, field: str, kind: str = "effect") -> Plugin:
    """Return the plug-in with its path in place of its name.

    Raises:
        SoundError: there is none, or it is of another kind than `kind`.
    """
    given = plugin.path
    if not given:
        raise wrong(field, "is empty, allowed are names and paths of plug-ins")
    if given.startswith(BUILT_IN):
        if kind != "effect":
            raise wrong(field, f"is {given!r}, an effect, allowed are {kind}s")
        for name in ("name", "preset", "state"):
            if getattr(plugin, name):
                what = f"is given, allowed is that for plug-ins that are no {BUILT_IN} effects"
                raise wrong(f"{field.rpartition('.')[0]}.{name}", what)
        return plugin
    try:
        found = find(given, kind)
    except BridgeError as error:
        raise SoundError(f"{field}: {error}", field=field) from None
    if found.fault:
        raise wrong(field, f"is {given!r}, which {found.fault}")
    name = plugin.name or ("" if is_path(given) else found.name)
    if not plugin.name and found.kind not in {kind, ""}:
        raise wrong(field, f"is {given!r}, an {found.kind}, allowed are {kind}s")
    return msgspec.structs.replace(plugin, path=found.path, name=name)


def resolve_soundfont(given: str, field: str) -> str:
    """Return the path of the soundfont of a path or a name, for neither the default one's.

    Raises:
        SoundError: there is none, or it is no soundfont.
    """
    if not given:
        return _default()
    if is_path(given):
        path = expanded(given).absolute()
        if why := flaw(path):
            raise wrong(field, f"is {given!r}, which {why}")
        return str(path)
    found = {path.stem.casefold(): path for path in reversed(soundfonts())}
    if given.casefold() not in found:
        known = ", ".join(path.stem for path in reversed(found.values()))
        what = f"is {given!r}, allowed are paths{' and ' if known else ''}{known}"
        raise wrong(field, f"{what}{guess(given, [path.stem for path in found.values()])}")
    return str(found[given.casefold()])


def wrong(field: str, what: str) -> SoundError:
    """Return the error for a field, which the message names."""
    return SoundError(f"{field} {what}", field=field)


def _default() -> str:
    try:
        return str(default_soundfont())
    except BridgeError as error:
        raise SoundError(str(error)) from None
