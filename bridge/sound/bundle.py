"""Know plug-ins by their files: where systems keep them, and what is wrong before any is loaded.

Source: Steinberg, VST 3 developer portal, "Plug-in Format Structure" (bundles, names of platforms)
and "Plug-in Locations"; Apple, Audio Unit Hosting Guide (components and where they lie).
"""

import os
import platform
import struct
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from bridge.home import expanded

SUFFIXES = {".vst3": "VST3", ".component": "Audio Unit"}
"""What the files of each format are called."""

BUILT_IN = "builtin:"
"""How the path of an effect begins that comes with the host."""

PLACES = {
    "linux": ("~/.vst3", "/usr/local/lib/vst3", "/usr/lib/vst3", "/usr/lib64/vst3"),
    "darwin": (
        "~/Library/Audio/Plug-Ins/VST3",
        "/Library/Audio/Plug-Ins/VST3",
        "~/Library/Audio/Plug-Ins/Components",
        "/Library/Audio/Plug-Ins/Components",
    ),
    "win32": ("%LOCALAPPDATA%/Programs/Common/VST3", "%COMMONPROGRAMFILES%/VST3"),
}
"""Where systems keep plug-ins, by `sys.platform`; any other is taken for Linux."""

NAMED = "VST3_PATH"
"""The environment variable that names further folders, as many hosts read it."""

MACHINES = {
    "x86_64": {62, 0x8664},
    "amd64": {62, 0x8664},
    "aarch64": {183, 0xAA64},
    "arm64": {183, 0xAA64},
}
"""The numbers of this machine in programs. Source: ELF e_machine; PE, IMAGE_FILE_HEADER.Machine."""

DEEPEST = 6
"""How many folders deep plug-ins are looked for; vendors use one or two."""


def folders() -> tuple[Path, ...]:
    """Return the folders where plug-ins are on this system; they need not exist."""
    named = filter(None, os.environ.get(NAMED, "").split(os.pathsep))
    places = PLACES.get(sys.platform, PLACES["linux"])
    known = (os.path.expandvars(place) for place in places)
    return tuple(dict.fromkeys(expanded(place) for place in (*named, *known)))


def plugin_files(places: Iterable[Path]) -> Iterator[Path]:
    """Yield the plug-ins in folders and the folders in them, each once, sorted by folder."""
    seen: set[str] = set()
    for place in places:
        for path in _below(place, DEEPEST):
            real = os.path.realpath(path)
            if real not in seen:
                seen.add(real)
                yield path


def format_of(path: Path) -> str:
    """Return the format of a plug-in by its name, or nothing if it has that of none."""
    return SUFFIXES.get(path.suffix.lower(), "")


def fault(path: Path) -> str:
    """Return what is plainly wrong with a plug-in's file, going on after its name, or nothing."""
    try:
        return _fault_of_name(path) or _fault_of_binary(path)
    except OSError as error:
        return f"cannot be read: {error.strerror or error}"


def printable(path: str | Path) -> str:
    """Return a path as it can be shown and sent: what is no UTF-8 in it is replaced."""
    return os.fsencode(path).decode(errors="replace")


def stamp(path: Path) -> str:
    """Return what changes when a plug-in is installed anew: its binary's size and time."""
    try:
        found = (_binary(path) or path).stat()
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"


def arch() -> str:
    """Return what the folder of binaries for this machine is called in a bundle."""
    machine = platform.machine().lower()
    if sys.platform == "darwin":
        return "MacOS"
    if sys.platform == "win32":
        return {"amd64": "x86_64-win", "arm64": "arm64-win"}.get(machine, f"{machine}-win")
    return f"{machine}-linux"


def _below(folder: Path, deep: int) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if format_of(entry):
            yield entry
        elif deep and entry.is_dir():
            yield from _below(entry, deep - 1)


def _fault_of_name(path: Path) -> str:
    if not path.exists():
        return "is not there, allowed are VST3 and Audio Unit plug-ins"
    if printable(path) != str(path):
        return "has a path that is no UTF-8, allowed are paths that are: give it another name"
    if not format_of(path):
        return "is no plug-in by its name, allowed are names that end in .vst3 or .component"
    if path.suffix.lower() == ".component" and sys.platform != "darwin":
        return "is an Audio Unit, which only macOS loads; allowed are VST3 plug-ins"
    return ""


def _fault_of_binary(path: Path) -> str:
    if (binary := _binary(path)) is not None:
        with binary.open("rb") as file:
            return _fault_of_head(file.read(4096))
    inside = path / "Contents"
    if others := [printable(one.name) for one in _files(inside / arch())]:
        return f"has {', '.join(others)} in it, allowed is a binary of the bundle's own name"
    if others := [printable(one.name) for one in _archs(inside)]:
        return f"has binaries for {', '.join(others)}, allowed are those for {arch()}"
    return f"is empty: it has no binary, allowed are bundles with one for {arch()}"


def _binary(path: Path) -> Path | None:
    """Return the program in a bundle for this machine; an old bundle is the program itself."""
    if path.is_file():
        return path
    found = _files(path / "Contents" / arch())
    # only macOS has a list of what is in a bundle, so only there its name is free
    return next((one for one in found if one.stem == path.stem or arch() == "MacOS"), None)


def _files(folder: Path) -> list[Path]:
    return sorted(one for one in folder.iterdir() if one.is_file()) if folder.is_dir() else []


def _archs(inside: Path) -> list[Path]:
    """Return the folders of binaries in a bundle."""
    ends = ("-linux", "-win", "MacOS")
    found = inside.iterdir() if inside.is_dir() else ()
    return sorted(one for one in found if one.name.endswith(ends))


def _fault_of_head(head: bytes) -> str:
    """Return what the first bytes of a binary tell against it."""
    if sys.platform == "darwin":
        return ""  # programs for several machines in one file: the loader knows better
    kind, machine, wide = _pe(head) if sys.platform == "win32" else _elf(head)
    if not kind:
        return f"is junk: its binary begins with {head[:8]!r}, allowed are programs of this system"
    if not wide:
        return "is of 32 bits, allowed are plug-ins of 64 bits"
    if machine not in MACHINES.get(platform.machine().lower(), {machine}):
        return f"is for another kind of processor, allowed are plug-ins for {platform.machine()}"
    return ""


def _elf(head: bytes) -> tuple[bool, int, bool]:
    """Return whether it is ELF, for which machine, and whether of 64 bits. Source: System V ABI."""
    if len(head) < 20 or head[:4] != b"\x7fELF":
        return False, 0, False
    return True, struct.unpack_from("<H", head, 18)[0], head[4] == 2


def _pe(head: bytes) -> tuple[bool, int, bool]:
    """Return the same of a program of Windows. Source: Microsoft, PE Format."""
    at = struct.unpack_from("<I", head, 0x3C)[0] if len(head) >= 64 else len(head)
    if head[:2] != b"MZ" or head[at : at + 4] != b"PE\0\0" or len(head) < at + 6:
        return False, 0, False
    machine = struct.unpack_from("<H", head, at + 4)[0]
    return True, machine, machine != 0x14C
