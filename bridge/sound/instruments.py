"""Know which instrument plays which part: the user's own, else the system's soundfont.

    instruments = read_instruments(find=shelf.find)
    piano = instruments.for_part(name="Grand", role="piano")

Files and plug-ins are looked for when a part asks for them, so that what is not there harms only
the parts that need it.
"""

from pathlib import Path
from typing import Any

from bridge.home import expanded, home
from bridge.sound.fault import SoundError
from bridge.sound.instrument_file import (
    MOST_BYTES,
    Book,
    Effect,
    Player,
    parse,
    track_field,
    track_key,
)
from bridge.sound.plugin_name import is_path
from bridge.sound.resolution import (
    Find,
    nowhere,
    resolve,
    resolve_plugin,
    resolve_soundfont,
    wrong,
)
from bridge.sound_protocol import Instrument, Plugin

FILE = "instruments.toml"
"""The user's file, in `bridge.home`."""

MOST_STATE = 8 * 2**20
"""The most bytes of a plug-in's state, as in `Plugin`."""


class Instruments:
    """Be the instruments of a user.

    Args:
        book: what the user's file says.
        find: finds plug-ins by name.
        path: the file; paths in the book begin in its folder, and messages name it.
        only: what plays all parts in the stead of the user's.
    """

    def __init__(
        self,
        book: Book = Book(),  # noqa: B008  (it is frozen)
        *,
        find: Find = nowhere,
        path: Path | None = None,
        only: Instrument | None = None,
    ) -> None:
        self.patience_s, self.load_s = book.patience_s, book.load_s
        self._book, self._find, self._path, self._only = book, find, path, only
        self._tracks = {track_key(name): name for name in book.track}
        self._known: dict[str, Any] = {}

    @property
    def master(self) -> tuple[Plugin, ...]:
        """The effects behind all parts.

        Raises:
            SoundError: one of them is not there.
        """
        found: tuple[Plugin, ...] = self._once("master", self._effects, self._book.master)
        return found

    def for_part(self, name: str = "", role: str = "") -> Instrument:
        """Return what plays a part: by its track's name, else by its role, else by default.

        Capital letters in names do not count.

        Raises:
            SoundError: a plug-in, soundfont, preset or state is not there, or of the wrong kind.
        """
        if self._only is not None:
            return self._only
        book, track = self._book, self._tracks.get(track_key(name))
        if track is not None:
            where, player = track_field(track), book.track[track]
        elif role in book.role:
            where, player = f"role.{role}", book.role[role]
        else:
            where, player = "default", book.default
        found: Instrument = self._once(where, self._instrument, player)
        return found

    def only(self, instrument: Instrument, where: str = "instrument") -> "Instruments":
        """Return the same with one instrument for all parts; `where` is what messages call it.

        Raises:
            SoundError: its plug-in or soundfont is not there, or of the wrong kind.
        """
        found = resolve(instrument, self._find, where)
        return Instruments(self._book, find=self._find, path=self._path, only=found)

    def _once(self, where: str, make: Any, given: Any) -> Any:
        """Return what is made of a table, made once; an error names the file."""
        if where not in self._known:
            try:
                self._known[where] = make(where, given)
            except SoundError as error:
                raise _named(self._path if error.field else None, error) from None
        return self._known[where]

    def _instrument(self, where: str, player: Player) -> Instrument:
        plugin, soundfont = None, ""
        if player.plugin:
            plugin = self._plugin(where, player, "instrument")
        else:
            soundfont = resolve_soundfont(self._path_of(player.soundfont), f"{where}.soundfont")
        return Instrument(
            plugin=plugin,
            soundfont=soundfont,
            program=player.program,
            effects=self._effects(f"{where}.effect", player.effect),
            gain_db=player.gain_db,
            pan=player.pan,
        )

    def _effects(self, where: str, effects: tuple[Effect, ...]) -> tuple[Plugin, ...]:
        return tuple(
            self._plugin(f"{where}[{row}]", effect, "effect") for row, effect in enumerate(effects)
        )

    def _plugin(self, where: str, given: Effect | Player, kind: str) -> Plugin:
        """Return a plug-in, found, with its files."""
        preset = self._file(given.preset, f"{where}.preset")
        state = self._file(given.state, f"{where}.state")
        plugin = Plugin(
            path=self._path_of(given.plugin),
            name=given.name,
            preset=str(preset or ""),
            state=_state(state, f"{where}.state") if state else b"",
            parameters=given.parameters,
        )
        return resolve_plugin(plugin, self._find, f"{where}.plugin", kind)

    def _path_of(self, text: str) -> str:
        """Return a path as it is seen from the file's folder; a name stays as it is."""
        return str(self._below(text)) if is_path(text) else text

    def _file(self, text: str, field: str) -> Path | None:
        """Return the path of a file, which has to be there, None for no text."""
        file = self._below(text)
        if text and not _is_file(file):
            raise wrong(field, f"is {str(file)!r}, which is not there; allowed are paths of files")
        return file if text else None

    def _below(self, text: str) -> Path:
        folder = self._path.absolute().parent if self._path else Path()
        return folder / expanded(text)


def read_instruments(path: Path | None = None, find: Find = nowhere) -> Instruments:
    """Return the instruments of a file; None takes the user's own, which need not exist.

    Args:
        path: the file; paths in it begin in its folder.
        find: finds plug-ins by name.

    Raises:
        SoundError: it cannot be read, or says something that is not allowed.
    """
    file = home() / FILE if path is None else path
    if path is None and not file.exists():
        return Instruments(find=find)
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        return Instruments(parse(content), find=find, path=file)
    except OSError as error:
        what = f"{file} cannot be read: {error.strerror}; allowed are files of instruments"
        raise SoundError(what) from error
    except SoundError as error:
        raise _named(file, error) from None


def _named(path: Path | None, error: SoundError) -> SoundError:
    """Return the error with the file's name before it, if the file is at fault."""
    return SoundError(f"{path}: {error}", error.code, error.field) if path else error


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # the name is too long for any
        return False


def _state(path: Path, field: str) -> bytes:
    """Return what a plug-in has saved of itself."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_STATE + 1)
    except OSError as error:
        raise wrong(field, f"is {str(path)!r}, which cannot be read: {error.strerror}") from error
    if len(content) > MOST_STATE:
        raise wrong(field, f"is {str(path)!r} with more bytes than the {MOST_STATE} allowed")
    return content
