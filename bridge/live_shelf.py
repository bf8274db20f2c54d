"""Keep the presets for playing live: those that ship and the user's own, which win by name."""

import logging
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

from bridge.error import BridgeError
from bridge.shelf import unknown_preset, user_folder
from engines.error import EngineError
from engines.live.preset import FOLDER, LivePreset, parse_live_preset

log = logging.getLogger(__name__)


class LiveShelf:
    """Look live presets up by name, such as `live/natural`.

    Args:
        folder: the user's own presets, of which the folder `live` is read; None takes the same
            as `Shelf`.

    Attributes:
        unusable: why each of the user's files that cannot be used cannot, by path.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = (user_folder() if folder is None else folder) / FOLDER
        self.unusable: dict[Path, str] = {}
        self._own: dict[str, LivePreset] = {}
        self._torn: dict[str, Path] = {}
        self.refresh()

    @property
    def presets(self) -> dict[str, LivePreset]:
        """All presets by name, sorted; none whose file of the user's cannot be used."""
        every = {**_shipped(), **self._own}
        return {name: every[name] for name in sorted(every.keys() - self._torn.keys())}

    def find(self, name: str) -> LivePreset:
        """Return the preset of that name, as it is on the disk now.

        Raises:
            BridgeError: there is none, or the user's own of that name cannot be used.
        """
        self.refresh()
        if (path := self._torn.get(name)) is not None:
            raise BridgeError(f"{path}: {self.unusable[path]}")
        if name not in self.presets:
            raise unknown_preset(name, list(self.presets))
        return self.presets[name]

    def is_own(self, name: str) -> bool:
        """Return whether the preset comes from the user's folder."""
        return name in self._own

    def refresh(self) -> None:
        """Read the user's folder; a preset that cannot be used is left out, with a line in the log.

        The one of its name that ships is left out with it.
        """
        self._own, self._torn, known, self.unusable = {}, {}, self.unusable, {}
        for path in sorted(self.folder.rglob("*.toml")) if self.folder.is_dir() else ():
            name = path.relative_to(self.folder.parent).with_suffix("").as_posix()
            try:
                self._own[name] = parse_live_preset(name, path.read_text(encoding="utf-8"))
            except (EngineError, OSError, UnicodeDecodeError) as error:
                self.unusable[path], self._torn[name] = str(error), path
                if known.get(path) != str(error):
                    log.warning("%s is left out: %s", path, error)


@cache
def _shipped() -> dict[str, LivePreset]:
    return {preset.name: preset for preset in _read_shipped()}


def _read_shipped() -> Iterator[LivePreset]:
    for path in (files("presets") / FOLDER).iterdir():
        if path.name.endswith(".toml"):
            name = f"{FOLDER}/{path.name.removesuffix('.toml')}"
            yield parse_live_preset(name, path.read_text(encoding="utf-8"))
