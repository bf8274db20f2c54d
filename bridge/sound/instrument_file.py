"""Read what the user's file says of instruments: strictly, so that no slip of the pen is silent.

Source: TOML 1.0.
"""

import math
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta, field

from bridge.sound.fault import SoundError
from bridge.sound.resolution import wrong
from bridge.sound_protocol import Decibels, PathText
from engines.clip import ROLES
from engines.option import allowed
from engines.word import guess

MOST = 16
"""How many effects a chain may have."""

MOST_BYTES = 2**20
"""The largest file that is read."""

Name = Annotated[str, Meta(max_length=256)]
Span = Annotated[float, Meta(ge=0.1, le=600)]


class Effect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say which plug-in is meant, by name or path, and how it is set; files by their paths."""

    plugin: PathText
    name: Name = ""
    preset: PathText = ""
    state: PathText = ""
    parameters: dict[str, bool | float | str] = {}


class Player(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say what plays a part: a plug-in or a soundfont, the effects behind it, level and place."""

    plugin: PathText = ""
    name: Name = ""
    preset: PathText = ""
    state: PathText = ""
    parameters: dict[str, bool | float | str] = {}
    soundfont: PathText = ""
    program: Annotated[int, Meta(ge=0, le=127)] | None = None
    gain_db: Decibels = 0.0
    pan: Annotated[float, Meta(ge=-1, le=1)] = 0.0
    effect: Annotated[tuple[Effect, ...], Meta(max_length=MOST)] = ()


class Book(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hold a whole file: who plays by default, by role and by track, and the master chain."""

    default: Player = Player()
    role: dict[str, Player] = {}
    track: dict[str, Player] = {}
    master: Annotated[tuple[Effect, ...], Meta(max_length=MOST)] = ()
    patience_s: Span = 1.0
    load_s: Span = 20.0


class _Top(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Be the file with its maps unread, for what is wrong in one is told by its own name."""

    default: dict[str, Any] = field(default_factory=dict)
    role: dict[str, dict[str, Any]] = field(default_factory=dict)
    track: dict[str, dict[str, Any]] = field(default_factory=dict)
    master: Annotated[tuple[Effect, ...], Meta(max_length=MOST)] = ()
    patience_s: Span = 1.0
    load_s: Span = 20.0


def parse(content: bytes) -> Book:
    """Return what a file's bytes say.

    Raises:
        SoundError: it is no TOML, or says something that is not allowed.
    """
    if len(content) > MOST_BYTES:
        raise SoundError(f"it has more than {MOST_BYTES} bytes, allowed are up to that many")
    try:
        given = tomllib.loads(content.decode("utf-8-sig"))
    except ValueError as error:
        raise SoundError(f"it is no TOML: {error}") from None
    except RecursionError:
        raise SoundError("it has lists in lists, allowed are no more than effects need") from None
    top: _Top = _read(_Top, given, "")
    for role in top.role:
        if role not in PLAYABLE:
            raise wrong("role", f"has {role!r}, allowed are {_listed(role, PLAYABLE)}")
    _check_tracks(top.track)
    book = Book(
        default=_player(top.default, "default"),
        role={name: _player(table, f"role.{name}") for name, table in top.role.items()},
        track={name: _player(table, track_field(name)) for name, table in top.track.items()},
        master=top.master,
        patience_s=top.patience_s,
        load_s=top.load_s,
    )
    _check_numbers(given, "")
    return book


def track_field(name: str) -> str:
    """Return the path of a track's own table, as TOML writes it."""
    bare = re.fullmatch(r"[\w-]+", name, re.ASCII)
    return f"track.{name}" if bare else f"track.{msgspec.json.encode(name).decode()}"


def track_key(name: str) -> str:
    """Return what is the same for all spellings of a track's name."""
    return name.strip().casefold()


PLAYABLE = tuple(role for role in ROLES if role != "auto")
"""The roles that an instrument may have."""


def _check_tracks(names: Iterable[str]) -> None:
    """Refuse a second table of a track: whether it is the same is told without capital letters."""
    seen: dict[str, str] = {}
    for name in names:
        first = seen.setdefault(track_key(name), name)
        if first != name:
            what = f"is {track_field(first)} again, for capital letters do not count"
            raise wrong(track_field(name), f"{what}; allowed is one table for a track")


def _player(table: dict[str, Any], where: str) -> Player:
    """Return who plays, and refuse what belongs to a plug-in without one, and the reverse."""
    player: Player = _read(Player, table, where)
    for name in ("plugin", "soundfont"):
        if name in table and not table[name]:
            raise wrong(f"{where}.{name}", "is empty, allowed are names and paths")
    if player.plugin and player.soundfont:
        what = f"is {player.soundfont!r} beside a plugin, allowed is one of the two"
        raise wrong(f"{where}.soundfont", what)
    lonely = {"program"} if player.plugin else {"name", "preset", "state", "parameters"}
    for name in table:
        if name in lonely:
            whom = "a soundfont" if player.plugin else "a plugin"
            raise wrong(f"{where}.{name}", f"is given, allowed is that for {whom} only")
    return player


def _read(kind: type[Any], given: Mapping[str, Any], where: str) -> Any:
    try:
        return msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        raise _blame(kind, given, where, str(error)) from None


def _blame(kind: type[Any], given: Any, where: str, error: str) -> SoundError:
    """Turn msgspec's message into a sentence with the field, its value and what is allowed."""
    what, _, path = error.replace("`key` in ", "").partition(" - at `$")
    steps = re.findall(r"\w+", path.removesuffix("`").removesuffix("[...]"))
    rule, name = _schema(kind), where
    for step in steps:
        given = given[int(step)] if step.isdigit() else given[step]
        rule = _below(kind, rule, step)
        name = f"{name}[{step}]" if step.isdigit() else _join(name, step)
    if unknown := re.match(r"Object contains unknown field `(.*)`", what):
        known = list(rule["properties"])
        what = f"is unknown, allowed are {_listed(unknown[1], known)}"
        return wrong(_join(name, unknown[1]), what)
    if missing := re.match(r"Object missing required field `(\w+)`", what):
        return wrong(_join(name, missing[1]), "is missing, allowed are names and paths")
    if path.endswith("[...]`"):
        name, given, rule = _bad_entry(name, given, rule)
    return wrong(name, f"is {_show(given)}, allowed are {allowed(rule)}")


def _bad_entry(name: str, given: Mapping[str, Any], rule: Any) -> tuple[str, Any, Any]:
    """Return the path, value and rule of the entry at fault in a map."""
    inner = rule["additionalProperties"]
    for key, value in given.items():
        if not isinstance(
            value, dict if inner.get("type") == "object" else bool | float | str | int
        ):
            return _join(name, key), value, inner
    return name, given, rule


def _check_numbers(given: Any, where: str) -> None:
    """Refuse numbers that are none, which TOML can write."""
    if isinstance(given, float) and not math.isfinite(given):
        raise wrong(where, f"is {given}, allowed are finite numbers")
    for name, value in _entries(given):
        _check_numbers(value, f"{where}[{name}]" if isinstance(given, list) else _join(where, name))


def _entries(given: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(given, dict):
        yield from given.items()
    elif isinstance(given, list):
        yield from ((str(row), value) for row, value in enumerate(given))


def _below(kind: type[Any], rule: Any, step: str) -> Any:
    """Return the schema of what is a step below."""
    rule = rule["items"] if step.isdigit() else rule["properties"][step]
    rule = rule.get("anyOf", [rule])[0] if "null" in str(rule.get("anyOf")) else rule
    if "$ref" in rule:
        return _schema(kind, rule["$ref"].removeprefix("#/$defs/"))
    return rule


def _schema(kind: type[Any], name: str = "") -> Any:
    return msgspec.json.schema(kind)["$defs"][name or kind.__name__]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _listed(name: str, known: Sequence[str]) -> str:
    """Return all words that are known, and the one that a wrong one may have meant."""
    return f"{', '.join(known)}{guess(name, known)}"


def _show(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."


LONGEST = 60
"""How many characters of a refused value a message repeats."""
