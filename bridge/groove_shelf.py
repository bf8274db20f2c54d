"""Keep the groove profiles: those that ship and those in the user's own folder, which win."""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path

import msgspec

from bridge.error import BridgeError
from bridge.home import home
from engines.error import OptionError
from engines.profile.player import DEFAULT, Player
from engines.profile.profile import MOST_BYTES, Profile
from engines.profile.shelf import FOLDER, SHIPPED
from engines.profile.text import parse
from engines.stage import Stage


class GrooveShelf:
    """Look profiles up by name, the file's name without `.toml`; files are read when asked for.

    Args:
        folder: the user's own profiles; None takes `grooves` in the user's folder.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = home() / FOLDER if folder is None else folder

    @property
    def own(self) -> list[str]:
        """The names of the user's profiles, sorted, whether or not they can be used."""
        found = self.folder.glob("*.toml") if self.folder.is_dir() else ()
        return sorted(path.stem for path in found)

    @property
    def names(self) -> list[str]:
        """The names of all profiles, sorted."""
        return sorted({*SHIPPED.names, *self.own})

    def find(self, name: str) -> Profile:
        """Return the profile of that name.

        Raises:
            BridgeError: there is none, or the user's cannot be read.
            ProfileError: the user's is no profile.
        """
        if name in self.own:
            return read_profile(self.folder / f"{name}.toml")
        if name not in SHIPPED.names:
            raise unknown_profile(name, self.names)
        return SHIPPED.find(name)

    def filled(self, stages: Iterable[Stage]) -> tuple[Stage, ...]:
        """Return the stages with each profile of the user's put in place of its name.

        Raises:
            OptionError: a stage names a profile that is not there or cannot be used.
        """
        return tuple(
            self._filled(f"stages[{row}].options", stage) if stage.engine == Player.name else stage
            for row, stage in enumerate(stages)
        )

    def _filled(self, path: str, stage: Stage) -> Stage:
        name = stage.options.get("profile", DEFAULT)
        if not isinstance(name, str) or (name not in self.own and name in SHIPPED.names):
            return stage
        try:
            table = msgspec.to_builtins(self.find(name))
        except (BridgeError, ValueError) as error:
            fault = str(error).removeprefix("profile ")
            raise OptionError(f"{path}.profile", fault) from None
        return Stage(stage.engine, {**stage.options, "profile": table})


def read_profile(path: Path) -> Profile:
    """Return the profile in a file.

    Raises:
        BridgeError: the file cannot be read.
        ProfileError: it holds no profile.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
        return parse(path.stem, content.decode("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BridgeError(f"{path} cannot be read: {reason}; allowed are profiles") from error


def unknown_profile(name: str, known: list[str]) -> BridgeError:
    """Return the error for a name that no profile has, with those that it may mean."""
    near = get_close_matches(name, known, n=3)
    hint = f"for example {', '.join(near)}" if near else ", ".join(known)
    return BridgeError(f"profile is {name!r}, allowed are {hint}; yuragi groove list lists all")
