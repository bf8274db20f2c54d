"""Keep how hard each keyboard is played, and let presets know it."""

import re
from collections.abc import Iterable
from pathlib import Path

from bridge.error import BridgeError
from bridge.home import home
from bridge.ports.port_name import lasting
from bridge.write_whole import write_whole
from engines.error import EngineError
from engines.live.calibration_text import read_calibration, write_calibration
from engines.stage import Stage

ENGINE = "live.velocity"
"""What plays by a calibration."""


def keep_calibration(port: str, learned: tuple[float, ...]) -> Path:
    """Write what was learned of the hands at a port, and return where it is."""
    path = _path(port)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, write_calibration(learned).encode(), overwrite=True)
    return path


def calibrated(stages: tuple[Stage, ...], ports: Iterable[str]) -> tuple[Stage, ...]:
    """Return stages that know the hands at the first of these ports that was calibrated.

    A stage that says by itself what it knows, or has to learn anew, stays as it is.

    Raises:
        BridgeError: a calibration's file cannot be used.
    """
    if not any(stage.engine == ENGINE for stage in stages):
        return stages
    known = next((found for port in ports if (found := _read(_found(port)))), ())
    return tuple(_told(stage, known) if known else stage for stage in stages)


def _told(stage: Stage, known: tuple[float, ...]) -> Stage:
    if stage.engine != ENGINE or "calibration" in stage.options:
        return stage
    return Stage(stage.engine, {**stage.options, "calibration": known})


def _path(port: str) -> Path:
    return home() / "calibration" / f"{_slug(port)}.toml"


def _slug(port: str) -> str:
    return re.sub(r"\W+", "-", port).strip("-").lower()


def _found(port: str) -> Path:
    """Return the file of a port, or the latest of one that has other numbers behind its name."""
    path, lasts = _path(port), lasting(port)
    if path.is_file() or lasts == port:
        return path
    form = re.compile(re.escape(_slug(lasts)) + r"-\d+(-\d+)?")
    files = [one for one in path.parent.glob("*.toml") if form.fullmatch(one.stem)]
    return max(files, key=lambda one: one.stat().st_mtime, default=path)


def _read(path: Path) -> tuple[float, ...]:
    if not path.is_file():
        return ()
    try:
        return read_calibration(path.read_text(encoding="utf-8"))
    except (EngineError, OSError, UnicodeDecodeError) as error:
        raise BridgeError(f"{path}: {error}") from error
