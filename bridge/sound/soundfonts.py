"""Find the free General MIDI soundfonts that a system has, or say what to install.

Source: SoundFont 2.04, section 4 (a RIFF file of the form `sfbk`; in `.sf3` files samples are
compressed); SDL_mixer, Mix_GetSoundFonts (the environment variable SDL_SOUNDFONTS).
"""

import logging
import os
import re
import struct
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from bridge.error import BridgeError
from bridge.home import expanded, home
from bridge.sound.bundle import printable

log = logging.getLogger(__name__)

FOLDER = "soundfonts"
"""The folder of the user's own, in `bridge.home`."""

NAMED = "SDL_SOUNDFONTS"
"""The environment variable that names files, as programs that use SDL_mixer read it."""

SUFFIXES = {".sf2", ".sf3"}

ALLOWED = "allowed are .sf2 and .sf3 files"

BEST = (
    r"fluid.?r3.?gm",
    r"general.?user",
    r"muse.?score.?general|ms.?basic",
    r"fluid.?r3.?mono",
    r"tim.?gm",
    r"default.?gm",
    r"gm|general.?midi",
)
"""What free soundfonts are called, the best first; any other may lack most instruments."""

PLACES = {
    "linux": (
        "~/.local/share/soundfonts",
        "~/.local/share/sounds/sf2",
        "~/.local/share/sounds/sf3",
        "/usr/local/share/soundfonts",
        "/usr/local/share/sounds/sf2",
        "/usr/share/sounds/sf2",
        "/usr/share/sounds/sf3",
        "/usr/share/soundfonts",
        "/usr/share/sf2",
    ),
    "darwin": (
        "~/Library/Audio/Sounds/Banks",
        "/Library/Audio/Sounds/Banks",
        "/opt/homebrew/share/soundfonts",
        "/opt/homebrew/share/sounds/sf2",
        "/opt/homebrew/share/fluid-synth/sf2",
        "/usr/local/share/soundfonts",
        "/usr/local/share/sounds/sf2",
        "/usr/local/share/fluid-synth/sf2",
        "/Applications/MuseScore 4.app/Contents/Resources/sound",
    ),
    "win32": (
        "~/soundfonts",
        "~/Documents/soundfonts",
        "C:/soundfonts",
        "C:/Program Files/Common Files/SoundFonts",
        "C:/Program Files/FluidSynth/share/soundfonts",
        "C:/Program Files/MuseScore 4/sound",
        "C:/Program Files/MuseScore 3/sound",
    ),
}
"""Where systems keep soundfonts, by `sys.platform`; any other is taken for Linux."""

INSTALL = {
    "linux": "install one (Debian, Ubuntu: apt install fluid-soundfont-gm, or the small"
    " timgm6mb-soundfont; Fedora: dnf install fluid-soundfont-gm; Arch: pacman -S"
    " soundfont-fluid)",
    "darwin": "download one, for example GeneralUser GS or FluidR3_GM",
    "win32": "download one, for example GeneralUser GS or FluidR3_GM",
}
"""How a soundfont comes onto a system."""

HEAD = struct.Struct("<4sI4s")
"""The beginning of a RIFF file: its mark, the size of what follows these two, its form."""


def soundfonts() -> tuple[Path, ...]:
    """Return the soundfonts that there are, the one that plays by default first.

    The user's own come before those of the system: the files in the environment variable, then
    those in the user's folder. A file that has several names is told once.
    """
    named, own = map(expanded, _named()), _best(_in(own_folder()))
    found = [*named, *own, *_best(path for folder in places() for path in _in(folder))]
    return tuple(dict.fromkeys(_real(path) for path in found if not flaw(path)))


def default_soundfont() -> Path:
    """Return the soundfont that plays where no instrument is named.

    A line in the log tells once that it is another than the environment variable's first.

    Raises:
        BridgeError: the system has none; the message says what to install.
    """
    named, found = _named(), soundfonts()
    ignored = _flaw_of_named(named[0]) if named else ""
    if found:
        if ignored:
            _warn_once(f"{ignored}; {found[0]} plays instead")
        return found[0]
    what = f"{ignored}; {lack()}" if ignored else lack()
    raise BridgeError(f"{what}, or name a plug-in (yuragi plugins lists them)")


def misnamed() -> tuple[str, ...]:
    """Return a sentence for each file in the environment variable that cannot play."""
    return tuple(filter(None, map(_flaw_of_named, _named())))


def lack() -> str:
    """Return the sentence for a system that has no soundfont: what to do about it."""
    install = INSTALL.get(sys.platform, INSTALL["linux"])
    return f"there is no General MIDI soundfont: {install}, or put a .sf2 file into {own_folder()}"


def flaw(path: Path) -> str:
    """Return why a file is no whole soundfont, "" if it is one."""
    if printable(path) != str(path):
        return "has a path that is no UTF-8, allowed are paths that are: give it another name"
    try:
        if path.exists() and not path.is_file():
            return f"is no file, {ALLOWED}"
        with path.open("rb") as file:
            head, size = file.read(HEAD.size), os.fstat(file.fileno()).st_size
    except (OSError, ValueError) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or error}; {ALLOWED}"
    mark, rest, form = HEAD.unpack(head.ljust(HEAD.size, b"\0"))
    if (mark, form) != (b"RIFF", b"sfbk"):
        return f"is no soundfont, {ALLOWED}"
    if rest + 8 > size:
        return f"has {size} bytes, allowed are the {rest + 8} that it announces"
    return ""


def own_folder() -> Path:
    """Return the folder of the user's own soundfonts; it need not exist."""
    return home() / FOLDER


def places() -> tuple[Path, ...]:
    """Return the folders where this kind of system keeps soundfonts; they need not exist."""
    return tuple(expanded(place) for place in PLACES.get(sys.platform, PLACES["linux"]))


def _named() -> list[str]:
    """Return the files that the environment variable names; a drive of Windows has a colon."""
    separators = ";" if sys.platform == "win32" else "[;:]"
    return list(filter(None, re.split(separators, os.environ.get(NAMED, ""))))


def _flaw_of_named(name: str) -> str:
    """Return why a file in the environment variable cannot play, a sentence, "" if it can."""
    why = flaw(expanded(name))
    return f"{NAMED} names {printable(name)!r}, which {why}" if why else ""


@cache
def _warn_once(sentence: str) -> None:
    log.warning("%s", sentence)


def _in(folder: Path) -> list[Path]:
    """Return the files of a folder that are called soundfonts, those of folders in it too."""
    try:
        return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    except OSError:
        return []


def _best(paths: Iterable[Path]) -> list[Path]:
    """Return the files by their names, the best first; those of one name stay in order."""
    return sorted(map(_real, paths), key=_rank)


def _real(path: Path) -> Path:
    """Return what a link stands for; `Path.resolve` raises RuntimeError at a ring of links."""
    return Path(os.path.realpath(path))


def _rank(path: Path) -> int:
    known = (rank for rank, name in enumerate(BEST) if re.match(name, path.stem, re.IGNORECASE))
    return next(known, len(BEST))
