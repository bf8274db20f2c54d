"""Keep the groove profiles that ship with yuragi, each read at its first use."""

from functools import cache, cached_property
from importlib.resources import files

from engines.error import OptionError
from engines.profile.profile import Profile
from engines.profile.text import parse

FOLDER = "grooves"
"""Where they are, below `presets`."""


class Grooves:
    """Find profiles by their files' names without `.toml`, in a folder of a package's data."""

    def __init__(self, package: str = "presets") -> None:
        self._package = package

    @cached_property
    def names(self) -> list[str]:
        """The names of all profiles, sorted."""
        folder = files(self._package) / FOLDER
        found = folder.iterdir() if folder.is_dir() else ()
        return sorted(p.name.removesuffix(".toml") for p in found if p.name.endswith(".toml"))

    def find(self, name: str) -> Profile:
        """Return the profile of that name.

        Raises:
            OptionError: there is none.
        """
        if name not in self.names:
            raise OptionError("profile", f"is {name!r}, allowed are {', '.join(self.names)}")
        return _read(self._package, name)


@cache
def _read(package: str, name: str) -> Profile:
    return parse(name, (files(package) / FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


SHIPPED = Grooves()
