"""Check what sound needs: libraries, a soundfont, plug-ins; and say what to install."""

import subprocess
import sys
from collections.abc import Iterator

from bridge.child import CREATION_FLAGS
from bridge.command.finding import Finding
from bridge.sound.bundle import BUILT_IN
from bridge.sound.catalogue import PluginShelf
from bridge.sound.set_aside import SetAside
from bridge.sound.soundfonts import lack, misnamed, soundfonts

LIBRARIES = {
    "pedalboard": "loads plug-ins",
    "soundfile": "writes sound files",
    "pyloudnorm": "measures loudness",
    "scipy": "limits peaks",
    "fluidsynth": "plays soundfonts",
}
"""What the extra `render` brings, by what is imported, and what each does."""

FLUIDSYNTH = {
    "linux": "install it (Debian, Ubuntu: apt install libfluidsynth3; Fedora: dnf install"
    " fluidsynth-libs; Arch: pacman -S fluidsynth)",
    "darwin": "install it (brew install fluid-synth)",
    "win32": "install it from fluidsynth.org into C:/tools/fluidsynth",
}
"""How the library of FluidSynth comes onto a system, by `sys.platform`."""

ABSENT = "ModuleNotFoundError"
"""How Python's complaint begins of a library that is not installed."""

MOST_S = 60
"""A library that takes longer to be loaded is broken."""


def check_sound() -> Iterator[Finding]:
    """Tell whether music can be heard, by what, and what stands in the way."""
    failed = {name: why for name in LIBRARIES if (why := _why_not(name))}
    if failed.get("pedalboard", "").startswith(ABSENT):  # others may be there for other ends
        what = "no sound is rendered (all else works without)"
        yield Finding(True, f"{what}: pip install 'yuragi[render]' brings what it needs")
        return
    if not failed:
        yield Finding(True, "the libraries for sound load")
    yield from (Finding(False, missing(name, why)) for name, why in failed.items())
    yield from check_soundfonts()
    yield from check_plugins()


def check_soundfonts() -> Iterator[Finding]:
    """Tell which soundfont plays by default, and which that the user has named cannot."""
    found = soundfonts()
    more = f", others found: {len(found) - 1}" if len(found) > 1 else ""
    words = f"without plug-ins {found[0]} plays{more}" if found else lack()
    yield Finding(bool(found), words)
    yield from (Finding(False, sentence) for sentence in misnamed())


def check_plugins() -> Iterator[Finding]:
    """Tell how many plug-ins are known, and which are set aside."""
    shelf = PluginShelf()
    found = [one for one in shelf.plugins if not one.path.startswith(BUILT_IN)]
    usable = sum(not one.fault for one in found)
    new = sum(path != BUILT_IN for path in shelf.unknown)
    more = f", files not looked into yet: {new}; run yuragi plugins" if new else ""
    yield Finding(True, f"plug-ins that can be used: {usable}{more}")
    for one in found:
        if one.fault and not one.set_aside:
            yield Finding(True, f"{one.path} cannot be used: it {one.fault}")
    for entry in SetAside().entries:
        again = f'to try again: yuragi plugins allow "{entry.path}"'
        yield Finding(False, f"{entry.path} is set aside, for it {entry.why}; {again}")


def missing(library: str, why: str) -> str:
    """Say what to do about a library; that of FluidSynth is one of the system."""
    system = library == "fluidsynth" and not why.startswith(ABSENT)
    known = FLUIDSYNTH.get(sys.platform, FLUIDSYNTH["linux"])
    what = known if system else "pip install 'yuragi[render]'"
    return f"{library}, which {LIBRARIES[library]}, does not load ({why}): {what}"


def _why_not(library: str) -> str:
    """Return why a library does not load, or nothing; a child tries, for some take the system's."""
    load = [sys.executable, "-P", "-c", f"import {library}"]
    try:
        ran = subprocess.run(  # noqa: S603 - it is ourselves
            load,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=MOST_S,
            check=False,
            creationflags=CREATION_FLAGS,
        )
    except OSError as error:
        return f"Python cannot be started: {error.strerror}"
    except subprocess.TimeoutExpired:
        return f"it did not load within {MOST_S} s"
    if ran.returncode == 0:
        return ""
    said = ran.stderr.strip().splitlines()
    return said[-1] if said else f"exit code {ran.returncode}"
