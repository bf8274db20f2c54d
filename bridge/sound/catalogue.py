"""Know the plug-ins on this system: scanned once, found by name or path."""

import logging
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from bridge.error import BridgeError
from bridge.home import expanded
from bridge.sound.bundle import BUILT_IN, fault, folders, format_of, plugin_files, printable
from bridge.sound.fault import refused
from bridge.sound.findings import Findings, scanner_version
from bridge.sound.plugin_name import is_called, is_path, not_set_aside, unknown_plugin
from bridge.sound.scanner import Scanned, Scanner
from bridge.sound.set_aside import SetAside
from bridge.sound.survey import Tell, silent, survey
from bridge.sound_protocol import Description

log = logging.getLogger(__name__)


class PluginShelf:
    """Look plug-ins up; what is new or changed is scanned when it is asked for.

    Args:
        places: the folders of plug-ins; None takes the system's.
        findings: what earlier scans found; None takes the user's.
        set_aside: the plug-ins that are not loaded; None takes the user's.
        scanner: what makes the scanner of one scan.
    """

    def __init__(
        self,
        places: Iterable[Path] | None = None,
        findings: Findings | None = None,
        set_aside: SetAside | None = None,
        scanner: Callable[[], Scanner] = Scanner,
    ) -> None:
        self._places = folders() if places is None else tuple(places)
        self._findings = findings or Findings()
        self._set_aside = set_aside or SetAside()
        self._scanner = scanner
        self._failed: dict[str, tuple[Description, ...]] = {}

    @property
    def plugins(self) -> tuple[Description, ...]:
        """The plug-ins that were found, by name; those at fault and those set aside too."""
        found = [one for path in self._paths() for one in self._seen(path)]
        return tuple(sorted(found, key=lambda one: (one.name.casefold(), one.path)))

    @property
    def unknown(self) -> tuple[str, ...]:
        """The files that no scan has looked into as they are now."""
        return tuple(path for path in self._paths() if self._told(path) is None)

    def scan(self, tell: Tell = silent) -> None:
        """Look into what is new or changed.

        Raises:
            BridgeError: what scans is not installed.
        """
        self._scan(self.unknown, tell)

    def forget(self) -> None:
        """Let the next scan look into all files but those that are set aside."""
        for path in self._paths():
            self._findings.forget(path)

    def allow(self, name_or_path: str) -> Description:
        """Let a plug-in that was set aside be loaded again; if it is not known, scan it now.

        Raises:
            BridgeError: no plug-in of that name or path is set aside.
        """
        aside = [one for one in self.plugins if one.set_aside and is_called(one, name_or_path)]
        path = aside[0].path if aside else str(expanded(name_or_path).absolute())
        if not self._set_aside.allow(path):
            paths = [entry.path for entry in self._set_aside.entries]
            raise not_set_aside(name_or_path, paths)
        return self._at(path)

    def find(self, name_or_path: str, kind: str = "") -> Description:
        """Return a plug-in that can be used; one that is not known yet is scanned first.

        Args:
            name_or_path: what the user calls it.
            kind: what it is wanted for, "instrument" or "effect"; an error names only such.

        Raises:
            BridgeError: there is none, or it cannot be used.
        """
        if is_path(name_or_path):
            found = self._at(str(expanded(name_or_path).absolute()))
        else:
            found = self._named(name_or_path, kind)
        if found.set_aside:
            raise refused(found.name, found.fault)
        if found.fault:
            raise BridgeError(f"{found.path} {found.fault}")
        return found

    def _at(self, path: str) -> Description:
        if self._told(path) is None:
            self._scan([path], silent)
        return next(iter(self._seen(path) or _bare(path)))

    def _named(self, name: str, kind: str) -> Description:
        found = self._called(name)
        if not found:
            self.scan()
            found = [one for one in self.plugins if is_called(one, name)]
        if not found:
            raise unknown_plugin(name, self._names(kind), kind)
        return min(found, key=lambda one: (bool(one.fault), one.name != name))

    def _names(self, kind: str) -> list[str]:
        """Return what can be used, of a kind if one is told, the user's own first."""
        usable = [one for one in self.plugins if not one.fault and (not kind or kind == one.kind)]
        return [one.name for one in sorted(usable, key=lambda one: one.path.startswith(BUILT_IN))]

    def _called(self, name: str) -> list[Description]:
        """Return the known plug-ins of a name; only their files are looked at, not all."""
        key = name.casefold()
        files = (
            path
            for path in self._paths()
            if key in {one.casefold() for one in (*self._findings.names(path), Path(path).stem)}
        )
        return [one for path in files for one in self._told(path) or () if is_called(one, name)]

    def _paths(self) -> Iterator[str]:
        yield BUILT_IN
        yield from map(str, plugin_files(self._places))

    def _seen(self, path: str) -> tuple[Description, ...]:
        """Return what can be said of a file now, be it that a scan of it has failed."""
        return self._told(path) or self._failed.get(path, ())

    def _told(self, path: str) -> tuple[Description, ...] | None:
        """Return what can be said of a file now, None if it is to be scanned first."""
        if path == BUILT_IN:
            return self._findings.recall(path)
        if wrong := fault(Path(path)):
            return _bare(path, wrong)
        known = self._findings.recall(path)
        if (why := self._set_aside.why(path)) is not None:
            aside = {"fault": why, "set_aside": True}
            return tuple(msgspec.structs.replace(one, **aside) for one in known or _bare(path))
        return known

    def _scan(self, paths: Iterable[str], tell: Tell) -> None:
        todo = list(paths)
        if not todo:
            return
        if not scanner_version():
            what = "pedalboard is not installed, and plug-ins need it"
            raise BridgeError(f"{what}: pip install 'yuragi[render]'")
        if self._findings.recall(BUILT_IN) is None and BUILT_IN not in todo:
            todo.append(BUILT_IN)
        # the host's own effects come first: where they fail no plug-in is at fault
        first = [path for path in todo if path == BUILT_IN]
        survey(self._scanner(), first, [one for one in todo if one not in first], self._note, tell)

    def _note(self, path: str, scanned: Scanned) -> None:
        if path == BUILT_IN and (wrong := scanned.why or scanned.failed):
            what = f"plug-ins cannot be looked into, for what does it fails: {wrong}"
            raise BridgeError(f"{what}; yuragi doctor tells what is missing")
        if scanned.why:
            self._keep_away(path, scanned.why)
        elif scanned.failed:  # the fault may be ours, so the next scan tries again
            wrong = f"could not be looked into: what does it ended by itself ({scanned.failed})"
            self._failed[path] = _bare(path, wrong)
        else:
            found = scanned.plugins or _bare(path, "has no plug-in in it")
            self._findings.keep(path, found)

    def _keep_away(self, path: str, why: str) -> None:
        try:
            self._set_aside.add(path, why)
        except (
            BridgeError
        ) as error:  # the disk is full; this scan goes on, the next one tries again
            log.warning("%s is not set aside: %s", path, error)
            self._findings.keep(path, _bare(path, why))


def _bare(path: str, wrong: str = "") -> tuple[Description]:
    """Describe a file by its name alone."""
    path, kind = printable(path), format_of(Path(path))
    return (Description(path=path, name=Path(path).stem, format=kind, fault=wrong),)
