"""Load a plug-in and set it as it is told: preset, then state, then parameters."""

from pathlib import Path
from stat import S_ISREG
from typing import Any

from bridge.sound.bundle import BUILT_IN, fault
from bridge.sound_protocol import Plugin
from vst_host import builtin
from vst_host.error import HostError, invalid
from vst_host.library import looking_at, pedalboard
from vst_host.parameter import set_parameters

WARM_UP_S = 2.0
"""So long a plug-in is waited for to sound: many load their samples while messages are pumped."""

PRESET_BYTES = 64 * 2**20
"""The largest preset that is read."""

VST3_STATE = b"VC2!"
"""How a state begins that a VST3 has given. Source: JUCE, AudioProcessor::copyXmlToBinary."""


def refuse_files(plugin: Plugin, field: str) -> None:
    """Do nothing if a plug-in's files may be looked at, without being in the plug-in.

    Raises:
        HostError: a path is none, or the preset cannot be read or is too large to be one.
    """
    refuse_path(plugin.path, f"{field}.path")
    refuse_path(plugin.preset, f"{field}.preset")
    if plugin.preset and not plugin.path.startswith(BUILT_IN):
        _refuse_preset(Path(plugin.preset), f"{field}.preset")


def refuse_path(path: str, field: str) -> None:
    """Do nothing if a text may be a path.

    Raises:
        HostError: it may not.
    """
    if "\0" in path:
        raise invalid(f"{field} is {path!r}, allowed are paths without \\0", field)


def load_instrument(plugin: Plugin, field: str) -> Any:
    """Return pedalboard's instrument, loaded and set.

    Raises:
        HostError: it cannot be loaded or set so, or is an effect.
    """
    if plugin.path.startswith(BUILT_IN):
        raise _other_kind(plugin.path, f"{field}.path", instrument=True)
    return _load(plugin, field, instrument=True)


def load_effect(plugin: Plugin, sample_rate: int, field: str) -> Any:
    """Return pedalboard's effect, loaded and set.

    Raises:
        HostError: it cannot be loaded or set so, or is an instrument.
    """
    if plugin.path.startswith(BUILT_IN):
        return builtin.make(plugin, sample_rate, field)
    return _load(plugin, field, instrument=False)


def open_plugin(path: str, name: str, field: str, warm_up_s: float) -> Any:
    """Return pedalboard's plug-in, loaded but not set.

    Raises:
        HostError: it cannot be loaded.
    """
    wrong = fault(Path(path))
    if wrong:
        raise HostError(f"{path} {wrong}", field)
    library = pedalboard()
    try:
        with looking_at(no_parameters=True):
            native = library.load_plugin(path, {}, name or None, warm_up_s)
    except (ImportError, RuntimeError, ValueError) as error:
        raise _unloaded(path, name, error, field) from error
    if name and native.name != name:
        raise _unnamed(path, name, [native.name], field)
    return native


def names(path: str) -> list[str]:
    """Return what the plug-ins in a file are called.

    Raises:
        HostError: pedalboard is missing.
        ImportError: the file holds none.
    """
    library = pedalboard()
    kinds = [getattr(library, kind, None) for kind in ("VST3Plugin", "AudioUnitPlugin")]
    audio_unit = path.rstrip("/").endswith(".component")
    return kinds[audio_unit].get_plugin_names_for_file(path)  # type: ignore[union-attr]


def _load(plugin: Plugin, field: str, *, instrument: bool) -> Any:
    where = f"{field}.path"
    native = open_plugin(plugin.path, plugin.name, where, WARM_UP_S)
    if native.is_instrument != instrument:
        raise _other_kind(native.name, where, instrument=instrument)
    adjust(native, plugin, field)
    return native


def _unloaded(path: str, name: str, error: Exception, field: str) -> HostError:
    if isinstance(error, ValueError) and "plugin_name" in str(error):
        return _unnamed(path, name, names(path), field)
    why = " ".join(str(error).rsplit("Plugin: ", 1)[-1].split())
    return HostError(f"{path} cannot be loaded: {why}", field)


def _other_kind(name: str, field: str, *, instrument: bool) -> HostError:
    one, allowed = ("an effect", "instruments") if instrument else ("an instrument", "effects")
    return HostError(f"{name} is {one}, allowed here are {allowed}", field)


def _unnamed(path: str, name: str, known: list[str], field: str) -> HostError:
    what = f"name is {name!r}, allowed are those in {path}: {', '.join(map(repr, known))}"
    return invalid(what, f"{field.removesuffix('path')}name")


def adjust(native: Any, plugin: Plugin, field: str) -> None:
    """Set a plug-in that is loaded as it is told: preset, then state, then parameters.

    Raises:
        HostError: it cannot be set so.
    """
    with looking_at(no_parameters=True):  # pedalboard would, whatever attribute is set
        if plugin.preset:
            _set_preset(native, plugin.preset, f"{field}.preset")
        if plugin.state:
            _set_state(native, plugin.state, f"{field}.state")
    set_parameters(native, plugin.parameters, field)


def _refuse_preset(path: Path, field: str) -> None:
    """Refuse what would be read without an end, or what is not there."""
    try:
        found = path.stat()
    except OSError as error:
        raise _unread(path, error, field) from error
    if not S_ISREG(found.st_mode):
        raise HostError(f"{path} is no file, allowed are .vstpreset and .aupreset files", field)
    if found.st_size > PRESET_BYTES:
        what = f"{path} has {found.st_size} bytes, allowed are presets of at most {PRESET_BYTES}"
        raise HostError(what, field)


def _unread(path: Path, error: OSError, field: str) -> HostError:
    return HostError(f"{path} cannot be read: {error.strerror or error}", field)


def _set_preset(native: Any, path: str, field: str) -> None:
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise _unread(Path(path), error, field) from error
    if path.endswith(".aupreset"):
        native.raw_state = content
        return
    try:
        native.preset_data = content
    except (AttributeError, RuntimeError, ValueError) as error:
        what = f"{path} is no preset of {native.name}, allowed are .vstpreset files made with it"
        raise HostError(what, field) from error


def _set_state(native: Any, state: bytes, field: str) -> None:
    """Put a state back; plug-ins do not tell if it is none of theirs."""
    if "VST3" in type(native).__name__ and not state.startswith(VST3_STATE):
        what = f"state is {len(state)} bytes that no VST3 saves so"
        raise invalid(f"{what}, allowed is what {native.name} has saved", field)
    native.raw_state = state
