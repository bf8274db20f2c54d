"""Name files of sound so that no two are the same."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

LONGEST: Final = 100
"""Bytes of a track's name that a file's name has; systems allow 255 for all of it."""

FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\ud800-\udfff]+')
"""What names of files must not have. Source: Windows, "Naming Files, Paths, and Namespaces"."""


def stem_paths(mix: Path, names: Sequence[str], taken: set[str] | None = None) -> tuple[Path, ...]:
    """Return a path beside the mix for each track: `OUT - NAME.wav`, no two of them the same.

    Args:
        mix: the sound file of all tracks.
        names: what the tracks are called.
        taken: what `free` has given before; the paths come to it.
    """
    given = set() if taken is None else taken
    safe = [_safe(name) or f"track {number}" for number, name in enumerate(names, 1)]
    return tuple(free(mix.with_name(f"{mix.stem} - {name}{mix.suffix}"), given) for name in safe)


def free(path: Path, taken: set[str]) -> Path:
    """Return the path, or where it is taken with a number behind its name, and take it."""
    unlike, again = path, 1
    while str(unlike).casefold() in taken:
        again += 1
        unlike = path.with_stem(f"{path.stem} {again}")
    taken.add(str(unlike).casefold())
    return unlike


def _safe(name: str) -> str:
    """Return a name without what a system of files refuses."""
    kept = " ".join(FORBIDDEN.sub(" ", name).split())
    return kept.encode()[:LONGEST].decode(errors="ignore").strip(" .")
