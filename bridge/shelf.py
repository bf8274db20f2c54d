"""Keep the presets: those that ship and those in the user's own folder, which win by name."""

import logging
from collections.abc import Iterator
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from time import monotonic

from bridge.error import BridgeError
from bridge.groove_shelf import GrooveShelf
from bridge.home import home
from engines.error import EngineError
from engines.live.preset import FOLDER as LIVE
from engines.preset import Preset, parse_preset
from engines.profile.shelf import FOLDER as GROOVES

FRESH_S = 1.0
"""A preset of the user is looked for again after this many seconds."""

log = logging.getLogger(__name__)


def user_folder() -> Path:
    """Return the folder of the user's own presets; it need not exist."""
    return home() / "presets"


class Shelf:
    """Look presets up by name, read again whenever a file of the user's folder has changed.

    A name is the file's path below its folder without `.toml`, such as `piano/gentle`. Those in
    the folder `live` are not for clips: `bridge.live_shelf` has them.

    Args:
        folder: the user's own presets; None takes `user_folder()`.

    Attributes:
        unusable: why each file of the user's folder that cannot be used cannot, by path.
        grooves: the groove profiles, the user's own in the folder `grooves` beside this one.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = user_folder() if folder is None else folder
        self.grooves = GrooveShelf(self.folder.with_name(GROOVES))
        self._shipped = dict(_shipped())
        self.unusable: dict[Path, str] = {}
        self._own: dict[str, Preset] = {}
        self._torn: dict[str, Path] = {}
        self._looked_s = 0.0
        self._stamp: tuple[tuple[str, int], ...] = ()
        self.refresh()

    @property
    def presets(self) -> dict[str, Preset]:
        """All presets by name, sorted; none whose file of the user's cannot be used."""
        every = {**self._shipped, **self._own}
        return {name: every[name] for name in sorted(every.keys() - self._torn.keys())}

    def find(self, name: str) -> Preset:
        """Return the preset of that name, as it is on the disk at most a second ago.

        Raises:
            BridgeError: there is none, or the user's own of that name cannot be used.
        """
        if monotonic() - self._looked_s > FRESH_S:
            self.refresh()
        self.check(name)
        found = self._own.get(name) or self._shipped.get(name)
        if found is None:
            raise unknown_preset(name, list(self.presets))
        return found

    def check(self, name: str) -> None:
        """Refuse the name of a live preset, and of a file of the user's that cannot be used.

        Raises:
            BridgeError: why not.
        """
        if name.startswith(f"{LIVE}/"):
            what = "is for playing live, allowed are those for clips"
            raise BridgeError(f"preset {name} {what}: yuragi live --preset {name}")
        if (path := self._torn.get(name)) is not None:
            raise BridgeError(f"{path}: {self.unusable[path]}")

    def is_own(self, name: str) -> bool:
        """Return whether the preset comes from the user's folder."""
        return name in self._own

    def refresh(self) -> None:
        """Read the user's folder again if a file in it has come, gone or changed.

        A preset that cannot be used is left out, with a line in the log, and so is the one of its
        name that ships.
        """
        self._looked_s = monotonic()
        found = self.folder.rglob("*.toml") if self.folder.is_dir() else ()
        paths = sorted(path for path in found if self.folder / LIVE not in path.parents)
        stamp = tuple((str(path), _changed_ns(path)) for path in paths)
        if stamp == self._stamp:
            return
        self._stamp, self._own, self._torn, self.unusable = stamp, {}, {}, {}
        for path in paths:
            name = path.relative_to(self.folder).with_suffix("").as_posix()
            try:
                self._own[name] = parse_preset(name, path.read_text(encoding="utf-8"))
            except (EngineError, OSError, UnicodeDecodeError) as error:
                self.unusable[path], self._torn[name] = str(error), path
                log.warning("%s is left out: %s", path, error)


def unknown_preset(name: str, known: list[str]) -> BridgeError:
    """Return the error for a name that no preset has, with those that it may mean."""
    ends = {preset.split("/")[-1]: preset for preset in known}
    near = {preset for preset in known if name and preset.endswith(f"/{name}")}
    near |= set(get_close_matches(name, known, n=3))
    near |= {ends[end] for end in get_close_matches(name, ends, n=2)}
    hint = ", ".join(sorted(near)) if near else ", ".join(known)
    what = "allowed are for example" if near else "allowed are"
    return BridgeError(f"preset is {name!r}, {what} {hint}; yuragi presets lists all")


def _changed_ns(path: Path) -> int:
    """Return when a file was changed; a link to nothing, or a file just deleted, never was."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1


def _shipped() -> Iterator[tuple[str, Preset]]:
    folders = [
        p for p in files("presets").iterdir() if p.is_dir() and p.name not in {GROOVES, LIVE}
    ]
    for folder in sorted(folders, key=lambda p: p.name):
        for path in sorted(folder.iterdir(), key=lambda p: p.name):
            if path.name.endswith(".toml"):
                name = f"{folder.name}/{path.name.removesuffix('.toml')}"
                yield name, parse_preset(name, path.read_text(encoding="utf-8"))
